"""Our own rate table: a CSV file or workbook with English column names."""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.places.row_places import RowPlaces
from portes.tables.protocol import NO_LIMIT, Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import open_sheets

COLUMNS: Final = (
    Column("service", Cells.text, blank=""),
    Column("postal_from", Cells.postal_code),
    Column("postal_to", Cells.postal_code),
    Column("weight_from_g", Cells.weight, number=True),
    Column("weight_to_g", Cells.weight, blank=NO_LIMIT, number=True),
    Column("price", Cells.base_price, number=True),
    Column("extra_from_g", Cells.weight, blank=None, number=True),
    Column("days_min", Cells.days, blank=None),
    Column("days_max", Cells.days),
    Column("price_per_extra_kg", Cells.per_kg, blank=0, number=True),
    Column("percent_of_value", Cells.percent, blank=0, number=True),
    Column("percent_minimum", Cells.price, blank=0, number=True),
    Column("minimum", Cells.price, blank=0, number=True),
    Column("max_volume_cm3", Cells.volume_cm3, blank=0, number=True),
)
"""Every column of the format; docs/tables.md says what each means."""


class Plain:
    """The format `plain`, our own. Lines that begin with `#` are comments."""

    version: ClassVar[int] = 5

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; weights are in grams whatever the options say of a unit."""
        if options.weight_unit != "g":
            cause = "the plain format names grams in its columns"
            problems.add("weight_unit", options.weight_unit, cause, "write the weights in g, and take it out")
            return
        sheets = open_sheets(source, options, problems, comment="#")
        places = RowPlaces(sheets, options, problems)
        for sheet, line, values in read_lines(sheets, places.columns(COLUMNS), options, problems):
            service, postal_from, postal_to, weight_from, weight_to, price, extra_from = values[:7]
            over = weight_to if extra_from is None else extra_from
            terms = _terms(*values[7 : len(COLUMNS)])
            for first, last in places.ranges(sheet, line, postal_from, postal_to, values[len(COLUMNS) :]):
                yield Row(line, service, first, last, weight_from, weight_to, price, over, terms, sheet)


@lru_cache(maxsize=4096)
def _terms(
    days_min: int | None, days_max: int, per_kg: int, percent: int, least: int, minimum: int, max_volume: int
) -> Terms:
    days = days_max if days_min is None else days_min
    fees = (Fee("ad_valorem", percent=percent, least=least),) if percent or least else ()
    return Terms(days, days_max, per_kg, minimum=minimum, max_volume=max_volume, fees=fees)
