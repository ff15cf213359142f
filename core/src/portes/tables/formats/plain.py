"""Our own rate table: a CSV file or workbook with English column names."""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

COLUMNS: Final = (
    Column("service", Cells.text, blank="", also=SYNONYMS["service"]),
    Column("postal_from", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("postal_to", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column("weight_from_g", Cells.weight, number=True, also=("weight_from", *SYNONYMS["weight_from"])),
    Column("weight_to_g", Cells.weight, blank=NO_LIMIT, number=True, also=("weight_to", *SYNONYMS["weight_to"])),
    Column("price", Cells.base_price, number=True, also=SYNONYMS["price"]),
    Column("extra_from_g", Cells.weight, blank=None, number=True, also=("extra_from",)),
    Column("days_min", Cells.days, blank=None, also=SYNONYMS["days_min"]),
    Column("days_max", Cells.day_span, also=SYNONYMS["days_max"]),
    Column("price_per_extra_kg", Cells.per_kg, blank=0, number=True, also=SYNONYMS["excess_weight"]),
    Column("percent_of_value", Cells.percent, blank=0, number=True, also=SYNONYMS["ad_valorem"]),
    Column("percent_minimum", Cells.price, blank=0, number=True, also=SYNONYMS["ad_valorem_minimum"]),
    Column("minimum", Cells.price, blank=0, number=True, also=SYNONYMS["minimum"]),
    Column("max_volume_cm3", Cells.volume, blank=0, number=True, also=("max_volume", *SYNONYMS["max_volume"])),
)
"""Every column of the format; docs/tables.md says what each means."""


class Plain:
    """The format `plain`, our own. Lines that begin with `#` are comments."""

    version: ClassVar[int] = 4

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; weights are in the unit that the header states, and a header without one is a problem."""
        sheets = open_sheets(source, options, problems, comment="#")
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            service, postal_from, postal_to, weight_from, weight_to, price, extra_from = values[:7]
            over = weight_to if extra_from is None else extra_from
            terms = _terms(*values[7:])
            yield Row(line, service, postal_from, postal_to, weight_from, weight_to, price, over, terms, sheet)


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
