"""The days and times at which a carrier fetches what an origin has ready; pure, it knows no calendar."""

from collections.abc import Iterable
from datetime import time
from typing import Final, NamedTuple, Self

_WEEK: Final = 7


class Collection(NamedTuple):
    """One way in which parcels are fetched, as an operator writes it."""

    carriers: tuple[str, ...]
    """Who fetches, by key in the settings; empty for all that no other collection of the origin names."""
    weekdays: frozenset[int]
    """On which days, Monday being 0."""
    times: tuple[time, ...]
    """At which local times of these days."""


class Collections(NamedTuple):
    """The week of one carrier at one origin."""

    times: tuple[tuple[time, ...], ...]
    """Of each weekday from Monday on, in order; a weekday on which it does not come has none."""

    @classmethod
    def of(cls, those: Iterable[Collection]) -> Self:
        """Put several ways of fetching into one week."""
        times: list[set[time]] = [set() for _ in range(_WEEK)]
        for one in those:
            for weekday in one.weekdays:
                times[weekday].update(one.times)
        return cls(tuple(tuple(sorted(each)) for each in times))

    def on(self, weekday: int, after: time | None = None) -> time | None:
        """The first collection of a weekday, of those after a time where one is given; None without one."""
        return next((each for each in self.times[weekday] if after is None or each > after), None)

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays on which it comes, Monday being 0."""
        return frozenset(weekday for weekday, times in enumerate(self.times) if times)


def longest_wait(weekdays: frozenset[int], working: frozenset[int]) -> int:
    """The most working days that ready goods wait for a carrier that comes on some weekdays; 0 when it never comes."""
    met = weekdays & working
    waits = [0]
    for ready in working if met else ():
        ahead = next(step for step in range(_WEEK) if (ready + step) % _WEEK in met)
        waits.append(sum((ready + step) % _WEEK in working for step in range(1, ahead + 1)))
    return max(waits)
