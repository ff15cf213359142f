"""The lines of tables as typed values, read quickly; it knows neither postal ranges nor prices."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from operator import getitem, itemgetter
from typing import Any, Final, Literal, NamedTuple, cast

from portes.errors import Problems
from portes.tables.protocol import ReadOptions
from portes.tables.reading.brackets import HeaderBracket
from portes.tables.reading.cells import ERROR, Cell, CellError, Cells, ColumnCells, OddCell
from portes.tables.reading.defaults import with_defaults
from portes.tables.reading.fields import REQUIRED, Column, place
from portes.tables.reading.headers import BRACKET_PRICE, BRACKET_RATE, HeaderReader, Part
from portes.tables.reading.leftovers import Leftovers
from portes.tables.reading.sheet_tables import SheetTable, SheetTables, filled, find_tables, has_brackets, headers_of
from portes.tables.reading.sheets import Sheet
from portes.tables.reading.words import is_error

_REMEMBERED: Final = 1 << 16
_NOTHING: Final = frozenset({"-", "--", "---", "\u2013", "\u2014", "n/a", "N/A", "n/d", "N/D"})
"""What people write into a cell that they leave blank."""

Values = tuple[Any, ...]
"""The values of one line, in the order of the format's columns."""


class WideLine(NamedTuple):
    """A line of a table with one column for each weight bracket."""

    sheet: str
    line: int
    values: Values
    prices: tuple[tuple[HeaderBracket, int | None], ...]
    """What stands below each bracket, in the order of the sheet: a price, or a rate for each kg; None for a blank."""
    names: tuple[str, ...]
    """The headers of the brackets, for messages."""


class ColumnCache(dict[Cell, Any]):
    """What the cells of a column mean: tables repeat themselves, so each text is read once."""

    def __init__(self, part: Part, cells: Cells) -> None:
        super().__init__()
        self.part = part
        self._cells = cells
        self._read = part.column.read
        self._decoration = part.column.decoration
        self._dashed = part.column.dashed

    def __missing__(self, cell: Cell) -> Any:  # noqa: ANN401 — each column has its own kind of value
        if len(self) >= _REMEMBERED:
            self.clear()
        text = cell.strip() if isinstance(cell, str) else str(cell).strip()
        if not self._decoration and (isinstance(cell, OddCell) or is_error(text)):
            raise CellError(*((cell.cause, cell.fix) if isinstance(cell, OddCell) else ERROR))
        nothing = not text or (text in _NOTHING and self._dashed)
        value = self[cell] = self._blank() if nothing else self._read(self._cells, cell)
        return value

    def _blank(self) -> Any:  # noqa: ANN401 — see above
        if self.part.column.blank is REQUIRED:
            raise CellError("is blank", "fill it in, or take the row out")
        return self.part.column.blank


def read_lines(
    sheets: Sequence[Sheet],
    columns: Sequence[Column],
    options: ReadOptions,
    problems: Problems,
    ignores: Callable[[str], bool] | None = None,
) -> Iterator[tuple[str, int, Values]]:
    """Yield sheet name, line number and values of every line that can be read; the others become problems.

    The header of each table is looked for; `ignores` tells, by its words, a column that may stand there unread.
    What `options.defaults` declare stands where a header has no such column, or a cell is blank.
    """
    lines = _Lines(sheets, HeaderReader(with_defaults(columns, options, problems), options, ignores), problems)
    for tables, table in lines.tables():
        name = tables.sheet.name
        for line, values in lines.read(tables, table):
            yield name, line, values


def read_wide_lines(
    sheets: Sequence[Sheet],
    columns: Sequence[Column],
    options: ReadOptions,
    problems: Problems,
    ignores: Callable[[str], bool] | None = None,
    bracket_unit: Literal["g", "kg"] = "kg",
) -> Iterator[WideLine]:
    """Yield every line of tables whose header names weight brackets: the columns' values and each bracket's price."""
    reader = HeaderReader(with_defaults(columns, options, problems), options, ignores, bracket_unit)
    lines = _Lines(sheets, reader, problems)
    for tables, table in lines.tables():
        brackets = [part.bracket for part in table.parts if part.bracket]
        names = tuple(part.name for part in table.parts if part.bracket)
        for line, values in lines.read(tables, table):
            prices = tuple(zip(brackets, values[len(columns) :], strict=True))
            yield WideLine(tables.sheet.name, line, values[: len(columns)], prices, names)


class _Lines:
    """The lines of all tables of some sheets, each as the values of the format's columns and of its brackets."""

    def __init__(self, sheets: Sequence[Sheet], reader: HeaderReader, problems: Problems) -> None:
        self._reader = reader
        self._problems = problems
        self._sheets = find_tables(sheets, reader, problems)

    def tables(self) -> Iterator[tuple[SheetTables, SheetTable]]:
        """Every table, and those of its sheet; the next one is known when the one above it was read."""
        for tables in self._sheets:
            for table in tables:
                yield tables, table

    def read(self, tables: SheetTables, table: SheetTable) -> Iterator[tuple[int, Values]]:
        """The lines of a table that can be read: number, and values in the order of the columns, then the brackets."""
        caches = [ColumnCache(part, self._cells(part, table)) for part in table.parts]
        width = len(caches)
        arrange, blanks = self._arrange(table)
        leftovers = Leftovers(tables, table, self._reader, self._problems)
        needs_something = bool(self._reader.required)
        for line, texts in table.body():
            try:
                values = tuple(map(getitem, caches, texts if len(texts) == width else _fit(texts, width)))
            except CellError:
                if leftovers.ends(line, texts):
                    break
                if not leftovers.take(line, texts, caches):
                    self._report(table, line, texts, caches)
                continue
            if values and (needs_something or filled(texts)):
                yield line, arrange(values + blanks)
        else:
            tables.finish(table)
        leftovers.tell()

    def _arrange(self, table: SheetTable) -> tuple[Callable[[Values], Values], Values]:
        """A function that puts values of a line into the order of the columns, and those of columns not there."""
        columns = self._reader.columns
        absent = [column for column in columns if not table.places(column)]
        width = len(table.parts)
        places = [
            width + absent.index(column) if column in absent else table.places(column)[0] for column in columns
        ] + [at for at, part in enumerate(table.parts) if part.bracket]
        blanks = tuple(column.blank for column in absent)
        if len(places) < 2:  # itemgetter would give a bare value
            return (lambda values: tuple(values[at] for at in places)), blanks
        return cast("Callable[[Values], Values]", itemgetter(*places)), blanks

    def _cells(self, part: Part, table: SheetTable) -> Cells:
        def below(one: Column) -> ColumnCells:
            return lambda: chain.from_iterable(tables.cells(one) for tables in self._sheets)

        return cells_of(part, table, self._reader, below)

    def _report(self, table: SheetTable, line: int, cells: Sequence[Cell], caches: Sequence[ColumnCache]) -> None:
        width, sheet = len(caches), table.sheet.name
        if filled(cells) > width:
            cause = f"has {filled(cells)} cells, the header {width}"
            self._problems.add(place(sheet, "row"), None, cause, "put quotes round cells with a separator", line)
            return
        for cache, cell in zip(caches, _fit(cells, width), strict=True):
            try:
                cache[cell]
            except CellError as error:
                where = place(sheet, cache.part.name)
                self._problems.add(where, str(cell) or None, str(error), error.fix, line)


def cells_of(part: Part, table: SheetTable, reader: HeaderReader, below: Callable[[Column], ColumnCells]) -> Cells:
    """The readers of a table's column, which look into all cells `below` for what a number's separator means."""
    column, options = part.column, reader.options
    if table.weight_unit:
        options = replace(options, weight_unit="kg" if table.weight_unit == "kg" else "g")
    numbers = [one for one in (*reader.columns, BRACKET_PRICE, BRACKET_RATE) if one.number]
    others = [below(one) for one in numbers if one is not column]
    return Cells(options, below(column), lambda: others, part.heading.unit("volume"))


def _fit(cells: Sequence[Cell], width: int) -> Sequence[Cell]:
    """Fill up or cut off blank cells at the end; nothing of a blank line. Raises `CellError` for too many cells."""
    count = filled(cells)
    if count > width:
        raise CellError("has more cells than the header", "")
    return [*cells[:width], *[""] * (width - len(cells))] if count else ()


__all__ = [
    "REQUIRED",
    "Column",
    "ColumnCache",
    "Values",
    "WideLine",
    "cells_of",
    "has_brackets",
    "headers_of",
    "place",
    "read_lines",
    "read_wide_lines",
]
