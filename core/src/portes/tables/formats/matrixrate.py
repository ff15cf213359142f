"""WebShopApps' MatrixRate for Magento: places, a bracket with two ends, a price and a delivery type in each row.

Columns and rules are those of the source of its importer and query (`module-matrixrate`, OSL 3.0, of 2015 and later):
a blank or `*` is any; a bracket holds its upper end and not its lower one, and `*` opens it; places are looked for on
eight levels, from region, city and postal code down to none, and the delivery types of the first level that has any
are all that is offered. The file has no days. Weights are in the shop's unit, kg or lb; here they are kg.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, NamedTuple

from portes.contract.postal import postal_form, postal_prefix, read_range_end
from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems, shown
from portes.tables.formats.axes import Borders, choose_axis, columns_along
from portes.tables.formats.shop_days import DAY_COLUMNS, terms_of_days
from portes.tables.places.shop_places import ANY, CountryRows, common_ranges, region_ranges
from portes.tables.protocol import NO_LIMIT, REFUSED, ReadOptions, Row
from portes.tables.reading.cells import Cells, Reader
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets

_WHOLE: Final = 1000
"""Borders are thousandths of what is asked for in whole numbers: g, minor units, items."""
_LEVELS: Final = {"rcz": 7, "rz": 6, "rc": 5, "c": 4, "z": 3, "r": 2, "": 1}
"""The level of a row with a country, by which of region, city and zip it names; the highest is looked at first."""


def _borders(words: str, read: Reader) -> tuple[Column, Column]:
    """The two columns of a condition; `*` is -1 below and 10,000,000 above to the platform, so no border at all."""

    def low(cells: Cells, cell: Any) -> int:  # noqa: ANN401 — whatever a cell has
        return 0 if str(cell).strip() in ("*", "-1", "-1.0") else int(read(cells, cell))

    def high(cells: Cells, cell: Any) -> int:  # noqa: ANN401 — as above
        return NO_LIMIT if str(cell).strip() == "*" else int(read(cells, cell))

    return Column(f"{words} From >", low, number=True), Column(f"{words} To <=", high, number=True)


_BORDERS: Final[Borders] = {
    "weight": _borders("Weight", Cells.weight),
    "value": _borders("Order Subtotal", Cells.value_border),
    "units": _borders("# of Items", Cells.unit_border),
}
"""What the condition may be of."""

_NAMES: Final = ("Country", "Region/State", "City", "Zip/Postal Code From", "Zip/Postal Code To")
COLUMNS: Final = (
    *(Column(name, Cells.text, blank="", named=True) for name in _NAMES),
    *(column for borders in _BORDERS.values() for column in borders),
    Column("Shipping Price", Cells.base_price, number=True),
    Column("Delivery Type", Cells.text, also=("Shipping Method",)),
    *DAY_COLUMNS,
)
"""The platform's columns, two of six for the condition; days are ours, for no file of the module's has them."""


class _Zone(NamedTuple):
    """A delivery type's place: how definite it is, and its codes."""

    service: str
    level: int
    ranges: Ranges


class MatrixRate:
    """The format `matrixrate`; `options.defaults` give the days that it lacks."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = (*_NAMES, "Shipping Price", "Delivery Type")

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows of the table's country and of any; a delivery type is refused where a higher level has others."""
        sheets, kilos = open_sheets(source, options, problems), replace(options, weight_unit="kg")
        axis = choose_axis(sheets, _BORDERS, COLUMNS, kilos, problems)
        if axis is None:
            return
        countries, zones = CountryRows(options, problems), defaultdict[_Zone, list[Row]](list)
        for sheet, line, values in read_lines(sheets, columns_along(axis, _BORDERS, COLUMNS), kilos, problems):
            low, high, price, service, *days = values[len(_NAMES) :]
            if service in ANY:
                problems.add(place(sheet, "Delivery Type"), service, "is no delivery type", "name the one", line)
            elif countries.keep(values[0], place(sheet, "Country"), line):
                zone = _zone(values[: len(_NAMES)], service, options.country, problems, sheet, line)
                if zone:
                    row = Row(line, service, "", "", low, high, price, high, terms_of_days(*days), sheet, axis)
                    zones[zone].append(row)
        yield from _ranked(zones, problems)


def _zone(names: Sequence[str], service: str, country: str, problems: Problems, sheet: str, line: int) -> _Zone | None:
    """The place of a row; None where no cart can match it, or it is no place, which is told."""
    whose, region, city, first, last = names
    given = (("r", region), ("c", city), ("z", first if first not in ANY else last))
    named = "".join(letter for letter, text in given if text not in ANY)
    if whose in ANY and "r" in named:
        fix = "write the country beside it"
        problems.add(place(sheet, "Region/State"), region, "is a region without its country", fix, line)
        return None
    if named not in _LEVELS or (whose in ANY and named):
        problems.left_out += 1
        problems.note("rows for a city or code that no level looks at are left out: MatrixRate never uses them")
        return None
    try:
        ranges = region_ranges(country, region, city)
        if "z" in named:
            codes = _codes(first, last, country)
            ranges = common_ranges(country, ranges, codes) if named != "z" else codes
            if not ranges:
                raise PlaceError(first, f"is not in {city if 'c' in named else region}", "correct one of them")  # noqa: TRY301 — as the others
    except PlaceError as error:
        column = next((name for name, text in zip(_NAMES, names, strict=True) if text == error.words), "City")
        problems.add(place(sheet, column), error.words, str(error), error.fix, line)
        return None
    return _Zone(service, _LEVELS[named] if whose not in ANY else 0, ranges)


def _codes(first: str, last: str, country: str) -> Ranges:
    """The codes of a range, of one code, or of all that begin with what stands before `%`. Raises `PlaceError`."""
    if first in ANY:
        raise PlaceError(last, "is the end of a range without a beginning", "write the first code beside it")
    if last in ANY and first.endswith("%"):
        prefix = postal_prefix(f"{first.rstrip('%')}*", country)
        if prefix is None:
            raise PlaceError(first, f"begins no postal code of {country}", "write the first signs of one, then %")
        return (prefix,)
    ends = []
    for text in (first, first if last in ANY else last):
        try:
            ends.append(read_range_end(text, country))
        except ValueError as error:
            raise PlaceError(text, str(error), f"write {postal_form(country).words}") from None
    return ((ends[0], ends[1]),)


def _ranked(zones: dict[_Zone, list[Row]], problems: Problems) -> Iterator[Row]:
    """The rows of all places, ranked by level; below those of each level, what the level has no offer of.

    A level that has any delivery type for a cart is the last one that is looked at. So its rows, as refusals, are
    ranked just below a delivery type's own rows of that level, and above those of the next one.
    """
    services = list(dict.fromkeys(zone.service for zone in zones))
    room = len(services) + 1
    for zone, rows in zones.items():
        touching = list(_touching(rows))
        for row in touching:
            yield from _at(zone, row, zone.level * room + len(services))
        for service in services:
            own = zones.get(zone._replace(service=service), ())
            falls = any(other.service == service and other.level < zone.level for other in zones)
            if falls and not _within(rows, own):
                told = f"{shown(service)} is not offered where more definite rows are all of other delivery types"
                problems.note(told)
                rank = zone.level * room + services.index(zone.service)
                for row in touching:
                    refused = row._replace(service=service, price=REFUSED)
                    yield from _at(zone, refused, rank)


def _within(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    """Whether the brackets of some rows hold nothing that those of others do not."""
    spans: list[tuple[int, int]] = []
    for low, high in sorted((other.weight_from, other.weight_to) for other in others):
        if spans and low <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], high)
        else:
            spans.append((low, high))
    return all(any(low <= row.weight_from and row.weight_to <= high for low, high in spans) for row in rows)


def _at(zone: _Zone, row: Row, rank: int) -> Iterator[Row]:
    for first, last in zone.ranges:
        yield row._replace(postal_from=first, postal_to=last, rank=rank)


def _touching(rows: list[Row]) -> Iterator[Row]:
    """The rows of a place, lowest bracket first; one that begins above nothing does not hold its lower end."""
    before = 0
    for row in sorted(rows, key=lambda one: one.weight_from):
        open_below = row.weight_from > before
        yield row._replace(weight_from=(row.weight_from // _WHOLE + 1) * _WHOLE) if open_below else row
        before = row.weight_to
