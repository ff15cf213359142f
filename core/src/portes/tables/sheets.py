"""Bytes of a text file or workbook, as sheets of cells."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from portes.errors import Problem, Problems, SettingsError
from portes.tables.cells import Cell
from portes.tables.protocol import ReadOptions

Line = tuple[int, Sequence[Cell]]
"""A line's number, from 1, and its cells."""

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS are zip archives, XLS an OLE file
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES: Final = ("utf-8", "windows-1252", "latin-1")
_SEPARATORS: Final = (",", ";", "\t")


class Sheet(Protocol):
    """A grid of cells that can be gone through more than once."""

    @property
    def name(self) -> str:
        """The sheet's name; empty for a text file."""
        ...

    def lines(self) -> Iterator[Line]:
        """The sheet's lines, blank ones included, comments not."""
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
    for encoding in [declared] if declared else marked or _GUESSES:
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

    def lines(self) -> Iterator[Line]:
        """The file's lines, until one breaks the rules of quoting."""
        text = io.TextIOWrapper(io.BytesIO(self.source), encoding=self.encoding, newline="")
        rows = csv.reader(self._uncommented(text), delimiter=self.separator or self._detect(), strict=True)
        try:
            for row in rows:
                yield rows.line_num, row
        except csv.Error as error:
            if not self._reported:
                self.problems.add("row", None, f"cannot be split into cells: {error}", "mend its quotes", rows.line_num)
            self._reported = True

    def _uncommented(self, text: Iterator[str]) -> Iterator[str]:
        if not self.comment:
            return text
        return ("\n" if line.startswith(self.comment) else line for line in text)

    def _detect(self) -> str:
        text = io.TextIOWrapper(io.BytesIO(self.source), encoding=self.encoding, newline="")
        header = next((line for line in self._uncommented(text) if line.strip()), "")
        return max(_SEPARATORS, key=header.count)


def _workbook(source: bytes, problems: Problems) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError as error:
        problems.add("file", None, f"is no workbook that can be read: {error}", "save it as XLSX or CSV")
        return []
    return [BookSheet(sheet, sheet.name if len(sheets) > 1 else "") for sheet in sheets if sheet.total_height]


@dataclass(frozen=True)
class BookSheet:
    """One sheet of a workbook, read row by row."""

    sheet: CalamineSheet
    name: str

    def lines(self) -> Iterator[Line]:
        """The sheet's lines, numbered as the spreadsheet shows them."""
        for number, row in enumerate(self.sheet.to_python(skip_empty_area=False), start=1):
            yield number, [_cell(value) for value in row]


def _cell(value: Any) -> Cell:  # noqa: ANN401 — whatever a spreadsheet holds
    if isinstance(value, str | float | timedelta) or type(value) is int:
        return value
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return value.isoformat() if isinstance(value, date) else str(value).upper()
