"""How many calls a worker takes at once: fewer while they are more than its processor can do, else more again."""

from typing import Final

LEAST: Final = 8
"""Calls that are always let in: so many may come at once, or wait for a moment in which the process compiles or tidies
up, and be in time all the same."""
START: Final = 48
"""Calls that a service at rest lets in at once: a few hundredths of a second's work with tables, a quarter of a
second's with far carriers, so that even a sudden crowd waits for no longer."""
MOST: Final = 1000
CUT: Final = 0.8
"""What is left of the limit after each cut."""
GROWTH: Final = 1.0
"""By how much of itself it grows in a second; above `START` only while half of it is used."""
FULL: Final = 0.7
"""Share of a processor from which on a process with one interpreter has too little time left: of the rest, threads that
wait for the interpreter take more than the loop can spare."""
LATE_SECONDS: Final = 0.02
"""Lateness of the event loop from which on it has too much to do, or its processor has."""
STANDING_SECONDS: Final = 0.1
"""A burst leaves idle moments behind it; what is busy for so long without one has a queue that stands."""
PAUSE_SECONDS: Final = 0.04
"""For so long counts what lies between two looks at most: one long pause, such as of the garbage collector, is no queue
that stands."""
WORK_SECONDS: Final = 0.0125
"""Work for so long may always stand, whatever it is made of: who waits for it, or behind it, is in time."""
AGAIN_SECONDS: Final = 0.05
"""From a cut to the next, so that what it did can be seen."""


class CallLimit:
    """The calls under way in one worker, by store, and how many there may be. Used on its event loop alone.

    The stores that have some share the limit: one that has less than its share always gets in.
    """

    def __init__(self, start: int = START, most: int = MOST) -> None:
        self._start = start
        self._greatest = float(most)
        self.most = float(start)
        """So many may be under way; no whole number while it grows."""
        self.under_way: dict[str, int] = {}
        self._all = 0
        self._peak = 0
        self._busy = 0.0
        """Seconds since the last idle moment; beside them what was worked and ended meanwhile, the latest for most."""
        self._work = 0.0
        self._ended = 0.0

    def has_room(self, store: str) -> bool:
        """Whether one more call of a store may begin."""
        if self._all < self.most:
            return True
        own = self.under_way.get(store, 0)
        return own * (len(self.under_way) + (not own)) < self.most

    def begin(self, store: str) -> None:
        """Count a call that begins."""
        self.under_way[store] = self.under_way.get(store, 0) + 1
        self._all += 1
        self._peak = max(self._peak, self._all)

    def end(self, store: str) -> None:
        """Count a call that is over."""
        self._all -= 1
        self._ended += 1
        left = self.under_way.pop(store) - 1
        if left:
            self.under_way[store] = left

    def adjust(self, seconds: float, *, processor: float, lag: float) -> None:
        """Adjust it to the last so many seconds, of which the process had `processor` and its loop was late by `lag`.

        Cut is what there was, not what there might have been: a limit far above the calls that come would take long to
        be felt.
        """
        peak, self._peak = self._peak, self._all
        if processor < FULL * seconds and lag < LATE_SECONDS:
            self._busy = self._work = self._ended = 0.0
            if self.most < self._start or 2 * peak >= self.most:
                self.most = min(self._greatest, self.most * (1 + GROWTH * seconds))
            return
        self._busy += min(seconds, PAUSE_SECONDS)
        self._work += processor
        if self._busy >= STANDING_SECONDS:
            self._cut(peak)

    def _cut(self, peak: int) -> None:
        """Lower it below what was under way, but not below what is soon done."""
        least = max(float(LEAST), WORK_SECONDS * self._ended / self._work if self._work else 0.0)
        self._busy, self._work, self._ended = STANDING_SECONDS - AGAIN_SECONDS, self._work / 2, self._ended / 2
        if peak > least:
            self.most = max(least, CUT * min(self.most, peak))
