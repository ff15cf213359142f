"""Named columns of a sheet, found by their header and read quickly; it knows neither postal ranges nor prices."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, dropwhile
from operator import getitem, itemgetter
from typing import Any, Final

from portes.contract.suggestions import did_you_mean
from portes.errors import Problems
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import ERROR, Cell, CellError, Cells, ColumnCells, Line, OddCell, Reader
from portes.tables.reading.sheets import Sheet
from portes.tables.reading.words import is_error

_REMEMBERED: Final = 1 << 16


class _Required:
    """The blank value of a column that has none."""


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a format."""

    name: str
    read: Reader
    """The method of `Cells` that reads it."""
    blank: Any = REQUIRED
    """What a blank cell or a missing column means; `REQUIRED` refuses both."""
    number: bool = False
    """Whether its cells show which decimal sign the file uses, where those of another column do not."""

    @property
    def percent(self) -> bool:
        """Whether its numbers are percentages, so that a workbook's format of a cell counts."""
        return self.read is Cells.percent

    @property
    def decoration(self) -> bool:
        """Whether nothing depends on its cells, so that even an error may stand there."""
        return self.read is Cells.note


Values = tuple[Any, ...]
"""The values of one line, in the order of the format's columns."""


class ColumnCache(dict[Cell, Any]):
    """What the cells of a column mean: tables repeat themselves, so each text is read once."""

    def __init__(self, column: Column, cells: Cells) -> None:
        super().__init__()
        self.column = column
        self._cells = cells

    def __missing__(self, cell: Cell) -> Any:  # noqa: ANN401 — each column has its own kind of value
        if len(self) >= _REMEMBERED:
            self.clear()
        text = str(cell).strip()
        if not self.column.decoration and (isinstance(cell, OddCell) or is_error(text)):
            raise CellError(*((cell.cause, cell.fix) if isinstance(cell, OddCell) else ERROR))
        value = self.column.read(self._cells, cell) if text else self._blank()
        self[cell] = value
        return value

    def _blank(self) -> Any:  # noqa: ANN401 — see above
        if self.column.blank is REQUIRED:
            raise CellError("is blank", "fill it in, or take the row out")
        return self.column.blank


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet whose header was understood."""

    sheet: Sheet
    line: int
    """The number of the header's line, from 1."""
    columns: tuple[Column, ...]
    """In the order of the sheet."""

    def body(self) -> Iterator[Line]:
        """The lines below the header."""
        percents = [place for place, column in enumerate(self.columns) if column.percent]
        return dropwhile(lambda line: line[0] <= self.line, self.sheet.lines(percents))

    def cells(self, column: Column) -> Iterator[Cell]:
        """The cells of a column; none where the sheet has no such column."""
        if column in self.columns:
            place = self.columns.index(column)
            yield from (cells[place] for _, cells in self.body() if place < len(cells))


def read_lines(
    sheets: Sequence[Sheet], columns: Sequence[Column], options: ReadOptions, problems: Problems
) -> Iterator[tuple[str, int, Values]]:
    """Yield sheet name, line number and values of every line that can be read; the others become problems."""
    layouts = [layout for sheet in sheets if (layout := layout_of(sheet, columns, problems))]
    cells = {column.name: _cells(layouts, column, columns, options) for column in columns}
    for layout in layouts:
        yield from _read(layout, columns, cells, problems)


def _cells(layouts: Sequence[Layout], column: Column, columns: Sequence[Column], options: ReadOptions) -> Cells:
    def below(one: Column) -> ColumnCells:
        return lambda: chain.from_iterable(layout.cells(one) for layout in layouts)

    return Cells(options, below(column), lambda: [below(one) for one in columns if one.number and one is not column])


def layout_of(sheet: Sheet, columns: Sequence[Column], problems: Problems) -> Layout | None:
    """The sheet under its header; None when the header is not understood, which is told."""
    line, names = header_of(sheet)
    if not names:
        problems.add(
            place(sheet.name, "header"), None, "there is no line with anything in it", "write the column names"
        )
        return None
    before = problems.count
    known = {folded(column.name): column for column in columns}
    _check_names(place(sheet.name, "header"), line, names, known, problems)
    return None if problems.count > before else Layout(sheet, line, tuple(known[folded(name)] for name in names))


def header_of(sheet: Sheet) -> tuple[int, Sequence[str]]:
    """The number and the cells of a sheet's first line that has anything in it; 0 and none where there is no such."""
    line, header = next(((number, cells) for number, cells in sheet.lines() if _filled(cells)), (0, ()))
    return line, [str(cell).strip() for cell in header[: _filled(header)]]


def _check_names(where: str, line: int, names: Sequence[str], known: dict[str, Column], problems: Problems) -> None:
    counted = Counter(folded(name) for name in names)
    for name in names:
        if folded(name) not in known:
            problems.add(where, name, "is no column of this format", _column_fix(name, counted, known), line)
    for word, column in known.items():
        if counted[word] > 1:
            problems.add(where, column.name, "stands there more than once", "keep one of them", line)
        elif column.blank is REQUIRED and not counted[word]:
            problems.add(where, None, f"column {column.name} is missing", "add it", line)


def place(sheet: str, part: str) -> str:
    """Say where something stands, as spreadsheets do: `Sheet1!price`, or the part alone in a text file."""
    return f"{sheet}!{part}" if sheet else part


def folded(name: str) -> str:
    """The letters and digits of a column's name, by which it is known however it is written."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _column_fix(name: str, counted: Counter[str], known: dict[str, Column]) -> str:
    """What to do about an unknown column: it may be one that is needed, under a name of somebody else's."""
    hint = did_you_mean(name, [column.name for column in known.values()])
    if hint:
        return hint
    free = [column for word, column in known.items() if not counted[word]]
    missing = ", ".join(column.name for column in free if column.blank is REQUIRED)
    if missing:
        return f"rename it if it stands for {missing}; take it out only if it says nothing of prices, places or days"
    names = ", ".join(column.name for column in free) or "none"
    return f"take it out, or rename it if it stands for a column that is not there yet: {names}"


def _filled(cells: Sequence[Cell]) -> int:
    """How many cells a line has up to its last one that is not blank."""
    return next((count for count in range(len(cells), 0, -1) if str(cells[count - 1]).strip()), 0)


def _read(
    layout: Layout, columns: Sequence[Column], cells: Mapping[str, Cells], problems: Problems
) -> Iterator[tuple[str, int, Values]]:
    caches = [ColumnCache(column, cells[column.name]) for column in layout.columns]
    width = len(caches)
    absent = [column for column in columns if column not in layout.columns]
    blanks = tuple(column.blank for column in absent)
    order = itemgetter(*([*layout.columns, *absent].index(column) for column in columns))
    name = layout.sheet.name
    for line, texts in layout.body():
        fitted = texts if len(texts) == width else _fit(layout, line, texts, problems)
        try:
            values = tuple(map(getitem, caches, fitted))
        except CellError:
            _report(layout, line, fitted, caches, problems)
            continue
        if values:
            yield name, line, order(values + blanks)


def _fit(layout: Layout, line: int, cells: Sequence[Cell], problems: Problems) -> Sequence[Cell]:
    """Fill up or cut off blank cells at the end; more than the header names is a problem."""
    width = len(layout.columns)
    filled = _filled(cells)
    if filled > width:
        cause = f"has {filled} cells, the header {width}"
        problems.add(place(layout.sheet.name, "row"), None, cause, "put quotes round cells with a separator", line)
    return [*cells[:width], *[""] * (width - len(cells))] if 0 < filled <= width else ()


def _report(
    layout: Layout, line: int, cells: Sequence[Cell], caches: Sequence[ColumnCache], problems: Problems
) -> None:
    if not _filled(cells):
        return  # a blank row separates; it says nothing
    for cache, cell in zip(caches, cells, strict=True):
        try:
            cache[cell]
        except CellError as error:
            problems.add(place(layout.sheet.name, cache.column.name), str(cell) or None, str(error), error.fix, line)
