"""What public generators of tables for Brazil's post write: a row for each region, service and weight bracket.

Columns as the generators' sources print them, in Latin-1 with semicolons and decimal commas. They do not say the
weights' unit, so `weight_unit` does; `0,300` for the lowest bracket means kg.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

_CARRIER: Final = "TRANSPORTADORA"
COLUMNS: Final = (
    Column("DESCRIÇÃO DA REGIÃO", Cells.note, blank=""),
    Column("CEP INICIAL", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("CEP FINAL", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column(_CARRIER, Cells.text, blank=""),
    Column("TIPO DE SERVIÇO", Cells.text, also=SYNONYMS["service"]),
    Column("PESO INICIAL", Cells.weight, number=True, also=SYNONYMS["weight_from"]),
    Column("PESO FINAL", Cells.weight, number=True, also=SYNONYMS["weight_to"]),
    Column("VALOR", Cells.base_price, number=True, also=SYNONYMS["price"]),
    Column("PRAZO", Cells.day_span, also=SYNONYMS["days_max"]),
)


class CorreiosGenerator:
    """The format `correios-generator`. `TIPO DE SERVIÇO` is the service."""

    version: ClassVar[int] = 1
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows of one carrier; a second carrier in the file is a problem."""
        sheets = open_sheets(source, options, problems)
        only: str | None = None
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            _, first, last, carrier, service, low, high, price, days = values
            only = carrier if only is None else only
            if carrier.casefold() != only.casefold():
                cause = f"is another carrier than {only or 'the rows above, which name none'}"
                fix = "give each carrier a file of its own"
                problems.add(place(sheet, _CARRIER), carrier, cause, fix, line)
                continue
            yield Row(line, service, first, last, low, high, price, high, Terms(*days), sheet)
