"""Via Varejo's contingency table: what the marketplace quotes by when a seller's own freight service does not answer.

Columns, units and rules as the marketplace's help page for sellers describes them: weights in kg with two decimals,
the percentage without its sign, the largest volume in m³, 9999999,99 for none. The page is known up to its words on
`Valor Mínimo`, "the least value of freight by weight bracket": it is taken for the price of the bracket, to which the
percentage of the invoice is added, and a note says so. Columns that came after it would be told as unknown.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.formats.via_varejo_writing import write_via_varejo
from portes.tables.protocol import Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration
from portes.tables.writing.protocol import WriteOptions, WrittenFile

_RANGE: Final = "Faixa de CEP"
COLUMNS: Final = (
    Column("Contrato Logístico", Cells.text, also=("Contrato",)),
    Column("CEP Inicial", Cells.postal_code, blank="", also=SYNONYMS["postal_from"]),
    Column("CEP Final", Cells.postal_code, blank="", also=SYNONYMS["postal_to"]),
    Column(_RANGE, Cells.postal_range, blank=None, also=("Faixas de CEP",)),
    Column("Peso Inicial", Cells.weight, number=True, also=SYNONYMS["weight_from"]),
    Column("Peso Final", Cells.weight, number=True, also=SYNONYMS["weight_to"]),
    Column("Valor Mínimo", Cells.base_price, number=True),
    Column("Tempo transporte", Cells.day_span, also=("Tempo de transporte", "Tempo Transporte (dias)")),
    Column("Custo Assessorial", Cells.percent, blank=0, number=True),
    Column("Volume Máximo", Cells.cubic_metres, blank=0, number=True),
)
_TAKEN: Final = "Valor Mínimo is taken for the price of its bracket, to which Custo Assessorial is added"


class ViaVarejo:
    """The format `via-varejo`. Each `Contrato Logístico` is a service."""

    version: ClassVar[int] = 1
    weight_unit: ClassVar = "kg"
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, whose postal codes stand in one column or in two."""
        sheets = open_sheets(source, options, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            contract, first, last, both, low, high, price = values[:7]
            problems.note(_TAKEN)
            if bool(both) == bool(first or last) or bool(first) != bool(last):
                cause = "a row needs a first and a last postal code, in one column or in two"
                problems.add(place(sheet, _RANGE), None, cause, "fill in both codes, once", line)
                continue
            first, last = both or (first, last)
            yield Row(line, contract, first, last, low, high, price, high, _terms(*values[7:]), sheet)

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """One CSV file of all rows, or several where limits are given."""
        return write_via_varejo(rows, options, problems)


@lru_cache(maxsize=4096)
def _terms(days: tuple[int, int], percent: int, max_volume: int) -> Terms:
    fees = (Fee("ad_valorem", percent=percent),) if percent else ()
    return Terms(*days, max_volume=max_volume, fees=fees)
