"""What a caller may take of the process, whichever store it asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and sizes of a connection. What a store itself limits (bytes, lines, units) stands in its settings."""

    header_seconds: float = 10.0
    """From a call's first byte to the end of its headers."""
    header_bytes: int = 32 * 1024
    """How much may arrive before the headers end."""
    body_seconds: float = 5.0
    """From the headers to the end of the body."""
    idle_seconds: int = 75
    """How long a connection may wait for a call; longer than the usual proxy keeps one."""
    shutdown_seconds: int = 20
    """How long calls under way may take once the service was told to stop."""
