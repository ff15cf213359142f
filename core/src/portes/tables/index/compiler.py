"""Gathered rows, checked against each other and packed into flat arrays.

Rows of one service and postal range stand side by side, lowest bracket first, ranges in the order of their
codes. What repeats is kept once: ladders of brackets, and terms. A row of its own is two numbers, 12 bytes.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, chain, groupby
from typing import Final, NamedTuple, TypeAlias

from portes.errors import Problems
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.index.ladders import Bracket, BracketFault, Ladder, build_ladder
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, Axis, Fee, ReadOptions, Row, Terms

Numbers: TypeAlias = "array[int] | memoryview"
"""Whole numbers of one size: our own, or a view of a mapped file."""

TERMS_WIDTH: Final = len(Terms._fields) - 1
"""Numbers that terms take, their fees apart."""
FEE_WIDTH: Final = len(Fee._fields)
_CROWD: Final = 4
"""Ranges between two signposts, on average."""
_NARROW: Final = 2**32
"""Postal codes with fewer numbers than this take 4 bytes each."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of what a table holds, for people."""

    rows: int
    services: tuple[str, ...]
    """In the order of the file; one empty name when the format names none."""
    ranges: int
    """Postal ranges, counted per service."""
    ladders: int
    """Different sets of weight brackets."""
    lowest_price: int
    """In millionths of a minor unit, rows without a price left out; 0 when no row has one."""
    highest_price: int
    lightest: int
    """The lowest border of a weight bracket, in milligrams."""
    heaviest: int
    """The highest border that a bracket has, in milligrams."""
    endless: bool
    """Whether a bracket has no upper border."""
    lowest_percent: int
    """Of the declared value, in millionths of a percent."""
    highest_percent: int
    days_min: int
    days_max: int
    refused: int
    """Rows that say the carrier does not serve them."""
    on_request: int
    """Rows that the carrier prices by hand."""
    left_out: int
    """Lines left out because the operator said so."""
    axis: Axis
    """What the brackets are of; `lightest` and `heaviest` are thousandths of its unit."""
    notes: tuple[str, ...]
    """What was understood in a certain way or left out."""


class Compiled(NamedTuple):
    """A rate table as flat arrays."""

    services: dict[str, tuple[int, int]]
    """Per service, its first range and its first signpost."""
    arrays: Mapping[str, Numbers]
    """By name: `starts` and `ends` (postal codes), `firsts` (rows) and `ladder_of` per range; `rungs` and `floors`
    per ladder, `limits` and `extras` per rung; `prices` and `terms_of` per row; `terms`, seven numbers each, all
    but the fees; `fee_posts` per terms, their first fee; `fees`, five numbers each, a text by its place in `words`.
    `signposts` shorten the search: the one numbered `code >> shift` after a service's first is the first range
    that starts there or later."""
    shift: int
    words: list[str]
    """The names of fees, and what they are charged for each of."""
    summary: Summary


def compile_rows(rows: Iterable[Row], options: ReadOptions, problems: Problems) -> Compiled | None:
    """Check rows and pack them; None when there is any problem, and `problems` says which."""
    gathered = GatheredRows(options, problems)
    gathered.add(rows)
    gathered.check()
    packer = _Packer(gathered)
    packer.pack()
    return None if problems.count else packer.compiled()


class _Packer:
    """Goes through the rows in the order of the index and writes the arrays."""

    def __init__(self, gathered: GatheredRows) -> None:
        self._rows = gathered
        code = "I" if gathered.form.size < _NARROW else "Q"
        self._starts = array(code)
        self._ends = array(code)
        self._firsts = array("I")
        self._ladder_of = array("I")
        self._order = sorted(range(len(gathered.keys)), key=gathered.keys.__getitem__)
        self._ladders: dict[Ladder, int] = {}
        self._known: dict[tuple[tuple[int, ...], ...], tuple[int, tuple[BracketFault, ...]]] = {}
        self._services: dict[int, tuple[int, int]] = {}
        self._complete = not gathered.problems.count
        """A row that could not be read leaves a hole that is none."""

    def pack(self) -> None:
        """Write the ranges; tell of brackets and ranges that do not fit together."""
        row, reach, farthest, before = 0, -1, -1, -1
        for _, group in groupby(self._order, self._rows.range_key):
            rows = list(group)
            service, start, end = self._rows.range_of(rows[0])
            if service == before and start <= reach:
                self._report_overlap(rows[0], farthest)
            if service != before or end > reach:
                reach, farthest, before = end, rows[0], service
            self._append(service, start, end, row, self._ladder(rows))
            row += len(rows)

    def compiled(self) -> Compiled:
        """The arrays and what they hold."""
        rows, ladders = self._rows, list(self._ladders)
        shift = (rows.form.size * len(rows.services) * _CROWD // len(self._starts)).bit_length()
        posts = ((rows.form.size - 1) >> shift) + 2
        arrays: dict[str, Numbers] = {
            "starts": self._starts,
            "ends": self._ends,
            "firsts": self._firsts,
            "ladder_of": self._ladder_of,
            "rungs": array("I", accumulate((len(ladder.limits) for ladder in ladders), initial=0)),
            "floors": array("q", (ladder.floor for ladder in ladders)),
            "limits": array("q", chain.from_iterable(ladder.limits for ladder in ladders)),
            "extras": array("q", chain.from_iterable(ladder.extra_from for ladder in ladders)),
            "prices": array("q", map(rows.prices.__getitem__, self._order)),
            "terms_of": array("I", map(rows.terms_of.__getitem__, self._order)),
            "terms": array("q", (number for terms in rows.terms for number in terms if isinstance(number, int))),
        }
        words = self._add_fees(arrays)
        spans = [self._services[number] for number in rows.services.values()]
        arrays["signposts"] = array("I", chain.from_iterable(self._signposts(span, shift, posts) for span in spans))
        services = {name: (spans[number][0], number * posts) for name, number in rows.services.items()}
        return Compiled(services, arrays, shift, words, self._summary())

    def _add_fees(self, arrays: dict[str, Numbers]) -> list[str]:
        """Write the fees of all terms; the words that their numbers stand for."""
        words: dict[str, int] = {}
        fees = array("q")
        for fee in chain.from_iterable(terms.fees for terms in self._rows.terms):
            fees.extend(words.setdefault(part, len(words)) if isinstance(part, str) else part for part in fee)
        arrays["fees"] = fees
        arrays["fee_posts"] = array("I", accumulate((len(terms.fees) for terms in self._rows.terms), initial=0))
        return list(words)

    def _signposts(self, span: tuple[int, int], shift: int, count: int) -> Iterator[int]:
        return (bisect_left(self._starts, post << shift, *span) for post in range(count))

    def _append(self, service: int, start: int, end: int, row: int, ladder: int) -> None:
        first, at = self._services.get(service, (len(self._starts), 0))[0], len(self._starts)
        self._services[service] = (first, at + 1)
        self._starts.append(start)
        self._ends.append(end)
        self._firsts.append(row)
        self._ladder_of.append(ladder)

    def _ladder(self, rows: list[int]) -> int:
        gathered = self._rows
        columns = (gathered.weights_from, gathered.weights_to, gathered.extras_from)
        printed = tuple(tuple(map(column.__getitem__, rows)) for column in columns)
        known = self._known.get(printed)
        if known is None:
            ladder, faults = build_ladder(
                [*map(Bracket._make, zip(*printed, strict=True))], gathered.options.border_step(gathered.axis)
            )
            known = self._known[printed] = self._ladders.setdefault(ladder, len(self._ladders)), faults
        for fault in known[1]:
            self._report_fault(fault, rows)
        return known[0]

    def _report_fault(self, fault: BracketFault, rows: list[int]) -> None:
        if fault.hole and not self._complete:
            return
        lower, upper = rows[fault.lower], rows[fault.upper]
        cause = f"{fault.cause} of {self._rows.line(lower)}"
        fix = "let brackets of one postal range touch, each once"
        self._rows.report(upper, "weight bracket", self._rows.bracket(upper), cause, fix)

    def _report_overlap(self, at: int, other: int) -> None:
        cause = f"overlaps the postal range {self._rows.codes(other)} of {self._rows.line(other)}"
        fix = "split the ranges so that a postal code lies in one only"
        self._rows.report(at, "postal range", self._rows.codes(at), cause, fix)

    def _summary(self) -> Summary:
        rows = self._rows
        prices = [price for price in set(rows.prices) if price >= 0]
        percents = [_percent_of_value(terms) for terms in rows.terms]
        return Summary(
            rows=len(rows.prices),
            services=tuple(rows.services),
            ranges=len(self._starts),
            ladders=len(self._ladders),
            lowest_price=min(prices, default=0),
            highest_price=max(prices, default=0),
            lightest=min(rows.weights_from),
            heaviest=max(chain(rows.weights_from, (limit for limit in rows.weights_to if limit < NO_LIMIT))),
            endless=NO_LIMIT in rows.weights_to,
            lowest_percent=min(percents),
            highest_percent=max(percents),
            days_min=min(terms.days_min for terms in rows.terms),
            days_max=max(terms.days_max for terms in rows.terms),
            refused=rows.prices.count(REFUSED),
            on_request=rows.prices.count(ON_REQUEST),
            left_out=rows.problems.left_out,
            axis=rows.axis,
            notes=rows.problems.notes,
        )


def _percent_of_value(terms: Terms) -> int:
    return sum(fee.percent for fee in terms.fees if fee.name == "ad_valorem")
