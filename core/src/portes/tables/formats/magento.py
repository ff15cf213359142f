"""Magento's table rates (`tablerates.csv`): five columns, one row for each place and least weight, subtotal or number.

Columns and rules are those of the platform's guide (Magento Open Source, shipping table rates) and of its importer's
and its query's source (`OfflineShipping`, OSL 3.0), as both stood in 2026: a blank or `*` is any; a row counts from
its condition value on; the best row is sought by country, region, postal code and condition, each the more definite
and the higher first, so that a region goes before a postal code. A postal code also matches by the part before its
hyphen. The file has no days. Weights are in the shop's unit, kg or lb; here they are kg.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Final, NamedTuple

from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems
from portes.tables.formats.axes import Borders, choose_axis, columns_along
from portes.tables.formats.shop_days import DAY_COLUMNS, terms_of_days
from portes.tables.places.shop_places import ANY, CountryRows, code_ranges, common_ranges, region_ranges
from portes.tables.protocol import NO_LIMIT, Axis, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets

_BORDERS: Final[Borders] = {
    "weight": (Column("Weight (and above)", Cells.weight, number=True),),
    "value": (Column("Order Subtotal (and above)", Cells.value_border, number=True),),
    "units": (Column("# of Items (and above)", Cells.unit_border, number=True),),
}
"""What the condition may be of."""

COLUMNS: Final = (
    Column("Country", Cells.text, blank="", named=True),
    Column("Region/State", Cells.text, blank="", named=True),
    Column("Zip/Postal Code", Cells.text, blank="", named=True),
    *(column for borders in _BORDERS.values() for column in borders),
    Column("Shipping Price", Cells.base_price, number=True),
    *DAY_COLUMNS,
)
"""The platform's five columns, one of three for the condition; days are ours, for no file of Magento's has them."""

_WHOLE: Final = 1000
"""Borders are thousandths of what is asked for in whole numbers: g, minor units, items."""


class _PlaceRank(NamedTuple):
    """What rows share that differ in their condition alone."""

    rank: int
    ranges: Ranges


class _RateLine(NamedTuple):
    """A row of the file: from where it counts, and what it says."""

    least: int
    sheet: str
    line: int
    price: int
    terms: Terms


class Magento:
    """The format `magento`; `options.defaults` give the days that it lacks."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = ("Country", "Region/State", "Zip/Postal Code", "Shipping Price")

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows of the table's country and of any; a region that goes before a postal code is of a higher rank."""
        sheets, kilos = open_sheets(source, options, problems), replace(options, weight_unit="kg")
        axis = choose_axis(sheets, _BORDERS, COLUMNS, kilos, problems)
        if axis is None:
            return
        problems.exact_borders = True  # below its first condition a row has no say, however little that is
        countries, zones = CountryRows(options, problems), defaultdict[_PlaceRank, list[_RateLine]](list)
        for sheet, line, values in read_lines(sheets, columns_along(axis, _BORDERS, COLUMNS), kilos, problems):
            country, _, _, least, price, days_min, days_max = values
            if countries.keep(country, place(sheet, "Country"), line):
                zone = _zone(values[:3], options.country, problems, sheet, line)
                if zone:
                    zones[zone].append(_RateLine(least, sheet, line, price, terms_of_days(days_min, days_max)))
        for zone, lines in zones.items():
            yield from _rows(zone, lines, axis, problems)


def _zone(names: Sequence[str], country: str, problems: Problems, sheet: str, line: int) -> _PlaceRank | None:
    """The place of a row and its rank; None where no cart can match it, which is told."""
    whose, region, code = names
    if whose in ANY and region not in ANY:
        fix = "write the country beside it"
        problems.add(place(sheet, "Region/State"), region, "is a region without its country", fix, line)
        return None
    if whose in ANY and code not in ANY:
        problems.left_out += 1
        problems.note("rows with a postal code and without a country are left out: Magento never uses them")
        return None
    try:
        ranges, rank = region_ranges(country, region, ""), 0
        if code not in ANY:
            codes, whole = code_ranges(code, country)
            ranges, rank = common_ranges(country, ranges, codes), 2 if whole else 1
            if not ranges:
                raise PlaceError(code, f"is not in {region}", "correct the region or the code")  # noqa: TRY301 — as the others
    except PlaceError as error:
        column = "Zip/Postal Code" if error.words == code else "Region/State"
        problems.add(place(sheet, column), error.words, str(error), error.fix, line)
        return None
    return _PlaceRank(0 if whose in ANY else 1 + 3 * (region not in ANY) + rank, ranges)


def _rows(zone: _PlaceRank, lines: list[_RateLine], axis: Axis, problems: Problems) -> Iterator[Row]:
    """The rows of a place, each from its condition up to what is just below that of the next."""
    lines.sort(key=lambda one: one.least)
    begins = [-(-one.least // _WHOLE) * _WHOLE for one in lines]
    ends = [*(begin - _WHOLE for begin in begins[1:]), NO_LIMIT]
    for at, (one, begin, end) in enumerate(zip(lines, begins, ends, strict=True)):
        if at + 1 < len(lines) and lines[at + 1].least == one.least:
            again = lines[at + 1]
            cause, fix = f"repeats place and condition of line {one.line}", "keep one of them"
            problems.add(place(again.sheet, "row"), None, cause, fix, again.line)
            continue
        start = ends[at - 1] if at else begin if begin > _WHOLE else 0
        for first, last in zone.ranges:
            yield Row(
                one.line, "", first, last, start, end, one.price, end, one.terms, one.sheet, axis=axis, rank=zone.rank
            )
