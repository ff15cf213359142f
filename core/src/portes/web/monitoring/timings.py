"""The built-in watcher that times carriers, for the line that the log has of a call; it logs nothing.

Each call has timings of its own in its context, so that calls on one event loop, or in many threads, do not mix.
"""

from contextvars import ContextVar
from typing import Final

from portes.hooks import hookimpl

_timings: Final[ContextVar[dict[str, float] | None]] = ContextVar("portes_timings", default=None)


def start_timings() -> dict[str, float]:
    """Begin the timings of this context's call: milliseconds by carrier, the slowest shipment of each."""
    timings: dict[str, float] = {}
    _timings.set(timings)
    return timings


@hookimpl
def portes_answered(carrier: str, seconds: float) -> None:
    """Add how long a carrier took for a shipment."""
    timings = _timings.get()
    if timings is not None:
        took = round(seconds * 1000, 3)
        if took >= timings.get(carrier, 0.0):
            timings[carrier] = took
