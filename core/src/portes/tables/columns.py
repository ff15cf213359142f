"""Named columns of a sheet, found by their header and read quickly; it knows neither postal ranges nor prices."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import dropwhile
from operator import getitem, itemgetter
from typing import Any, Final

from portes.errors import Problems
from portes.tables.cells import Cell, CellError, Cells, Reader, decimal_sign
from portes.tables.protocol import ReadOptions
from portes.tables.sheets import Line, Sheet

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
    """Whether its cells show which decimal sign the file uses."""


Values = tuple[Any, ...]
"""The values of one line, in the order of the format's columns."""


class _ColumnCache(dict[Cell, Any]):
    """What the cells of a column mean: tables repeat themselves, so each text is read once."""

    def __init__(self, column: Column, cells: Cells) -> None:
        super().__init__()
        self.column = column
        self._cells = cells

    def __missing__(self, cell: Cell) -> Any:  # noqa: ANN401 — each column has its own kind of value
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self.column.read(self._cells, cell) if str(cell).strip() else self._blank()
        self[cell] = value
        return value

    def _blank(self) -> Any:  # noqa: ANN401 — see above
        if self.column.blank is REQUIRED:
            raise CellError("is blank", "fill it in, or take the row out")
        return self.column.blank


@dataclass(frozen=True, slots=True)
class _Layout:
    """A sheet whose header was understood."""

    sheet: Sheet
    line: int
    """The number of the header's line, from 1."""
    columns: tuple[Column, ...]
    """In the order of the sheet."""

    def body(self) -> Iterator[Line]:
        return dropwhile(lambda line: line[0] <= self.line, self.sheet.lines())


def read_lines(
    sheets: Sequence[Sheet], columns: Sequence[Column], options: ReadOptions, problems: Problems
) -> Iterator[tuple[str, int, Values]]:
    """Yield sheet name, line number and values of every line that can be read; the others become problems."""
    layouts = [layout for sheet in sheets if (layout := _layout(sheet, columns, problems))]
    decimal = options.decimal or _decimal(layouts, options.currency)
    cells = Cells(options, decimal)
    for layout in layouts:
        yield from _read(layout, columns, cells, problems)


def _layout(sheet: Sheet, columns: Sequence[Column], problems: Problems) -> _Layout | None:
    line, header = next(((number, cells) for number, cells in sheet.lines() if _filled(cells)), (0, ()))
    if not header:
        problems.add(
            place(sheet.name, "header"), None, "there is no line with anything in it", "write the column names"
        )
        return None
    before = problems.count
    known = {_folded(column.name): column for column in columns}
    names = [str(cell).strip() for cell in header[: _filled(header)]]
    _check_names(place(sheet.name, "header"), line, names, known, problems)
    return None if problems.count > before else _Layout(sheet, line, tuple(known[_folded(name)] for name in names))


def _check_names(where: str, line: int, names: Sequence[str], known: dict[str, Column], problems: Problems) -> None:
    counted = Counter(_folded(name) for name in names)
    for name in names:
        if _folded(name) not in known:
            problems.add(where, name, "is no column of this format", _near(name, known), line)
    for folded, column in known.items():
        if counted[folded] > 1:
            problems.add(where, column.name, "stands there more than once", "keep one of them", line)
        elif column.blank is REQUIRED and not counted[folded]:
            problems.add(where, None, f"column {column.name} is missing", "add it", line)


def place(sheet: str, part: str) -> str:
    """Say where something stands, as spreadsheets do: `Sheet1!price`, or the part alone in a text file."""
    return f"{sheet}!{part}" if sheet else part


def _folded(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _near(name: str, known: dict[str, Column]) -> str:
    near = get_close_matches(_folded(name), known, n=1)
    return f"did you mean {known[near[0]].name}?" if near else "take it out; the documents list the columns"


def _filled(cells: Sequence[Cell]) -> int:
    """How many cells a line has up to its last one that is not blank."""
    return next((count for count in range(len(cells), 0, -1) if str(cells[count - 1]).strip()), 0)


def _decimal(layouts: Sequence[_Layout], currency: str) -> str | None:
    for layout in layouts:
        numbers = [position for position, column in enumerate(layout.columns) if column.number]
        for _, cells in layout.body():
            for position in numbers:
                if position < len(cells) and (sign := decimal_sign(cells[position], currency)):
                    return sign
    return None


def _read(
    layout: _Layout, columns: Sequence[Column], cells: Cells, problems: Problems
) -> Iterator[tuple[str, int, Values]]:
    caches = [_ColumnCache(column, cells) for column in layout.columns]
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


def _fit(layout: _Layout, line: int, cells: Sequence[Cell], problems: Problems) -> Sequence[Cell]:
    """Fill up or cut off blank cells at the end; more than the header names is a problem."""
    width = len(layout.columns)
    filled = _filled(cells)
    if filled > width:
        cause = f"has {filled} cells, the header {width}"
        problems.add(place(layout.sheet.name, "row"), None, cause, "put quotes round cells with a separator", line)
    return [*cells[:width], *[""] * (width - len(cells))] if 0 < filled <= width else ()


def _report(
    layout: _Layout, line: int, cells: Sequence[Cell], caches: Sequence[_ColumnCache], problems: Problems
) -> None:
    if not _filled(cells):
        return  # a blank row separates; it says nothing
    for cache, cell in zip(caches, cells, strict=True):
        try:
            cache[cell]
        except CellError as error:
            problems.add(
                place(layout.sheet.name, cache.column.name), cell if cell != "" else None, str(error), error.fix, line
            )
