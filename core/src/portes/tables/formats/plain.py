"""Our own rate table: a CSV file or workbook with English column names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.bulk.form import ColumnForm
from portes.tables.formats.axes import Borders, choose_axis, columns_along
from portes.tables.formats.plain_writing import write_plain
from portes.tables.places.place_list import COLUMNS as LIST_COLUMNS
from portes.tables.places.row_places import RowPlaces
from portes.tables.protocol import NO_LIMIT, Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration
from portes.tables.writing.protocol import WriteOptions, WrittenFile

_BORDERS: Final[Borders] = {
    "weight": (
        Column("weight_from_g", Cells.weight, number=True, also=("weight_from", *SYNONYMS["weight_from"])),
        Column("weight_to_g", Cells.weight, blank=NO_LIMIT, number=True, also=("weight_to", *SYNONYMS["weight_to"])),
    ),
    "value": (
        Column("value_from", Cells.value_border, number=True),
        Column("value_to", Cells.value_border, blank=NO_LIMIT, number=True),
    ),
    "units": (
        Column("units_from", Cells.unit_border, number=True),
        Column("units_to", Cells.unit_border, blank=NO_LIMIT, number=True),
    ),
    "volume": (
        Column("volume_from_cm3", Cells.volume_border, number=True),
        Column("volume_to_cm3", Cells.volume_border, blank=NO_LIMIT, number=True),
    ),
}
"""What brackets may be of, and the columns of their lower and upper borders."""

COLUMNS: Final = (
    Column("service", Cells.text, blank="", also=SYNONYMS["service"]),
    Column("postal_from", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("postal_to", Cells.postal_code, also=SYNONYMS["postal_to"]),
    *(column for borders in _BORDERS.values() for column in borders),
    Column("price", Cells.base_price, number=True, also=SYNONYMS["price"]),
    Column("extra_from_g", Cells.weight, blank=None, number=True, also=("extra_from",)),
    Column("origin_from", Cells.postal_code, blank=""),
    Column("origin_to", Cells.postal_code, blank=""),
    Column("days_min", Cells.days, blank=None, also=SYNONYMS["days_min"]),
    Column("days_max", Cells.day_span, also=SYNONYMS["days_max"]),
    Column("price_per_extra_kg", Cells.per_kg, blank=0, number=True, also=SYNONYMS["excess_weight"]),
    Column("percent_of_value", Cells.percent, blank=0, number=True, also=SYNONYMS["ad_valorem"]),
    Column("percent_minimum", Cells.price, blank=0, number=True, also=SYNONYMS["ad_valorem_minimum"]),
    Column("minimum", Cells.price, blank=0, number=True, also=SYNONYMS["minimum"]),
    Column("max_volume_cm3", Cells.volume, blank=0, number=True, also=("max_volume", *SYNONYMS["max_volume"])),
)
"""Every column of the format; docs/tables.md says what each means."""
_BLANK_IN_FEES: Final = {"days_max": (0, 0), "weight_from_g": 0}
FEE_COLUMNS: Final = tuple(replace(column, blank=_BLANK_IN_FEES.get(column.name, column.blank)) for column in COLUMNS)
"""The columns of a table of fees by place: a fee for any weight, and one that says nothing of days, are whole."""

_FIELDS: Final = {
    "service": ("service",),
    "postal_from": ("postal_from",),
    "postal_to": ("postal_to",),
    "price": ("price",),
    "days_min": ("days_min", "days_max"),
    "days_max": ("days_max",),
    "extra_per_kg": ("price_per_extra_kg",),
    "minimum": ("minimum",),
    "max_volume": ("max_volume_cm3",),
    "percent": ("percent_of_value",),
    "least": ("percent_minimum",),
}
"""What columns the fields of rows and terms come from, brackets apart."""


class Plain:
    """The format `plain`, our own. Lines that begin with `#` are comments."""

    version: ClassVar[int] = 5
    comment: ClassVar[str] = "#"
    marks: ClassVar[tuple[str, ...]] = tuple(column.name for column in COLUMNS)
    beside_marks: ClassVar[Mapping[str, tuple[str, ...]]] = {"places": tuple(one.name for one in LIST_COLUMNS)}

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; weights are in the unit that the header states, and a header without one is a problem."""
        sheets = open_sheets(source, options, problems, self.comment)
        places = RowPlaces(sheets, options, problems)
        every = FEE_COLUMNS if options.of_fees else COLUMNS
        axis = choose_axis(sheets, _BORDERS, places.columns(every), options, problems)
        if axis is None:
            return
        columns = columns_along(axis, _BORDERS, every)
        width, both = len(columns), places.columns(columns)
        for sheet, line, values in read_lines(sheets, both, options, problems, is_decoration):
            service, postal_from, postal_to, low, high, price, extra_from, origin_from, origin_to = values[:9]
            over = high if extra_from is None else extra_from
            terms, origins = _terms(*values[9:width]), (origin_from, origin_to)
            named = values[width:]
            ranges = places.ranges(sheet, line, postal_from, postal_to, named) if named else ((postal_from, postal_to),)
            for first, last in ranges:
                yield Row(line, service, first, last, low, high, price, over, terms, sheet, axis, 0, *origins)

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """One CSV file of all rows, or several where limits are given."""
        return write_plain(rows, options, problems)

    def column_form(self, sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> ColumnForm | None:
        """How the columns make rows: brackets as the headers name them; None where its lines must be read."""
        axis = choose_axis(sheets, _BORDERS, COLUMNS, options, problems)
        places = RowPlaces(sheets, options, problems)
        if axis is None or places.columns(COLUMNS) != COLUMNS:
            return None
        lower, upper = (border.name for border in _BORDERS[axis])
        fields = _FIELDS | {"weight_from": (lower,), "weight_to": (upper,), "extra_from": ("extra_from_g", upper)}
        only = {"origin_from": ("",), "origin_to": ("",)}
        return ColumnForm(columns_along(axis, _BORDERS, COLUMNS), fields, axis, only, is_decoration)


@lru_cache(maxsize=4096)
def _terms(
    days_min: int | None,
    days_max: tuple[int, int],
    per_kg: int,
    percent: int,
    least: int,
    minimum: int,
    max_volume: int,
) -> Terms:
    shortest, longest = days_max
    fees = (Fee("ad_valorem", percent=percent, least=least),) if percent or least else ()
    days = shortest if days_min is None else days_min
    return Terms(days, longest, per_kg, minimum=minimum, max_volume=max_volume, fees=fees)
