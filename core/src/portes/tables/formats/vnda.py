"""The shop platform Vnda's freight sheet, whose columns are known by their letters, weights in grams.

Letters, unit and the dot for decimals as the platform's help page lists them: A state, B capital or interior, C and D
postal codes, F and G weights, H price, L days; the others are not to be filled in. The page prints no header, so a
line without a number above the first row is taken for one.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.lettered import by_letters
from portes.tables.reading.sheets import open_sheets

COLUMNS: Final = (
    Column("A (estado)", Cells.note, blank=""),
    Column("B (capital ou interior)", Cells.note, blank=""),
    Column("C (CEP inicial)", Cells.postal_code),
    Column("D (CEP final)", Cells.postal_code),
    Column("E", Cells.note, blank=""),
    Column("F (peso mínimo)", Cells.weight, number=True),
    Column("G (peso máximo)", Cells.weight, number=True),
    Column("H (preço)", Cells.base_price, number=True),
    Column("I", Cells.note, blank=""),
    Column("J", Cells.note, blank=""),
    Column("K", Cells.note, blank=""),
    Column("L (prazo)", Cells.day_span),
    Column("M", Cells.note, blank=""),
    Column("N", Cells.note, blank=""),
)
_UNFILLED: Final = tuple(at for at, column in enumerate(COLUMNS) if len(column.name) == 1)


class Vnda:
    """The format `vnda`. It names no service, and state and capital are for people."""

    version: ClassVar[int] = 1
    weight_unit: ClassVar = "g"
    marks: ClassVar[tuple[str, ...]] = ()

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; what stands in columns that are not to be filled in is not used, and told."""
        sheets = by_letters(open_sheets(source, options, problems), COLUMNS, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems):
            first, last, low, high, price, days = (values[at] for at in (2, 3, 5, 6, 7, 11))
            filled = [COLUMNS[at].name for at in _UNFILLED if values[at]]
            if filled:
                problems.note(place(sheet, f"what stands in {', '.join(filled)}, not to be filled in, is not used"))
            yield Row(line, "", first, last, low, high, price, high, Terms(*days), sheet)
