"""What a caller may take of the process, whichever store it asks, and how long the process itself may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and sizes of a connection and of a process. What a store itself limits stands in its settings."""

    header_seconds: float = 10.0
    """From a call's first byte to the end of its headers."""
    header_bytes: int = 32 * 1024
    """How much may arrive before the headers end."""
    body_seconds: float = 5.0
    """From the headers to the end of the body."""
    idle_seconds: int = 75
    """How long a connection may wait for a call; longer than the usual proxy keeps one."""
    finish_seconds: int = 15
    """How long calls under way may take once the service was told to stop."""
    shutdown_seconds: int = 17
    """From the stop until workers that still run are ended by force."""
    stop_seconds: int = 20
    """From the stop to the end of the service, whatever a worker does or its own parts do."""
    silent_seconds: int = 10
    """How long the event loop of a worker may be held up before another worker takes its place."""
    start_seconds: int = 300
    """How long a worker may take to open its stores."""
