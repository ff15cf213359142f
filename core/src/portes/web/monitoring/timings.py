"""The built-in watcher that notes how long each carrier took, for the line that the log has of a call; it logs nothing.

Each call has a notebook of its own in its context, so that calls on one event loop, or in many threads, do not mix.
"""

from contextvars import ContextVar
from typing import Final

from portes.hooks import hookimpl

_notebook: Final[ContextVar[dict[str, float] | None]] = ContextVar("portes_timings", default=None)


def noted() -> dict[str, float]:
    """Open a notebook for the call of this context: milliseconds by carrier, the slowest shipment of each."""
    notes: dict[str, float] = {}
    _notebook.set(notes)
    return notes


@hookimpl
def portes_answered(carrier: str, seconds: float) -> None:
    """Note how long a carrier took."""
    notes = _notebook.get()
    if notes is not None:
        took = round(seconds * 1000, 3)
        if took >= notes.get(carrier, 0.0):
            notes[carrier] = took
