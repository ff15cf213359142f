"""Lines under a header that are no rows: blank ones, repeated headers, titles, totals and remarks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from portes.errors import Problems, shown
from portes.tables.reading.cells import Cell, CellError, Line
from portes.tables.reading.fields import REQUIRED, place
from portes.tables.reading.headers import HeaderReader
from portes.tables.reading.sheet_tables import SheetTable, SheetTables, filled
from portes.tables.reading.vocabulary import begins_footer, begins_sum

_SHOWN: Final = 3
"""How many of the lines that are left out are quoted."""


class Leftovers:
    """What could not be read as rows of one table; what plainly is none is told in one note."""

    def __init__(self, tables: SheetTables, table: SheetTable, reader: HeaderReader, problems: Problems) -> None:
        self._tables = tables
        self._table = table
        self._required = len(reader.required)
        self._problems = problems
        self._above: Line | None = None
        self._count = 0
        self._quoted: list[str] = []

    def ends(self, line: int, cells: Sequence[Cell]) -> bool:
        """Whether the table ends before a line that could not be read, as the next header."""
        above, self._above = self._above, (line, cells)
        return self._tables.begins(self._table, line, cells, above)

    def take(self, line: int, cells: Sequence[Cell], columns: Sequence[Mapping[Cell, Any]]) -> bool:
        """Whether a line that could not be read is no row; `columns` reads a cell, or raises `CellError`."""
        if not filled(cells) or not self._table.parts:
            return True
        if self._tables.repeats(self._table, cells):
            return True
        at = next(number for number, cell in enumerate(cells) if str(cell).strip())
        text = str(cells[at]).strip()
        if self._required < 2 or not self._is_remark(at, text, cells):
            return False
        if self._has_a_value(at, cells, columns) and not self._is_sum(at, text, cells):
            return False
        self._count += 1
        if len(self._quoted) < _SHOWN:
            self._quoted.append(f"line {line} ('{shown(text)}')")
        return True

    def tell(self) -> None:
        """Note how many lines were left out, and what the first of them say."""
        if self._count:
            more = self._count - len(self._quoted)
            rest = f" and {more} more" if more else ""
            words = f"{', '.join(self._quoted)}{rest} below the header: no row, not used"
            self._problems.note(place(self._table.sheet.name, words))

    def _is_remark(self, at: int, text: str, cells: Sequence[Cell]) -> bool:
        if begins_footer(text):
            return True
        alone = sum(bool(str(cell).strip()) for cell in cells) == 1
        parts = self._table.parts
        words = at >= len(parts) or parts[at].column.words
        return alone and (not words or not text.isalnum())  # one word in a column of words is a row that broke off

    def _is_sum(self, at: int, text: str, cells: Sequence[Cell]) -> bool:
        """Whether a line adds others up: `Subtotal` where a row has something else, and beside it numbers alone."""
        parts = self._table.parts
        if not begins_sum(text) or at >= len(parts) or parts[at].column.words:
            return False
        said = [bool(str(cell).strip()) for cell in cells]
        beside = [part.column for part, says in zip(parts[at + 1 :], said[at + 1 :], strict=False) if says]
        needed = [part.column for part in parts[at + 1 :] if part.column.blank is REQUIRED]
        return all(column.number for column in beside) and any(column not in beside for column in needed)

    def _has_a_value(self, at: int, cells: Sequence[Cell], columns: Sequence[Mapping[Cell, Any]]) -> bool:
        """Whether a cell can be read that a row needs, or the first one where words would not do."""
        for number, (part, cell) in enumerate(zip(self._table.parts, cells, strict=False)):
            column = part.column
            if (column.blank is REQUIRED and number != at) or (number == at and not column.words):
                try:
                    columns[number][cell]
                except CellError:
                    continue
                return True
        return False
