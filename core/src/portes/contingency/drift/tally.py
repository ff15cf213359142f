"""Counts differences between a table and what was offered live, in memory that does not grow with their number."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from portes.contingency.drift.regions import StatePart
from portes.contract.rounding import quotient

BRACKETS: Final = (500, 1000, 2000, 5000, 10_000, 20_000, 30_000)
"""Grams up to which a bracket of a report goes, inclusive; the last one goes on without end."""

_MOST_VALUES: Final = 1024


class TallyKey(NamedTuple):
    """What is counted together."""

    delivery: str
    place: StatePart
    bracket: int
    """Position in `BRACKETS`; their number for what is above them all."""


def bracket_of(grams: int) -> int:
    """The position of the bracket that a billed weight belongs to."""
    return bisect_left(BRACKETS, grams)


class Spread:
    """Whole numbers whose middle is asked for; when too many differ, each two are one, then each four and so on."""

    def __init__(self) -> None:
        self.step = 1
        """How many whole numbers count as one: the middle is known to within one less."""
        self._counts: dict[int, int] = {}

    def add(self, value: int, times: int = 1) -> None:
        """Count a value so many times."""
        key = value // self.step
        counts = self._counts
        counts[key] = counts.get(key, 0) + times
        if len(counts) > _MOST_VALUES:
            self._merge(self.step * 2)

    def include(self, other: "Spread") -> None:
        """Count all that another spread counted."""
        self._merge(max(self.step, other.step))
        for key, times in other._counts.items():  # noqa: SLF001 — its own kind
            self.add(key * other.step, times)

    def middle(self) -> int | None:
        """The lower one of the two values in the middle, or the least that it can be; None when nothing was counted."""
        half = (sum(self._counts.values()) + 1) // 2
        for key in sorted(self._counts):
            half -= self._counts[key]
            if half <= 0:
                return key * self.step
        return None

    def _merge(self, step: int) -> None:
        if step == self.step:
            return
        counts: dict[int, int] = {}
        for key, times in self._counts.items():
            merged = key * self.step // step
            counts[merged] = counts.get(merged, 0) + times
        self.step, self._counts = step, counts


class Tally:
    """What became of the comparisons of one kind; money in minor units."""

    __slots__ = ("cheaper", "compared", "dearer", "differences", "excess", "loss", "uncovered")

    def __init__(self) -> None:
        self.compared = self.cheaper = self.dearer = self.uncovered = self.loss = self.excess = 0
        self.differences = Spread()

    def add(self, live: int, table: int, tolerance: int, meant: int | None = None) -> None:
        """Count a live price and the table's; it is too cheap or too dear from millionths of a percent on.

        `meant` is what the seller wants the table to say there, where that is another price: all between is right.
        """
        difference = table - live
        self.compared += 1
        self.differences.add(difference)
        if difference < 0:
            self.loss -= difference
        elif difference:
            self.excess += difference
        low, high = (live, live) if meant is None else (min(live, meant), max(live, meant))
        self.cheaper += (low - table) * _WHOLE > tolerance * low
        self.dearer += (table - high) * _WHOLE > tolerance * high

    def include(self, other: "Tally") -> None:
        """Count all that another tally counted."""
        for name in ("compared", "cheaper", "dearer", "uncovered", "loss", "excess"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences.include(other.differences)


_WHOLE: Final = 100 * 10**6
"""Millionths of a percent in the whole."""


def tolerance_of(percent: Decimal) -> int:
    """A percentage in millionths of a percent, what is finer cut off."""
    return int(percent * 10**6)


def per_thousand(amount: int, count: int) -> int:
    """What an amount in minor units comes to for each thousand, to the nearest minor unit; 0 of nothing."""
    return quotient(amount * 1000, count, "half_up") if count else 0


class Comparisons:
    """Every comparison of a table with what was offered, by delivery type, part of a state and bracket."""

    def __init__(self) -> None:
        self.tallies: dict[TallyKey, Tally] = {}
        self.left_out: Counter[str] = Counter()
        """How much was not compared, by why."""
        self.unpriced: Counter[str] = Counter()
        """How much the table did not cover, by why."""

    def tally(self, key: TallyKey) -> Tally:
        """The tally of a kind, made when it is first asked for."""
        found = self.tallies.get(key)
        if found is None:
            found = self.tallies[key] = Tally()
        return found

    def total(self, keys: Iterable[TallyKey] | None = None) -> Tally:
        """The tallies of some kinds together, of all when left out."""
        total = Tally()
        for key in self.tallies if keys is None else keys:
            total.include(self.tallies[key])
        return total
