"""Bytes of a text file or workbook, as sheets of cells."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from portes.errors import Problem, Problems, SettingsError
from portes.tables.cells import Cell, PercentCell, UnseenCell
from portes.tables.percent_formats import PercentFormats, Position
from portes.tables.protocol import ReadOptions

Line = tuple[int, Sequence[Cell]]
"""A line's number, from 1, and its cells."""

_ZIP: Final = b"PK\x03\x04"
_WORKBOOKS: Final = (_ZIP, b"\xd0\xcf\x11\xe0")  # XLSX and ODS are zip archives, XLS an OLE file
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES: Final = ("utf-8", "windows-1252", "latin-1")
_HEADER: Final = "postal_from;price\n"
_OF_NAMES: Final = frozenset({"idna", "punycode"})
"""Encodings of host names: a file takes them time that grows with its square."""
_SEPARATORS: Final = (",", ";", "\t")
_DECLARED: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t]*\s*', re.IGNORECASE)
"""What spreadsheets take a first line to say: `sep=;`."""


class Sheet(Protocol):
    """A grid of cells that can be gone through more than once."""

    @property
    def name(self) -> str:
        """The sheet's name; empty for a text file."""
        ...

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The sheet's lines, blank ones included, comments not.

        Numbers in the columns `percents`, counted from 0, are told with their format, where there is one.
        """
        ...


def read_source(path: Path) -> bytes:
    """The bytes of a table's file. Raises `SettingsError` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(unreadable(path, error)) from error


def unreadable(path: Path, error: OSError) -> Problem:
    """The problem of a file that cannot be opened or read."""
    return Problem("file", path, f"cannot be read: {error.strerror}", "correct the path or its permissions")


def text_encoding(name: str) -> str:
    """The name by which Python knows an encoding of text. Raises `ValueError` with cause and fix."""
    try:
        known = codecs.lookup(name).name if _HEADER.encode(name).decode(name) == _HEADER else ""
    except (LookupError, ValueError):
        known = ""
    if not known or known in _OF_NAMES:
        msg = "is no encoding of text files that Python knows; write utf-8 or windows-1252"
        raise ValueError(msg)
    return known


def open_sheets(source: bytes, options: ReadOptions, problems: Problems, comment: str = "") -> list[Sheet]:
    """The sheets of a file, whatever kind it is; none when it cannot be told.

    Lines of a text file that begin with `comment` are left out.
    """
    if source.startswith(_WORKBOOKS):
        return _workbook(source, problems)
    encoding = _encoding(source, options.encoding, problems)
    return [TextSheet(source, encoding, options.separator, comment, problems)] if encoding else []


def _encoding(source: bytes, declared: str | None, problems: Problems) -> str | None:
    marked = [encoding for mark, encoding in _MARKS if source.startswith(mark)]
    for encoding in marked or ([declared] if declared else _GUESSES):
        try:
            codecs.decode(source, encoding)
        except UnicodeDecodeError as error:
            wrong = error
            continue
        return encoding
    line = source.count(b"\n", 0, wrong.start) + 1
    problems.add(
        "encoding", source[wrong.start : wrong.end], f"is no text in {wrong.encoding}", "declare its encoding", line
    )
    return None


@dataclass(slots=True)
class TextSheet:
    """A text file whose cells stand between separators."""

    source: bytes
    encoding: str
    separator: str | None
    comment: str
    problems: Problems
    name: str = ""
    _reported: bool = False
    """Whether what is broken was reported already: lines are gone through more than once."""

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:  # noqa: ARG002 — text has no formats
        """The file's lines, until one breaks the rules of quoting."""
        rows = csv.reader(self._text(), delimiter=self.separator or self._detect(), strict=True)
        try:
            for row in rows:
                yield rows.line_num, row
        except csv.Error as error:
            if not self._reported:
                self.problems.add("row", None, f"cannot be split into cells: {error}", "mend its quotes", rows.line_num)
            self._reported = True

    def _text(self) -> Iterator[str]:
        """The file's lines, with nothing on those that are comments or only say what separates cells."""
        text = self._opened()
        first = next(text, "")
        yield "\n" if _DECLARED.fullmatch(first) else self._uncommented(first)
        yield from map(self._uncommented, text) if self.comment else text

    def _opened(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self.source), encoding=self.encoding, newline="")

    def _uncommented(self, line: str) -> str:
        return "\n" if self.comment and line.startswith(self.comment) else line

    def _detect(self) -> str:
        declared = _DECLARED.fullmatch(next(self._opened(), ""))
        if declared:
            return declared[1]
        header = next((line for line in self._text() if line.strip()), "")
        return max(_SEPARATORS, key=header.count)


def _workbook(source: bytes, problems: Problems) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError as error:
        problems.add("file", None, f"is no workbook that can be read: {error}", "save it as XLSX or CSV")
        return []
    return [BookSheet(sheet, sheet.name if len(sheets) > 1 else "", source) for sheet in sheets if sheet.total_height]


@dataclass(slots=True)
class BookSheet:
    """One sheet of a workbook, read row by row."""

    sheet: CalamineSheet
    name: str
    source: bytes
    _shown: dict[frozenset[int], frozenset[Position] | None] = field(default_factory=dict)
    """Where percentages stand in some columns, once they were looked for: lines are gone through more than once."""

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The sheet's lines, numbered as the spreadsheet shows them."""
        shown = self._percentages(frozenset(percents)) if percents else frozenset()
        for number, row in enumerate(self.sheet.to_python(skip_empty_area=False), start=1):
            cells = [_cell(value) for value in row]
            for column in percents:
                value = cells[column] if column < len(cells) else ""
                if isinstance(value, float | int) and (shown is None or (number, column) in shown):
                    cells[column] = UnseenCell(value) if shown is None else PercentCell(value)
            yield number, cells

    def _percentages(self, columns: frozenset[int]) -> frozenset[Position] | None:
        """Where percentages stand; None when this kind of file does not tell its formats."""
        if columns not in self._shown:
            formats = PercentFormats(self.source) if self.source.startswith(_ZIP) else None
            told = formats.positions(self.sheet.name, columns) if formats and formats.told else None
            self._shown[columns] = told
        return self._shown[columns]


def _cell(value: Any) -> Cell:  # noqa: ANN401 — whatever a spreadsheet holds
    if isinstance(value, str | float | timedelta) or type(value) is int:
        return value
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return value.isoformat() if isinstance(value, date) else str(value).upper()
