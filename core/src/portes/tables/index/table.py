"""A rate table ready to be looked up: flat arrays, in memory or mapped."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from portes.contract.postal import postal_keys
from portes.tables.index.compiler import Compiled, Summary
from portes.tables.index.highest import highest_bracket
from portes.tables.index.listing import listed_rows
from portes.tables.index.origins import ANYWHERE
from portes.tables.index.parts import TableParts
from portes.tables.protocol import ON_REQUEST, REFUSED, Micros, Milligrams, ReadOptions, Row, Terms

_new: Final = tuple.__new__  # half the time of calling a NamedTuple


class NoRow(Enum):
    """Why no row of a table prices a shipment."""

    SERVICE = "the table has no such service"
    ORIGIN = "the table has no prices from the origin"
    RANGE = "no postal range of the table holds the destination"
    BELOW = "below the lowest bracket"
    HOLE = "between two brackets"
    ABOVE = "above the highest bracket, which has no price for more"
    REFUSED = "the price there is zero, which in this table means no service"
    ON_REQUEST = "the carrier quotes such shipments by hand, on request; the table has no price for them"


_UNHELD: Final = frozenset([NoRow.BELOW, NoRow.HOLE, NoRow.ABOVE])
"""What a range says that has no bracket for a shipment; another may have one."""
_PRICELESS: Final = {REFUSED: NoRow.REFUSED, ON_REQUEST: NoRow.ON_REQUEST}


class FoundRow(NamedTuple):
    """The row that prices a shipment."""

    price: Micros
    """Base price."""
    extra_from: Milligrams
    """From where the terms' `extra_per_kg` counts."""
    terms: Terms


Candidates: TypeAlias = tuple[FoundRow, ...]
"""Every row that may price a shipment; which of them does is for their charges to say."""


class RateTable:
    """A rate table, looked up by service, places and weight. Immutable, shared by threads and processes."""

    def __init__(self, fingerprint: str, options: ReadOptions, compiled: Compiled) -> None:
        self.fingerprint = fingerprint
        """Changes with the file's content, its format and how it is read."""
        self.country, self.currency = options.country, options.currency
        self.overlap = options.overlap
        """With `dearest`, several rows may price a shipment: see `find_all`."""
        self.summary: Summary = compiled.summary
        self.axis = compiled.summary.axis
        """What the table's brackets are of, and so what `find` is asked with."""
        self._fills = options.hole == "next_bracket"
        self.compiled = compiled
        """The arrays that it looks into, for whoever goes through all of it."""
        self._arrays = arrays = compiled.arrays
        self._services, self._origins = compiled.services, compiled.origins
        self._shift = compiled.shift
        self._key = postal_keys(options.country)[0]
        self._signposts, self._starts, self._ends = arrays["signposts"], arrays["starts"], arrays["ends"]
        self._firsts, self._ladder_of = arrays["firsts"], arrays["ladder_of"]
        self._group_of, self._groups = arrays["group_of"], len(self._firsts)
        self._straight = not len(self._group_of)
        self._prices, self._terms_of = arrays["prices"], arrays["terms_of"]
        self._parts = TableParts(compiled)
        self._ladders, self._terms, self._chains = self._parts.ladders, self._parts.terms, self._parts.chains

    @property
    def services(self) -> tuple[str, ...]:
        """What the table calls its services; one empty name when its format names none."""
        return self.summary.services

    @property
    def fills_holes(self) -> bool:
        """Whether the next bracket prices what lies in a hole between two."""
        return self._fills

    @property
    def size(self) -> int:
        """The size of its arrays, in bytes."""
        return sum(len(numbers) * numbers.itemsize for numbers in self._arrays.values())

    def highest_bracket(self) -> int | None:
        """Whole units of the axis up to which it has a price somewhere; None where one has no upper end."""
        return self._highest

    @cached_property
    def _highest(self) -> int | None:
        return highest_bracket(self.compiled, self._parts)

    def rows(self) -> Iterator[Row]:
        """The rows back, in order of service, origin, postal code and bracket, so that they price as the table does.

        Brackets touch where the table closes gaps or fills holes, and where ranges overlap each row is for the codes
        and the weights that it prices. `line` is 0: a compiled table does not know where its rows stood.
        Raises `SettingsError` where rows alone cannot say it: a code whose dearest row hangs on the shipment, rows
        from anywhere beside rows from some origins, codes that cannot be written.
        """
        return listed_rows(self.compiled, self._parts, self.country, fills=self._fills)

    def find(self, service: str, postal_code: str, weight: int, origin: str = "") -> FoundRow | NoRow:
        """The row for a service, a destination and a weight, or why there is none.

        Codes are canonical text as in `Place`; `origin` is blank where it is not of the table's country. The weight
        is a whole number on the table's axis: grams, minor units of declared value, units, or cm³. Of several
        candidates it is the one whose base price is dearest.
        """
        begin = self._services.get(service) or self._from(service, origin)
        if begin is None:
            return self._unknown(service)
        lowest, post = begin
        key = self._key(postal_code)
        post += key >> self._shift
        at = bisect_right(self._starts, key, self._signposts[post], self._signposts[post + 1]) - 1
        if at < lowest or self._ends[at] < key:
            return NoRow.RANGE
        if self._straight:
            return self._row(at, weight, self._fills)
        found = self._chained(self._group_of[at], weight)
        return max(found, key=itemgetter(0)) if isinstance(found, tuple) else found

    def find_all(self, service: str, postal_code: str, weight: int, origin: str = "") -> Candidates | NoRow:
        """Every row that may price what `find` is asked about; several only where ranges overlap and `dearest` counts.

        Where one of several says that there is no service, or a price on request, that is the answer: it is never
        sold for what another one says.
        """
        begin = self._services.get(service) or self._from(service, origin)
        if begin is None:
            return self._unknown(service)
        lowest, post = begin
        key = self._key(postal_code)
        post += key >> self._shift
        at = bisect_right(self._starts, key, self._signposts[post], self._signposts[post + 1]) - 1
        if at < lowest or self._ends[at] < key:
            return NoRow.RANGE
        return self._chained(at if self._straight else self._group_of[at], weight)

    def _from(self, service: str, origin: str) -> tuple[int, int] | None:
        """First range and signpost of a service that is not priced from anywhere alone."""
        spans = self._origins.get(service, [])
        key = self._key(origin) if origin else ANYWHERE
        at = bisect_right(spans, key, key=itemgetter(0)) - 1
        return None if at < 0 or spans[at].origin_last < key else (spans[at].first, spans[at].post)

    def _unknown(self, service: str) -> NoRow:
        return NoRow.ORIGIN if service in self._origins else NoRow.SERVICE

    def _row(self, group: int, weight: int, fills: bool) -> FoundRow | NoRow:  # noqa: FBT001 — by position it is quicker
        floors, limits, extras = self._ladders[self._ladder_of[group]]
        rung = bisect_left(limits, weight)
        above = rung == len(limits)
        rung -= above
        if weight <= floors[rung] and not fills:
            return NoRow.HOLE if rung else NoRow.BELOW
        row = self._firsts[group] + rung
        price, terms, extra_from = self._prices[row], self._terms[self._terms_of[row]], extras[rung]
        if above and (not terms.extra_per_kg or extra_from < limits[rung] * 1000):
            return NoRow.ABOVE
        if price < 0:
            return _PRICELESS[price]
        return _new(FoundRow, (price, extra_from, terms))

    def _chained(self, link: int, weight: int) -> Candidates | NoRow:
        """What the highest rank says that has a bracket; where none has, the highest that a next bracket fills."""
        layers = self._chains[link - self._groups] if link >= self._groups else ((link,),)
        unheld: set[NoRow] = set()
        for fills in (False, True) if self._fills else (False,):
            for layer in layers:
                found = [self._row(group, weight, fills) for group in layer]
                rows = [row for row in found if isinstance(row, FoundRow)]
                reasons = {reason for reason in found if isinstance(reason, NoRow)}
                unheld |= reasons & _UNHELD
                if reasons := reasons - _UNHELD:
                    return NoRow.REFUSED if NoRow.REFUSED in reasons else reasons.pop()
                if rows:
                    return tuple(rows)
        return unheld.pop() if len(unheld) == 1 else NoRow.HOLE
