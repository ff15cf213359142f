"""VTEX's freight template as it is written: workbooks of the kind and within the limits that its help center names.

The page of 2024 says: saved as .xls or .zip, at most 65,536 rows a sheet, several sheets, at most 10 MB; what is
larger goes into a second file, for which the seller makes another shipping policy. Postal codes have at most eight
letters or digits, and both borders of a bracket are inclusive, so a bracket begins a thousandth of the unit above the
one below it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from portes.contract.countries import letters_of_country
from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, Milligrams, Row, Terms
from portes.tables.writing.amounts import DecimalTexts, MoneyTexts, percent_texts
from portes.tables.writing.blocks import Block, WrittenBracket, blocks_of
from portes.tables.writing.files import BlockLines, Cells, packed
from portes.tables.writing.priceless import PricelessCount
from portes.tables.writing.protocol import WriteOptions, WrittenFile
from portes.tables.writing.unsaid import Sayable, of_value, report_unsaid, unsaid_block, unsaid_terms
from portes.tables.writing.workbooks import OpenWorkbook

HEADER: Final = (
    "ZipCodeStart",
    "ZipCodeEnd",
    "PolygonName",
    "WeightStart",
    "WeightEnd",
    "AbsoluteMoneyCost",
    "PricePercent",
    "PriceByExtraWeight",
    "MaxVolume",
    "TimeCost",
    "Country",
    "MinimumValueInsurance",
)
_NUMBERS: Final = frozenset([3, 4, 5, 6, 7, 8, 11])
"""The columns of numbers, from 0; the others are texts, so that codes keep their zeros."""
_MOST_BYTES: Final = 10_000_000
_LONGEST_CODE: Final = 8
_ENDLESS: Final = 10**12
"""Where a bracket without an upper border is written to end: a thousand tonnes, in milligrams."""
_NO_VOLUME: Final = "1000000000"
"""What the template's example has for no limit."""
_SAYABLE: Final[frozenset[Sayable]] = frozenset(["percent", "least", "excess", "max_volume"])
_FIX_EXCESS: Final = "let excess weight count from the bracket's lower border or above it"


class _Step(NamedTuple):
    """A part of a bracket that one line of the template states."""

    start: Milligrams
    """As it is written."""
    end: Milligrams
    charged: bool
    """Whether extra weight counts, from `start` on."""


class _VtexCharges(NamedTuple):
    """The cells that terms come to."""

    percent: str
    extra: str
    volume: str
    days: str
    least: str


def write_vtex(rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterator[WrittenFile]:
    """The workbooks of some rows: of each service its own, and as many as the limits need."""
    lines = _VtexLines(options, problems)
    blocks = blocks_of(rows, options.country, lines.closed, problems, lines.counted.leaves_out)
    most_bytes = _MOST_BYTES if options.most_bytes is None else options.most_bytes
    make = partial(OpenWorkbook, HEADER, _NUMBERS, options.most_rows, most_bytes)
    yield from packed(map(lines.block, blocks), make, ".xls", options, problems)
    lines.counted.tell(problems)


class _VtexLines:
    """Makes lines of blocks."""

    def __init__(self, options: WriteOptions, problems: Problems) -> None:
        self._problems = problems
        in_kg = options.weight_unit == "kg"
        self.closed = 10 if in_kg else 1
        """Whole grams between two brackets that the reader closes."""
        self.counted = PricelessCount()
        self._apart: Milligrams = 1000 if in_kg else 1
        self._unit = "kg" if in_kg else "g"
        self._weight = DecimalTexts(6 if in_kg else 3)
        self._price = MoneyTexts("AbsoluteMoneyCost", options, problems, ".", coarse=True)
        self._least = MoneyTexts("MinimumValueInsurance", options, problems, ".", coarse=True)
        self._extra = DecimalTexts(exponent(options.currency) + (6 if in_kg else 9))
        self._percent, self._volume = percent_texts("."), DecimalTexts(3)
        self._country = max(letters_of_country(options.country), key=len)
        self._terms: dict[Terms, _VtexCharges | None] = {}

    def block(self, block: Block) -> BlockLines:
        """The lines of one postal range."""
        if words := unsaid_block(block, _SAYABLE):
            report_unsaid(words, "vtex", block, self._problems)
            return BlockLines(block.service, block.codes, [])
        if max(len(block.postal_from), len(block.postal_to)) > _LONGEST_CODE:
            cause = f"the template takes codes of at most {_LONGEST_CODE} letters or digits"
            self._problems.add("ZipCodeStart", block.codes, cause, "take such ranges out")
        lines = [line for one in block.brackets for line in self._lines(block, one)]
        return BlockLines(block.service, block.codes, lines)

    def _lines(self, block: Block, one: WrittenBracket) -> Iterator[Cells]:
        charges = self._charges(one.terms, block)
        if charges is None:
            return
        self.counted.look_at(one)
        percent, extra, volume, days, least = charges
        price = self._price[one.price]
        for start, end, charged in self._bracket_steps(one):
            yield (
                *(block.postal_from, block.postal_to, "", self._weight[start], self._weight[end], price, percent),
                *(extra if charged else "0", volume, days, self._country, least),
            )

    def _bracket_steps(self, one: WrittenBracket) -> Sequence[_Step]:
        """The lines of a bracket: one, or two where extra weight begins within it or above it."""
        low, high = one.low, one.high
        start = low + self._apart if one.joined and low and high - low > self._apart else low
        if high >= NO_LIMIT:
            self._problems.note(f"brackets without an upper border end at {self._weight[_ENDLESS]} {self._unit}")
            high = _ENDLESS
        border = one.extra_from
        opens = one.top and border >= one.high
        if not one.terms.extra_per_kg or (border // 1000 >= high // 1000 and not opens):
            return (_Step(start, high, charged=False),)
        if opens:
            high = _ENDLESS
        if border < low:
            cause = f"extra weight counts from {self._weight[border]} {self._unit}, below the bracket that begins at"
            self._problems.add("WeightStart", self._weight[low], cause, _FIX_EXCESS)
            return ()
        if border // 1000 - low // 1000 <= (self.closed if one.joined else 0) and (one.joined or border == low):
            if border == low and low:
                touching = f"weights of exactly {self._weight[low]} {self._unit} lie in two rows, as extra weight"
                self._problems.note(f"{touching} counts from there: which of them VTEX takes is not documented")
            return (_Step(border, high, charged=True),)
        if border >= _ENDLESS:
            return (_Step(start, _ENDLESS, charged=False),)
        return _Step(start, border, charged=False), _Step(border, high, charged=True)

    def _charges(self, terms: Terms, block: Block) -> _VtexCharges | None:
        """The cells of terms; None for those that the format cannot say, which is told once."""
        if terms not in self._terms:
            self._terms[terms] = self._written(terms, block)
        return self._terms[terms]

    def _written(self, terms: Terms, block: Block) -> _VtexCharges | None:
        if unsaid := unsaid_terms(terms, _SAYABLE):
            report_unsaid(unsaid, "vtex", block, self._problems)
            return None
        if terms.days_min != terms.days_max:
            self._problems.note("TimeCost is the longest time; the template has no shortest one")
        percent, least = of_value(terms)
        return _VtexCharges(
            self._percent[percent],
            self._extra[terms.extra_per_kg],
            self._volume[terms.max_volume] if terms.max_volume else _NO_VOLUME,
            f"{terms.days_max:02d}.00:00:00",
            self._least[least],
        )
