"""A table without weights: a name, a range of postal codes, a price and the days.

Columns as one public importer has them, whose source was seen. It refuses ranges that overlap within one table; a
range that comes again replaces the one before it there, which one file has no reason for: here it is a problem.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

COLUMNS: Final = (
    Column("Tabela", Cells.text),
    Column("CEP inicial", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("CEP final", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column("Valor", Cells.base_price, number=True, also=SYNONYMS["price"]),
    Column("Prazo", Cells.day_span, also=SYNONYMS["days_max"]),
)


class Minimal:
    """The format `minimal`. Each `Tabela` is a service, and a price holds for any weight."""

    version: ClassVar[int] = 1
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, each with one bracket that has no end."""
        sheets = open_sheets(source, options, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            service, first, last, price, days = values
            yield Row(line, service, first, last, 0, NO_LIMIT, price, NO_LIMIT, Terms(*days), sheet)
