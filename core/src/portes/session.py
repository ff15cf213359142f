"""The `requests.Session` a carrier gets at birth; it knows no carrier by name."""

import requests


class Session(requests.Session):
    """One per carrier, thread-safe as long as nobody changes it."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
