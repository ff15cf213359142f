"""What settings are known by: hashes that tell whether they changed, and none of their secrets."""

import hmac
import json
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from pydantic import BaseModel, SecretStr

_KEY: Final = secrets.token_bytes(32)
_LENGTH: Final = 16


def digest(content: str | bytes) -> str:
    """The short hash of a text or of bytes."""
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:_LENGTH]


def fingerprint(use: str, models: Iterable[BaseModel]) -> str:
    """The hash of all settings of a plugin that may change its prices; secrets are masked before."""
    return digest(use + "".join(model.model_dump_json() for model in models))


def identity(use: str, models: Iterable[BaseModel]) -> str:
    """The hash of the same settings and their secrets, under a key that nobody outside this process has."""
    models = tuple(models)
    # a key that JSON does not know is skipped here, and told by the fingerprint
    told = json.dumps([model.model_dump() for model in models], default=_plain, skipkeys=True)
    return hmac.digest(_KEY, f"{fingerprint(use, models)}{told}".encode(), "sha256").hex()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
