"""Which part of which state a postal code lies in, by the public ranges of states and their capitals."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from portes.contract.postal import postal_form
from portes.contract.states import PlaceError, Ranges, states
from portes.tables.places.lookup import Part, ranges_of


class StatePart(NamedTuple):
    """A state's capital, or the state without it; the state whole where its capital's codes are not published."""

    state: str
    """`SP`, `28`; empty where a code lies in no state that is known."""
    part: str
    """`capital`, `interior` or `all`; empty where the state is."""
    ranges: Ranges = ()


NOWHERE: Final = StatePart("", "")
"""The part for a postal code in no state that is known."""


class StateParts:
    """The parts of all states of a country, looked up by postal code."""

    def __init__(self, country: str) -> None:
        self._form = postal_form(country)
        found = sorted(
            (self._form.low(first), self._form.high(last), part)
            for part in _parts(country)
            for first, last in part.ranges
        )
        self._lows = [low for low, _, _ in found]
        self._highs = [high for _, high, _ in found]
        self._parts = [part for _, _, part in found]
        self.of = lru_cache(1 << 16)(self._of)
        """The part that a canonical postal code lies in, `NOWHERE` where none does."""

    def _of(self, postal_code: str) -> StatePart:
        number = self._form.low(postal_code)
        at = bisect_right(self._lows, number) - 1
        return self._parts[at] if at >= 0 and number <= self._highs[at] else NOWHERE


def _parts(country: str) -> Iterator[StatePart]:
    for state in states(country):
        capital = _ranges(country, state.code, "capital")
        if not capital:
            yield StatePart(state.code, "all", state.ranges)
            continue
        yield StatePart(state.code, "capital", capital)
        if interior := _ranges(country, state.code, "interior"):
            yield StatePart(state.code, "interior", interior)


def _ranges(country: str, state: str, part: Part) -> Ranges:
    """The ranges of a part; none where it has none, or nobody publishes them."""
    try:
        return ranges_of(country, state, part)
    except PlaceError:
        return ()
