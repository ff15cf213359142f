"""Gathered rows, checked against each other and packed into flat arrays.

Rows of one service, rank, origin and postal range are a group: they stand side by side, lowest bracket first,
groups in the order of their codes. Where ranges overlap, the index has segments that do not, each with the groups
that may price it. What repeats is kept once: ladders of brackets, and terms. A row of its own is two numbers, 12 bytes.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby
from typing import Final, Literal, NamedTuple

from portes.errors import Problems
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.index.ladders import Bracket, BracketFault, Ladder, build_ladder
from portes.tables.index.origins import OriginSpan
from portes.tables.index.ranges import Numbers, RangeWriter
from portes.tables.progress import tell
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, Axis, Fee, ReadOptions, Row, Terms

TERMS: Final = tuple(name for name in Terms._fields if name != "fees")
"""The fields of terms that have an array each, named `terms.` and the field."""
FEES: Final = Fee._fields
"""The fields of fees that have an array each, named `fees.` and the field."""
_WIDTHS: Final[Sequence[tuple[Literal["B", "H", "I"], int]]] = (("B", 2**8), ("H", 2**16), ("I", 2**32))
"""Types of arrays, and up to which number they go; above it, and below 0, numbers take eight bytes."""
_EACH: Final = 20_000
"""Rows between two words of how far it is."""
_OF_VALUE: Final = ("base", "ad_valorem")
"""Fees whose percentages a summary tells of."""


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
    """The lowest border of a bracket, in thousandths of the axis's unit: milligrams."""
    heaviest: int
    """The highest border that a bracket has, in the same."""
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
    """What the brackets are of."""
    weight_unit: Literal["g", "kg"]
    """The unit that weights were read in, by the header, the format or what is declared."""
    notes: tuple[str, ...]
    """What was understood in a certain way or left out."""


class Compiled(NamedTuple):
    """A rate table as flat arrays."""

    services: dict[str, tuple[int, int]]
    """Per service that is priced from anywhere, its first range and its first signpost."""
    origins: dict[str, list[OriginSpan]]
    """Per other service, the same for each segment of its origins, in their order."""
    arrays: Mapping[str, Numbers]
    """By name: `starts` and `ends` (postal codes) per range, and `group_of`, unless every range is that of the group
    with its number; from the number of groups on, it is a chain of several. Per chain, its first link is in
    `chains`; per link, a group in `links` and in `layers` the layer, from 0, that it belongs to. Per group, `firsts`
    (rows) and `ladder_of`; per ladder, the first rung in `rungs`; per rung `floors`, `limits` and `extras`; per row
    `prices` and `terms_of`; per terms those of `TERMS`, and in `fee_posts` their first fee; per fee those of `FEES`,
    a text by its place in `words`.
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
        self._firsts = array("I")
        self._ladder_of = array("I")
        self._order = sorted(range(len(gathered.keys)), key=gathered.keys.__getitem__)
        self._ladders: dict[Ladder, int] = {}
        self._known: dict[tuple[tuple[int, ...], ...], tuple[int, tuple[BracketFault, ...]]] = {}
        self._complete = not gathered.problems.count
        """A row that could not be read leaves a hole that is none."""
        self._ranges = RangeWriter(gathered, lambda group: self._order[self._firsts[group]])

    def pack(self) -> None:
        """Write the groups and the ranges; tell of brackets and ranges that do not fit together."""
        row = spoken = 0
        for _, group in groupby(self._order, self._rows.range_key):
            rows = list(group)
            self._ranges.add_group(*self._rows.range_of(rows[0]))
            self._firsts.append(row)
            self._ladder_of.append(self._ladder(rows))
            row += len(rows)
            if row >= spoken:
                spoken = row + _EACH
                tell("checked", row, len(self._order))
        self._ranges.write()
        tell("checked", len(self._order), len(self._order))

    def compiled(self) -> Compiled:
        """The arrays and what they hold."""
        rows, ladders = self._rows, list(self._ladders)
        services, origins, shift, ranges = self._ranges.finished()
        arrays: dict[str, Numbers] = {
            **ranges,
            "firsts": self._firsts,
            "ladder_of": narrow(self._ladder_of),
            **ladder_arrays(ladders),
            "prices": array("q", map(rows.prices.__getitem__, self._order)),
            "terms_of": array("I", map(rows.terms_of.__getitem__, self._order)),
            **{f"terms.{name}": narrow([getattr(terms, name) for terms in rows.terms]) for name in TERMS},
        }
        words = self._add_fees(arrays)
        return Compiled(services, origins, arrays, shift, words, self._summary())

    def _add_fees(self, arrays: dict[str, Numbers]) -> list[str]:
        """Write the fees of all terms; the words that their numbers stand for."""
        words: dict[str, int] = {}
        fees = [fee for terms in self._rows.terms for fee in terms.fees]
        for name in FEES:
            parts = (getattr(fee, name) for fee in fees)
            numbers = [words.setdefault(part, len(words)) if isinstance(part, str) else part for part in parts]
            arrays[f"fees.{name}"] = narrow(numbers)
        arrays["fee_posts"] = array("I", accumulate((len(terms.fees) for terms in self._rows.terms), initial=0))
        return list(words)

    def _ladder(self, rows: list[int]) -> int:
        gathered = self._rows
        columns = (gathered.weights_from, gathered.weights_to, gathered.extras_from)
        printed = tuple(tuple(map(column.__getitem__, rows)) for column in columns)
        known = self._known.get(printed)
        if known is None:
            ladder, faults = build_ladder([*map(Bracket._make, zip(*printed, strict=True))], gathered.border_step)
            known = self._known[printed] = self._ladders.setdefault(ladder, len(self._ladders)), faults
        for fault in known[1]:
            self._report_fault(fault, rows)
        return known[0]

    def _report_fault(self, fault: BracketFault, rows: list[int]) -> None:
        gathered = self._rows
        if fault.hole and (not self._complete or gathered.options.hole != "reject_table"):
            return
        lower, upper = rows[fault.lower], rows[fault.upper]
        cause = f"{fault.cause.format(gathered.measure(fault.hole * 1000))} of {gathered.line(lower)}"
        fix = "let brackets of one postal range touch, each once"
        if fault.hole:
            fix += ', or set hole = "fail" or hole = "next_bracket" for the table (--hole)'
        gathered.report(upper, f"{gathered.axis} bracket", gathered.bracket(upper), cause, fix)

    def _summary(self) -> Summary:
        rows = self._rows
        prices = [price for price in set(rows.prices) if price >= 0]
        percents = [_percent_of_value(terms) for terms in rows.terms]
        return Summary(
            rows=len(rows.prices),
            services=tuple(rows.services),
            ranges=len(self._firsts),
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
            weight_unit=rows.weight_unit,
            notes=rows.problems.notes,
        )


def narrow_type(least: int, most: int) -> Literal["B", "H", "I", "q"]:
    """The type of array that holds numbers in the fewest bytes."""
    return next((code for code, end in _WIDTHS if least >= 0 and most < end), "q")


def narrow(numbers: Sequence[int]) -> "array[int]":
    """Numbers in the fewest bytes."""
    return array(narrow_type(min(numbers, default=0), max(numbers, default=0)), numbers)


def ladder_arrays(ladders: Sequence[Ladder]) -> dict[str, Numbers]:
    """The arrays of some ladders: the first rung of each, and floors, limits and extras of all."""
    return {
        "rungs": array("I", accumulate((len(ladder.limits) for ladder in ladders), initial=0)),
        "floors": array("q", chain.from_iterable(ladder.floors for ladder in ladders)),
        "limits": array("q", chain.from_iterable(ladder.limits for ladder in ladders)),
        "extras": array("q", chain.from_iterable(ladder.extra_from for ladder in ladders)),
    }


def _percent_of_value(terms: Terms) -> int:
    return sum(fee.percent for fee in terms.fees if fee.name in _OF_VALUE)
