"""Numbers that a carrier's calls go by, so that an answer can be tied to its question."""

import threading
from secrets import randbelow
from typing import Final

from portes.forks.children import in_each_process

FIRST: Final = 10_000
LAST: Final = 99_999
"""Five digits: as many as a carrier that echoes them was seen to take, and none that is lost when they count as one."""


class Numbers:
    """Gives the next numbers, from a place of its own in each process, and begins anew after the last. Thread-safe."""

    def __init__(self, first: int | None = None) -> None:
        self._first = first
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._next = FIRST + randbelow(LAST - FIRST + 1) if self._first is None else self._first
        self._lock = threading.Lock()

    def __call__(self, count: int) -> tuple[str, ...]:
        """Numbers for the `count` questions of one call; no other call has them for the next ninety thousand."""
        with self._lock:
            begin = self._next
            self._next = _within(begin + count)
        return tuple(str(_within(begin + each)) for each in range(count))


def _within(number: int) -> int:
    return FIRST + (number - FIRST) % (LAST - FIRST + 1)


__all__ = ["FIRST", "LAST", "Numbers"]
