"""What a token cache keeps and for whom: tokens, their keys, the vendors' limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Token:
    """What a login gave: a secret with an end. Its repr shows neither the secret nor the facts."""

    value: SecretStr
    expires: datetime
    """Aware. When the carrier says it ends."""
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What else the login's answer said and the carrier needs again, as text: a contract number, a region."""

    def __post_init__(self) -> None:
        if self.expires.tzinfo is None:
            msg = "a token's end needs its time zone: carriers count in their own"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token it is. Another host, account or secret is another key, so a wrong password borrows nothing."""

    host: str
    """Where the token is asked for and valid: `api.example.com`; production and tests are two."""
    account: str
    """Who asks: the login, and what narrows the token down, such as a posting card."""
    secret: SecretStr
    """What the login proves itself with; kept nowhere, only a keyed hash of it names a file."""


@dataclass(frozen=True, slots=True)
class FetchLimit:
    """How often a vendor lets tokens be fetched: `times` in any `seconds`, counted for everybody with this `key`.

    The key is what the vendor counts by, usually the host. Allow a little more than the vendor's `seconds`: a request
    that was quick on its way follows closer on a slow one than it was sent.
    """

    key: str
    times: int
    seconds: float
