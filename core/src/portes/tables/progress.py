"""How far the work on a large table is, told to whoever wants to know; it draws nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias, TypeVar

Phase = Literal["read", "checked", "kept", "compared", "audited", "written"]
"""What a table is being, in the order of an import; two of them are compared, and one is audited or written."""

Progress: TypeAlias = Callable[[Phase, int, int], None]
"""Takes the phase, how much of it is done, and how much it is in all, in any unit; 0 where nobody knows that."""

_EACH: Final = 2_000
"""Items of a long row between two words."""
_TOLD: "Final[ContextVar[Progress | None]]" = ContextVar("portes_table_progress", default=None)

Item = TypeVar("Item")


@contextmanager
def telling(progress: Progress | None) -> Iterator[None]:
    """A while in which progress is told of whatever is done in this thread."""
    before = _TOLD.set(progress)
    try:
        yield
    finally:
        _TOLD.reset(before)


def tell(phase: Phase, done: int, total: int) -> None:
    """Tell how far a phase is, where anybody listens."""
    progress = _TOLD.get()
    if progress is not None:
        progress(phase, done, total)


def told(items: Iterable[Item], phase: Phase, total: int) -> Iterator[Item]:
    """The items as they come, with a word now and then of how many came; `total` is how many are expected."""
    progress = _TOLD.get()
    if progress is None:
        yield from items
        return
    done = 0
    for item in items:
        done += 1
        if not done % _EACH:
            progress(phase, min(done, total), total)
        yield item
    progress(phase, done, done)
