"""What came back from a carrier: values for a plugin's pure readers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

_DIGITS: Final = 7  # of a Retry-After that is believed: more are a third of a year


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete answer. Its repr shows neither headers nor body: both may hold secrets."""

    status: int
    headers: Mapping[str, str]
    """By name, in any case of letters."""
    body: bytes
    """Decoded (no longer gzip) and whole."""
    hang_up: Callable[[], object] | None = field(default=None, repr=False, compare=False)
    """Closes the connection that it came on; None where there is none."""

    def disown(self) -> None:
        """Close its connection: it answers another question, and so would all that come after it on that one."""
        if self.hang_up is not None:
            self.hang_up()

    @property
    def retry_after(self) -> int | None:
        """Seconds of `Retry-After`; None without one, and for one that is a date or makes no sense."""
        text = self.headers.get("Retry-After", "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None

    def __repr__(self) -> str:
        return f"HttpResponse({self.status}, {len(self.body)} bytes)"
