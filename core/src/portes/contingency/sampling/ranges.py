"""The public ranges that a country is sampled by: its towns, and what of its states lies in no town of the list."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from portes.contract.states import Ranges, states
from portes.errors import Problem, SettingsError
from portes.tables.places.listed import listed_places


class PublicRange(NamedTuple):
    """Codes of one place, without those of a smaller place among them; codes as numbers, both ends inclusive."""

    state: str
    capital: bool
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many codes it holds."""
        return self.last - self.first + 1


@cache
def public_ranges(country: str) -> tuple[PublicRange, ...]:
    """Every code of the country's states once, in order. Raises `SettingsError` for a country without a list."""
    found = [part for state in states(country) for part in _of_state(country, state.code, state.ranges)]
    if not found:
        cause = "the public ranges of this country are not known here"
        raise SettingsError(Problem("country", country, cause, "sample a country whose ranges are: BR or ES"))
    return tuple(sorted(found, key=lambda each: each.first))


def _of_state(country: str, state: str, whole: Ranges) -> Iterator[PublicRange]:
    """The parts of a state. A smaller range is cut out of a larger one that holds it; the rest belongs to the larger.

    Kinds of the list: `capital`, `metropolitan` and towns; Spain's provinces have no list of towns, so most of their
    codes are the rest of the province.
    """
    parts = [PublicRange(state, capital=False, first=int(first), last=int(last)) for first, last in whole]
    listed = [
        PublicRange(state, place.part == "capital", int(first), int(last))
        for place in listed_places(country, state)
        for first, last in place.ranges
    ]
    for each in sorted(listed, key=lambda part: -part.size):
        parts = [*_cut(parts, each.first, each.last), each]
    return iter(parts)


def _cut(parts: Iterable[PublicRange], first: int, last: int) -> Iterator[PublicRange]:
    for part in parts:
        if part.last < first or last < part.first:
            yield part
            continue
        if part.first < first:
            yield part._replace(last=first - 1)
        if last < part.last:
            yield part._replace(first=last + 1)


def within(ranges: Iterable[PublicRange], spans: Iterable[tuple[int, int]]) -> tuple[PublicRange, ...]:
    """What of the ranges lies in any of the spans of codes, both ends inclusive; spans may overlap."""
    kept: list[PublicRange] = []
    for part in ranges:
        reached = part.first
        for first, last in sorted(spans):
            begin, end = max(reached, first), min(part.last, last)
            if begin <= end:
                kept.append(part._replace(first=begin, last=end))
                reached = end + 1
    return tuple(kept)
