"""Where tables stand in a sheet: below title rows, one below the other, each under a header of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, islice, takewhile
from typing import Final, NamedTuple

from portes.errors import Problems, shown
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import Cell, Line
from portes.tables.reading.fields import Column, place
from portes.tables.reading.header_checks import check_parts, missing_words, weight_unit_of, weight_units_read
from portes.tables.reading.headers import HeaderReader, Part, Parts
from portes.tables.reading.sheets import Sheet

FAR: Final = 60
"""Lines with anything in them among which the first header is looked for."""
_LEAST: Final = 2
"""Columns that a header names where a format needs fewer: a title may be one of its words by chance."""
_MOST: Final = 50
"""Tables in one sheet: each goes through the sheet from its beginning."""
_DIGITS: Final = "0123456789.,"


def filled(cells: Sequence[Cell]) -> int:
    """How many cells a line has up to its last one that is not blank."""
    return next((count for count in range(len(cells), 0, -1) if str(cells[count - 1]).strip()), 0)


@dataclass(slots=True)
class SheetTable:
    """A header and the lines below it, up to the next header."""

    sheet: Sheet
    line: int
    """The number of the header's line, from 1."""
    parts: tuple[Part, ...]
    """In the order of the sheet; none when the header has problems, which are told."""
    weight_unit: str = ""
    """The unit of weights that the header states; empty when it states none."""
    end: int = 0
    """The line of the next header; 0 while that is not known."""

    def body(self) -> Iterator[Line]:
        """The lines below the header, as far as the end is known."""
        percents = [at for at, part in enumerate(self.parts) if part.column.percent]
        lines = dropwhile(lambda line: line[0] <= self.line, self.sheet.lines(percents))
        return takewhile(lambda line: line[0] < self.end, lines) if self.end else lines

    def places(self, column: Column) -> list[int]:
        """Where a column stands, from 0; prices of brackets stand in several places."""
        return [at for at, part in enumerate(self.parts) if part.column == column]


class _Candidate(NamedTuple):
    """A line that may be the first header of a sheet."""

    sheet: Sheet
    line: int
    cells: Sequence[Cell]
    parts: Parts
    above: tuple[Line, ...]


class SheetTables:
    """The tables of one sheet, in their order; each but the first is found when lines of the one above it are read."""

    def __init__(self, reader: HeaderReader, problems: Problems, first: _Candidate) -> None:
        self.sheet = first.sheet
        self._reader = reader
        self._problems = problems
        self._found: list[SheetTable] = []
        self._complete = False
        if first.above:
            problems.note(place(self.sheet.name, f"{_lines_words(first.above)} above the header: not used"))
        self._add(first.line, first.cells, first.parts)

    def __iter__(self) -> Iterator[SheetTable]:
        at = 0
        while at < len(self._found) or self._discover():
            yield self._found[at]
            at += 1

    def cells(self, column: Column) -> Iterator[Cell]:
        """All cells of a column, table by table."""
        for table in self:
            places = table.places(column)
            if places:
                for _, cells in self._rows(table):
                    yield from (cells[at] for at in places if at < len(cells))

    def begins(self, table: SheetTable, line: int, cells: Sequence[Cell], above: Line | None) -> bool:
        """Whether another table begins with a line below this one's header; a header that is repeated is none."""
        near = above[1] if above and above[0] == line - 1 else ()
        parts = self._reader.parts(cells[: filled(cells)], near)
        if not self._reader.is_header(cells, parts) or self.repeats(table, cells):
            return False
        if table is self._found[-1]:
            table.end = line
            self._add(line, cells, parts)
        return True

    def repeats(self, table: SheetTable, cells: Sequence[Cell]) -> bool:
        """Whether a line is the table's header once more."""
        texts = [str(cell).strip() for cell in cells[: filled(cells)]]
        return texts == [part.text for part in table.parts]

    def finish(self, table: SheetTable) -> None:
        """Take a table that was read to the end of the sheet for the last one, if no header was met in it."""
        self._complete = self._complete or table is self._found[-1]

    def _rows(self, table: SheetTable) -> Iterator[Line]:
        """The lines of a table; looks for the next header on the way."""
        if table.end or self._complete:
            yield from table.body()
            return
        probe = next((at for at, part in enumerate(table.parts) if part.column.number), -1)
        above: Line | None = None
        for line, cells in table.body():
            if not _is_number(cells, probe):
                if self.begins(table, line, cells, above):
                    return
                above = line, cells
            yield line, cells
        self.finish(table)

    def _discover(self) -> bool:
        """Look for a table below those that are known."""
        known = len(self._found)
        for _ in () if self._complete else self._rows(self._found[-1]):
            pass
        return len(self._found) > known

    def _add(self, line: int, cells: Sequence[Cell], parts: Parts) -> None:
        texts = [str(cell).strip() for cell in cells]
        texts = [*texts[: len(parts)], *[""] * (len(parts) - len(texts))]
        where, before = place(self.sheet.name, "header"), self._problems.count
        if len(self._found) >= _MOST:
            self._problems.add(where, None, f"is one of more than {_MOST} in its sheet", "split the sheet", line)
        known = check_parts(self._reader, where, line, texts, parts, self._problems)
        sound = self._problems.count == before
        unit = weight_unit_of(known) if sound else ""
        self._problems.weight_units |= weight_units_read(known, self._reader) if sound else set()
        self._found.append(SheetTable(self.sheet, line, known if sound else (), unit))
        self._complete = self._complete or len(self._found) > _MOST


def find_tables(sheets: Sequence[Sheet], reader: HeaderReader, problems: Problems) -> list[SheetTables]:
    """The tables of every sheet that has any; a sheet without one is a problem, unless it plainly is a cover."""
    chosen = [(sheet, _choose(sheet, reader)) for sheet in sheets]
    any_complete = any(found and reader.complete(found.parts) for _, found in chosen)
    tables: list[SheetTables] = []
    for sheet, found in chosen:
        if found and (reader.score(found.parts) >= _LEAST or len(reader.required) == 1 or not any_complete):
            tables.append(SheetTables(reader, problems, found))
        elif any_complete and _is_cover(sheet, reader):
            problems.note(f"sheet {shown(sheet.name)} has no table and is not used")
        else:
            _report_none(sheet, reader, problems)
    return tables


def headers_of(
    sheets: Sequence[Sheet], columns: Sequence[Column], options: ReadOptions
) -> Iterator[tuple[str, int, tuple[Part, ...]]]:
    """The columns that the first header of each sheet names, as far as they are known: sheet, line and columns.

    For formats whose columns depend on which others are there; nothing is reported.
    """
    reader = HeaderReader(
        [replace(column, blank=None, named=False) if column.required else column for column in columns], options
    )
    for sheet in sheets:
        best = max(_candidates_of(sheet, reader), key=lambda found: reader.score(found.parts), default=None)
        if best:
            yield sheet.name, best.line, tuple(part for part in best.parts if part)


def has_brackets(sheet: Sheet, columns: Sequence[Column], options: ReadOptions) -> bool:
    """Whether any line that may be a header of a sheet names weight brackets beside columns of a format."""
    reader = HeaderReader(columns, options, None, "kg")
    return any(part and part.bracket for found in _candidates_of(sheet, reader) for part in found.parts)


def _candidates_of(sheet: Sheet, reader: HeaderReader) -> Iterator[_Candidate]:
    for reading in sheet.readings():
        yield from _candidates(reading, reader)


def _choose(sheet: Sheet, reader: HeaderReader) -> _Candidate | None:
    """The first line that names all columns that the format needs, under the separator that shows most of them.

    The line below it is taken where it names more, for the first one may name groups of columns; where no line names
    all, the line is taken that names most.
    """
    best: _Candidate | None = None
    rank = (False, 0)
    for reading in sheet.readings():
        for candidate in _candidates(reading, reader):
            score = reader.score(candidate.parts)
            own = reader.complete(candidate.parts) and score >= _LEAST, score
            if own > rank:
                best, rank = candidate, own
            elif rank[0] and best and best.sheet is reading:
                break
    return best._replace(sheet=best.sheet.chosen()) if best else None


def _candidates(reading: Sheet, reader: HeaderReader) -> Iterator[_Candidate]:
    """The first lines with anything in them, as headers."""
    above: list[Line] = []
    for number, cells in islice((line for line in reading.lines() if filled(line[1])), FAR):
        own = cells[: filled(cells)]
        parts = reader.parts(own, above[-1][1] if above else ())
        yield _Candidate(reading, number, own, parts, tuple(above))
        above.append((number, cells))


def _is_cover(sheet: Sheet, reader: HeaderReader) -> bool:
    """Whether no line of a sheet has as many cells as the table needs columns."""
    widest = max((sum(bool(str(cell).strip()) for cell in cells) for _, cells in sheet.lines()), default=0)
    return widest < max(len(reader.required), 2)


def _report_none(sheet: Sheet, reader: HeaderReader, problems: Problems) -> None:
    where = place(sheet.name, "header")
    first = next((number for number, cells in sheet.lines() if filled(cells)), 0)
    if not first:
        cause, fix = "there is no line with anything in it", "write the column names"
    else:
        cause = f"no line names the columns of this format: {missing_words(reader.required or reader.columns)}"
        fix = "write these names above the columns, or declare the format that the file is in"
    problems.add(where, None, cause, fix, first)


def _is_number(cells: Sequence[Cell], at: int) -> bool:
    """Whether a line has a number where the table has one, as no header does."""
    cell = cells[at] if 0 <= at < len(cells) else ""
    return not isinstance(cell, str) or (bool(cell) and not cell.strip(_DIGITS))


def _lines_words(lines: Sequence[Line]) -> str:
    """Some lines in words, with what the first of them says."""
    first = next(str(cell).strip() for cell in lines[0][1] if str(cell).strip())
    numbers = f"line {lines[0][0]}" if len(lines) == 1 else f"lines {lines[0][0]} to {lines[-1][0]}"
    return f"{numbers} ('{shown(first)}')"


__all__ = ["SheetTable", "SheetTables", "filled", "find_tables", "has_brackets", "headers_of"]
