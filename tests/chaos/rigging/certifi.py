"""Stands before the real `certifi` in the service's path: the authority of the test is the only one trusted."""

import os
from pathlib import Path


def where() -> str:
    return os.environ["RIGGED_AUTHORITY"]


def contents() -> str:
    return Path(where()).read_text(encoding="ascii")
