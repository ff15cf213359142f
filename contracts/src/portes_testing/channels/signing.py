"""How platforms sign the bodies of their calls, written apart from the channels that check it."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Literal


def body_signature(
    header: str, secret: str, form: Literal["base64", "hex"] = "base64"
) -> Callable[[bytes], Mapping[str, str]]:
    """What a case's `signature` is for a platform that sends HMAC with SHA-256 over the raw body in a header."""

    def signed(body: bytes) -> Mapping[str, str]:
        made = hmac.new(secret.encode(), body, hashlib.sha256)
        return {header: base64.b64encode(made.digest()).decode() if form == "base64" else made.hexdigest()}

    return signed


__all__ = ["body_signature"]
