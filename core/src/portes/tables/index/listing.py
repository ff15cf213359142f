"""The rows of a compiled table, listed in the order of the index, overlaps resolved."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract.postal import postal_form
from portes.errors import Problem, SettingsError
from portes.tables.index.compiler import Compiled
from portes.tables.index.origins import ANYWHERE
from portes.tables.index.parts import LadderRungs, TableParts
from portes.tables.index.resolving import ListedBracket, resolved
from portes.tables.protocol import Row

_UNIT: Final = 1000
_new: Final = tuple.__new__  # half the time of calling a NamedTuple


class _ListedSpan(NamedTuple):
    """Ranges that one service prices by, from some origins or from anywhere."""

    service: str
    origin_from: str
    origin_to: str
    first: int
    after: int


def listed_rows(compiled: Compiled, parts: TableParts, country: str, *, fills: bool) -> Iterator[Row]:
    """Every row of a table, as `RateTable.rows` promises them; `fills` says whether a next bracket prices a hole."""
    lister = _Lister(compiled, parts, country, fills=fills)
    for span in lister.spans():
        yield from lister.rows(span)


class _Lister:
    """Goes through the ranges of a table and makes rows of them."""

    def __init__(self, compiled: Compiled, parts: TableParts, country: str, *, fills: bool) -> None:
        self._compiled, self._parts, self._fills = compiled, parts, fills
        self._form = postal_form(country)
        self._axis = compiled.summary.axis
        self._groups = len(compiled.arrays["firsts"])
        self._ladders: dict[int, tuple[ListedBracket, ...]] = {}
        self._chained: dict[int, tuple[ListedBracket, ...]] = {}

    def spans(self) -> Iterator[_ListedSpan]:
        """The spans of the index, service by service in the order of the file."""
        compiled = self._compiled
        firsts = {first for first, _ in compiled.services.values()}
        firsts |= {span.first for spans in compiled.origins.values() for span in spans}
        ordered = [*sorted(firsts), len(compiled.arrays["starts"])]
        after = dict(pairwise(ordered))
        for service in compiled.summary.services:
            if service in compiled.services:
                first = compiled.services[service][0]
                yield _ListedSpan(service, "", "", first, after[first])
            else:
                yield from self._from_origins(service, after)

    def rows(self, span: _ListedSpan) -> Iterator[Row]:
        """The rows of one span."""
        arrays, axis = self._compiled.arrays, self._axis
        starts, ends, group_of = arrays["starts"], arrays["ends"], arrays["group_of"]
        prices, terms_of, terms = arrays["prices"], arrays["terms_of"], self._parts.terms
        service, origin_from, origin_to, first, after = span
        for at in range(first, after):
            link = group_of[at] if len(group_of) else at
            base, brackets = self._brackets(link)
            start, end = self._code(starts[at], last=False), self._code(ends[at], last=True)
            for low, high, number, extra_from in brackets:
                row = base + number
                price, own = prices[row], terms[terms_of[row]]
                yield _new(
                    Row,
                    (0, service, start, end, low, high, price, extra_from, own, "", axis, 0, origin_from, origin_to),
                )

    def _from_origins(self, service: str, after: dict[int, int]) -> Iterator[_ListedSpan]:
        spans = self._compiled.origins[service]
        if spans[0].origin_first == ANYWHERE:
            cause = "has rows from anywhere beside rows from some origins, which rows without ranks cannot tell apart"
            raise SettingsError(Problem("service", service, cause, "give each its own table, or a service of its own"))
        merged: list[list[int]] = []
        for one in spans:
            if merged and merged[-1][2] == one.first and merged[-1][1] + 1 == one.origin_first:
                merged[-1][1] = one.origin_last
            else:
                merged.append([one.origin_first, one.origin_last, one.first])
        for low, high, first in merged:
            yield _ListedSpan(service, self._code(low, last=False), self._code(high, last=True), first, after[first])

    def _brackets(self, link: int) -> tuple[int, tuple[ListedBracket, ...]]:
        """The brackets behind a link, and the row that their numbers count from."""
        if link >= self._groups:
            if link not in self._chained:
                layers = self._parts.chains[link - self._groups]
                self._chained[link] = resolved(layers, self._compiled.arrays, self._parts, fills=self._fills)
            return 0, self._chained[link]
        arrays = self._compiled.arrays
        number = arrays["ladder_of"][link]
        if number not in self._ladders:
            self._ladders[number] = tuple(self._of_ladder(self._parts.ladders[number]))
        return arrays["firsts"][link], self._ladders[number]

    def _of_ladder(self, rungs: LadderRungs) -> Iterator[ListedBracket]:
        below = 0
        for row, (floor, limit, extra_from) in enumerate(zip(*rungs, strict=True)):
            held = floor > below and not self._fills
            yield ListedBracket((floor + 1 if held else below) * _UNIT, limit * _UNIT, row, extra_from)
            below = limit

    def _code(self, number: int, *, last: bool) -> str:
        code = self._form.end_of(number, last=last)
        if not code:
            cause = f"is the number {number}, for which no code of the country can be written"
            raise SettingsError(Problem("postal range", self._form.text(number), cause, "list the table's own file"))
        return code
