"""A rate table ready to be looked up: flat arrays, in memory or mapped."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple, TypeVar, cast

from portes.contract.postal import postal_keys
from portes.tables.index.compiler import FEE_WIDTH, TERMS_WIDTH, Compiled, Summary
from portes.tables.protocol import ON_REQUEST, REFUSED, Fee, Micros, Milligrams, Per, Terms

_REMEMBERED: Final = 1 << 16
_FEES_AT: Final = Terms._fields.index("fees")
_new: Final = tuple.__new__  # half the time of calling a NamedTuple


class NoRow(Enum):
    """Why no row of a table prices a shipment."""

    SERVICE = "the table has no such service"
    RANGE = "no postal range of the table holds the destination"
    BELOW = "lighter than the lowest weight bracket"
    ABOVE = "heavier than the highest weight bracket, which has no price for extra weight"
    REFUSED = "the price there is zero, which in this table means no service"
    ON_REQUEST = "the carrier quotes such shipments by hand, on request; the table has no price for them"


_PRICELESS: Final = {REFUSED: NoRow.REFUSED, ON_REQUEST: NoRow.ON_REQUEST}


class FoundRow(NamedTuple):
    """The row that prices a shipment."""

    price: Micros
    """Base price."""
    extra_from: Milligrams
    """From where the terms' `extra_per_kg` counts."""
    terms: Terms


class _Rungs(NamedTuple):
    """A ladder of brackets, as the compiler's `Ladder` has it."""

    floor: int
    limits: tuple[int, ...]
    extra_from: tuple[Milligrams, ...]


Value = TypeVar("Value")


class _LazyValues(dict[int, Value]):
    """What a number stands for, made when it is first asked for and kept while there is room."""

    def __init__(self, make: Callable[[int], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> Value:
        if len(self) >= _REMEMBERED:
            self.clear()
        made = self[number] = self._make(number)
        return made


class RateTable:
    """A rate table, looked up by service, postal code and weight. Immutable, shared by threads and processes."""

    def __init__(self, fingerprint: str, country: str, currency: str, compiled: Compiled) -> None:
        self.fingerprint = fingerprint
        """Changes with the file's content, its format and how it is read."""
        self.country = country
        self.currency = currency
        self.summary: Summary = compiled.summary
        self._arrays = arrays = compiled.arrays
        self._services = compiled.services
        self._shift, self._words = compiled.shift, compiled.words
        self._key = postal_keys(country)[0]
        self._signposts, self._starts, self._ends = arrays["signposts"], arrays["starts"], arrays["ends"]
        self._firsts, self._ladder_of = arrays["firsts"], arrays["ladder_of"]
        self._prices, self._terms_of = arrays["prices"], arrays["terms_of"]
        self._ladders = _LazyValues(self._make_rungs)
        self._terms = _LazyValues(self._make_terms)

    @property
    def services(self) -> tuple[str, ...]:
        """What the table calls its services; one empty name when its format names none."""
        return self.summary.services

    @property
    def size(self) -> int:
        """The size of its arrays, in bytes."""
        return sum(len(numbers) * numbers.itemsize for numbers in self._arrays.values())

    def find(self, service: str, postal_code: str, weight: int) -> FoundRow | NoRow:
        """The row for a service, a postal code in canonical text (as in `Place`) and whole grams, or why none."""
        begin = self._services.get(service)
        if begin is None:
            return NoRow.SERVICE
        lowest, post = begin
        key = self._key(postal_code)
        post += key >> self._shift
        at = bisect_right(self._starts, key, self._signposts[post], self._signposts[post + 1]) - 1
        if at < lowest or self._ends[at] < key:
            return NoRow.RANGE
        floor, limits, extras = self._ladders[self._ladder_of[at]]
        rung = bisect_left(limits, weight)
        if weight <= floor:
            return NoRow.BELOW
        above = rung == len(limits)
        rung -= above
        row = self._firsts[at] + rung
        price, terms, extra_from = self._prices[row], self._terms[self._terms_of[row]], extras[rung]
        if above and (not terms.extra_per_kg or extra_from < limits[rung] * 1000):
            return NoRow.ABOVE
        if price < 0:
            return _PRICELESS[price]
        return _new(FoundRow, (price, extra_from, terms))

    def _make_rungs(self, number: int) -> _Rungs:
        first, after = self._arrays["rungs"][number : number + 2]
        limits, extras = self._arrays["limits"][first:after], self._arrays["extras"][first:after]
        return _Rungs(self._arrays["floors"][number], tuple(limits), tuple(extras))

    def _make_terms(self, number: int) -> Terms:
        numbers = self._arrays["terms"][number * TERMS_WIDTH : (number + 1) * TERMS_WIDTH]
        first, after = self._arrays["fee_posts"][number : number + 2]
        fees = tuple(map(self._make_fee, range(first, after)))
        return Terms._make((*numbers[:_FEES_AT], fees, *numbers[_FEES_AT:]))

    def _make_fee(self, number: int) -> Fee:
        name, amount, per, percent, least = self._arrays["fees"][number * FEE_WIDTH : (number + 1) * FEE_WIDTH]
        return Fee(self._words[name], amount, cast("Per", self._words[per]), percent, least)
