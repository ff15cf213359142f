"""What came back from a carrier: values for a plugin's pure `parse`; it knows no HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete answer. Its repr shows neither headers nor body: both may hold secrets."""

    status: int
    headers: Mapping[str, str]
    """By name, in any case of letters."""
    body: bytes
    """Decoded (no longer gzip) and whole."""

    def __repr__(self) -> str:
        return f"HttpResponse({self.status}, {len(self.body)} bytes)"
