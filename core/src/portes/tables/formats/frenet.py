"""The sheet that Frenet's sellers fill in: a row for each postal range, a column for each weight.

Columns as seen in one importer of such sheets; the platform's own page was not found. There `R$8,49` and `0,30%` are
usual, both postal codes are inclusive, an upper weight belongs to its column, and a blank fee charges nothing.
Doubtful, and so to be declared: whether `acima de 30kg` is one price or a price for each kg above (`above`), and what
`Pedágio` is charged for (`toll_per`).
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.formats.row_fees import COLUMNS as FEES
from portes.tables.formats.row_fees import RowFees
from portes.tables.formats.wide_prices import WidePrices
from portes.tables.protocol import ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_wide_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

COLUMNS: Final = (
    Column("CEP de", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("CEP até", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column("Prazo", Cells.day_span, also=SYNONYMS["days_max"]),
    *FEES,
)


class Frenet:
    """The format `frenet`; weights of its header are in kg where they state no unit."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = (
        "CEP de", "CEP até", "Prazo", "GRIS %", "ADV %", "Pedágio", "TRT %", "EMEX %", "Despacho", "SUFRAMA", "TAS",
    )  # fmt: skip
    """Words of its header, by which a file is known for one of this format."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, one for each price; state and town stand there for people and are not used."""
        sheets = open_sheets(source, options, problems)
        prices, stated = WidePrices(options.above, problems), RowFees(options, problems)
        for line in read_wide_lines(sheets, COLUMNS, options, problems, is_decoration):
            postal_from, postal_to, (days_min, days_max) = line.values[:3]
            fees, tax = stated.of(line.sheet, line.line, line.values[3:])
            for low, high, price, per_kg in prices.brackets(line):
                terms = Terms(days_min, days_max, per_kg, fees=fees, tax=tax)
                yield Row(line.line, "", postal_from, postal_to, low, high, price, high, terms, line.sheet)
