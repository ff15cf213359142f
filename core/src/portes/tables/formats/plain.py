"""Our own rate table: a CSV file or workbook with English column names."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.bulk.form import ColumnForm
from portes.tables.protocol import NO_LIMIT, Axis, Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells, Reader
from portes.tables.reading.columns import Column, folded, header_of, place, read_lines
from portes.tables.reading.sheets import Sheet, open_sheets

_AXES: Final[Sequence[tuple[Axis, str, str, Reader]]] = (
    ("weight", "weight_from_g", "weight_to_g", Cells.weight),
    ("value", "value_from", "value_to", Cells.value_border),
    ("units", "units_from", "units_to", Cells.unit_border),
    ("volume", "volume_from_cm3", "volume_to_cm3", Cells.volume_border),
)
"""What brackets may be of: the axis, the columns of its lower and upper border, and how these are read."""

COLUMNS: Final = (
    Column("service", Cells.text, blank=""),
    Column("postal_from", Cells.postal_code),
    Column("postal_to", Cells.postal_code),
    *(
        column
        for _, lower, upper, read in _AXES
        for column in (Column(lower, read, number=True), Column(upper, read, blank=NO_LIMIT, number=True))
    ),
    Column("price", Cells.base_price, number=True),
    Column("extra_from_g", Cells.weight, blank=None, number=True),
    Column("origin_from", Cells.postal_code, blank=""),
    Column("origin_to", Cells.postal_code, blank=""),
    Column("days_min", Cells.days, blank=None),
    Column("days_max", Cells.days),
    Column("price_per_extra_kg", Cells.per_kg, blank=0, number=True),
    Column("percent_of_value", Cells.percent, blank=0, number=True),
    Column("percent_minimum", Cells.price, blank=0, number=True),
    Column("minimum", Cells.price, blank=0, number=True),
    Column("max_volume_cm3", Cells.volume_cm3, blank=0, number=True),
)
"""Every column of the format; docs/tables.md says what each means."""

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

    version: ClassVar[int] = 4
    comment: ClassVar[str] = "#"

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; weights are in grams whatever the options say of a unit."""
        sheets = open_sheets(source, options, problems, self.comment)
        form = self.column_form(sheets, options, problems)
        if form is None:
            return
        columns, axis = form.columns, form.axis
        for sheet, line, values in read_lines(sheets, columns, options, problems):
            service, postal_from, postal_to, low, high, price, extra_from, origin_from, origin_to = values[:9]
            over = high if extra_from is None else extra_from
            terms, origins = _terms(*values[9:]), (origin_from, origin_to)
            yield Row(line, service, postal_from, postal_to, low, high, price, over, terms, sheet, axis, 0, *origins)

    def column_form(self, sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> ColumnForm | None:
        """How the columns make rows: those of the brackets are the ones that the headers name."""
        if options.weight_unit != "g":
            cause = "the plain format names grams in its columns"
            problems.add("weight_unit", options.weight_unit, cause, "write the weights in g, and take it out")
            return None
        axis = _axis(sheets, problems)
        if axis is None:
            return None
        lower, upper = next(borders for one, *borders, _ in _AXES if one == axis)
        fields = _FIELDS | {"weight_from": (lower,), "weight_to": (upper,), "extra_from": ("extra_from_g", upper)}
        only = {"origin_from": ("",), "origin_to": ("",)}
        return ColumnForm(_columns(axis), fields, axis, only)


def _axis(sheets: Sequence[Sheet], problems: Problems) -> Axis | None:
    """What the brackets are of, by the columns in the headers; None where they name two, which is told."""
    named: dict[Axis, str] = {}
    for sheet in sheets:
        line, names = header_of(sheet)
        known = {folded(name): name for name in names}
        for axis, *borders, _ in _AXES:
            for border in borders:
                if found := known.get(folded(border)):
                    named.setdefault(axis, found)
        if len(named) > 1:
            first, second = list(named.items())[:2]
            cause = f"its brackets are of {second[0]}, and those of {first[1]} of {first[0]}"
            problems.add(place(sheet.name, "header"), second[1], cause, "keep the columns of one of them", line)
            return None
    return next(iter(named), "weight")


def _columns(axis: Axis) -> Sequence[Column]:
    """The columns of a table whose brackets are of one axis."""
    others = {border for other, *borders, _ in _AXES if other != axis for border in borders}
    return [column for column in COLUMNS if column.name not in others]


@lru_cache(maxsize=4096)
def _terms(
    days_min: int | None, days_max: int, per_kg: int, percent: int, least: int, minimum: int, max_volume: int
) -> Terms:
    days = days_max if days_min is None else days_min
    fees = (Fee("ad_valorem", percent=percent, least=least),) if percent or least else ()
    return Terms(days, days_max, per_kg, minimum=minimum, max_volume=max_volume, fees=fees)
