"""Bytes of a text file or workbook, as sheets of cells."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from portes.errors import Problem, Problems, SettingsError, shown
from portes.files import LARGEST_FILE, RefusedFileError, read_limited
from portes.tables.protocol import ReadOptions
from portes.tables.reading.archives import unpack
from portes.tables.reading.cells import Line
from portes.tables.reading.fields import place
from portes.tables.reading.words import is_error
from portes.tables.reading.workbooks import SIGNATURES, BookSheet, read_workbook

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES: Final = ("utf-8", "windows-1252", "latin-1")
_HEADER: Final = "postal_from;price\n"
_OF_NAMES: Final = frozenset({"idna", "punycode"})
"""Encodings of host names: a file takes them time that grows with its square."""
_PIECE: Final = 1 << 20
MOST_LINES: Final = 5_000_000
LONGEST_LINE: Final = 1_000_000
"""Characters; a cell has at most 131,072 of them."""
_SEPARATORS: Final = (",", ";", "\t")
_DECLARED: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t]*\s*', re.IGNORECASE)
"""What spreadsheets take a first line to say: `sep=;`."""


class _LargeLineError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Sheet(Protocol):
    """A grid of cells that can be gone through more than once."""

    @property
    def name(self) -> str:
        """The sheet's name; empty for a text file."""
        ...

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The sheet's lines, without comments; blank ones may be left out.

        Numbers in the columns `percents`, counted from 0, are told with their format, where there is one.
        """
        ...

    def readings(self) -> "Sequence[Sheet]":
        """The sheet in each way that its cells may be told apart, the likeliest first; none reports what is broken."""
        ...

    def chosen(self) -> "Sheet":
        """The sheet in this way, which reports what is broken."""
        ...


def read_source(path: Path, limit: int = LARGEST_FILE, within: Path | None = None) -> bytes:
    """The bytes of a file; no link may lead out of the folder `within`. Raises `SettingsError` naming the path."""
    try:
        return read_limited(path, limit, within)
    except OSError as error:
        fix = error.fix if isinstance(error, RefusedFileError) else "correct the path or its permissions"
        raise SettingsError(Problem("file", path, f"cannot be read: {error.strerror}", fix)) from error


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
    """The sheets of a file, whatever kind it is, or of all files in an archive; none when it cannot be told.

    Lines of a text file that begin with `comment` are left out.
    """
    files = unpack(source, problems)
    if files is None:
        return _sheets_of(source, options, problems, comment, "")
    return [sheet for name, held in files for sheet in _sheets_of(held, options, problems, comment, name)]


def _sheets_of(source: bytes, options: ReadOptions, problems: Problems, comment: str, packed: str) -> list[Sheet]:
    """The sheets of one file; one that was packed is named, and so are its sheets."""
    if source.startswith(SIGNATURES):
        return [sheet for sheet in _book_sheets(source, problems, packed) if _is_seen(sheet, problems)]
    encoding = _encoding(source, options.encoding, problems, packed)
    return [TextSheet(source, encoding, options.separator, comment, problems, packed)] if encoding else []


def _book_sheets(source: bytes, problems: Problems, packed: str) -> list[BookSheet]:
    if not packed:
        return read_workbook(source, problems)
    own = Problems()
    sheets = read_workbook(source, own, once=False)  # its bytes are held by nobody
    for found in own.all():
        problems.add(place(packed, found.where), found.value or None, found.cause, found.fix, found.line)
    return [replace(sheet, name=place(packed, sheet.name) if sheet.name else packed) for sheet in sheets]


def _is_seen(sheet: BookSheet, problems: Problems) -> bool:
    if sheet.hidden:
        problems.note(f"sheet {shown(sheet.name)} is hidden and is not used")
    return not sheet.hidden


def _encoding(source: bytes, declared: str | None, problems: Problems, packed: str) -> str | None:
    if not declared and source.isascii():
        return _GUESSES[0]  # as going through it would tell
    marked = [encoding for mark, encoding in _MARKS if source.startswith(mark)]
    unplaced = (declared, "is not the file's", "declare the file's own, such as utf-8", 0)
    wrong: tuple[object, str, str, int] = unplaced
    for encoding in marked or ([declared] if declared else _GUESSES):
        at = 0
        try:
            decoder = codecs.getincrementaldecoder(encoding)()  # as the file is read afterwards, and piece by piece
            for at in range(0, len(source) + 1, _PIECE):
                decoder.decode(source[at : at + _PIECE], final=at + _PIECE > len(source))
        except UnicodeDecodeError as error:
            end = min(at + _PIECE, len(source))
            line = source.count(b"\n", 0, end - len(error.object) + error.start) + 1
            cause = f"is no text in {error.encoding}"
            wrong = (error.object[error.start : error.end], cause, "declare its encoding", line)
        except UnicodeError:  # some encodings do not tell where
            wrong = unplaced
        else:
            return encoding
    problems.add(place(packed, "encoding"), *wrong)
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
    quiet: bool = False
    """Whether what is broken is kept to itself: the separator is only tried."""
    _reported: bool = False
    """Whether what is broken was reported already: lines are gone through more than once."""

    def readings(self) -> "Sequence[TextSheet]":
        """The file under each separator that it may have."""
        try:
            declared = self.separator or _DECLARED.fullmatch(next(self._opened(), ""))
            likeliest = self._detect()
        except _LargeLineError:  # whoever reads the lines is told
            return [replace(self, quiet=True)]
        others = () if declared else (separator for separator in _SEPARATORS if separator != likeliest)
        return [replace(self, separator=separator, quiet=True) for separator in (self.separator or likeliest, *others)]

    def chosen(self) -> "TextSheet":
        """The file under this separator."""
        return replace(self, quiet=False)

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:  # noqa: ARG002 — text has no formats
        """The file's lines, until one breaks the rules of quoting."""
        try:
            rows = csv.reader(self._text(), delimiter=self.delimiter(), strict=True)
            for row in rows:
                yield rows.line_num, row
                if rows.line_num >= MOST_LINES:
                    self._report(f"is one of more than {MOST_LINES} lines", "split the file", rows.line_num)
                    return
        except _LargeLineError as error:
            self._report(f"is longer than {LONGEST_LINE} characters", "mend its quotes and line breaks", error.line)
        except csv.Error as error:
            self._report(f"cannot be split into cells: {error}", "mend its quotes", rows.line_num)

    def delimiter(self) -> str:
        """What stands between cells: declared, or detected."""
        return self.separator or self._detect()

    def _report(self, cause: str, fix: str, line: int) -> None:
        if not self._reported and not self.quiet:
            self.problems.add(place(self.name, "row"), None, cause, fix, line)
            self._reported = True

    def _text(self) -> Iterator[str]:
        """The file's lines, with nothing on those that are comments or only say what separates cells."""
        text = self._opened()
        first = next(text, "")
        yield "\n" if _DECLARED.fullmatch(first) else self._uncommented(first)
        yield from map(self._uncommented, text) if self.comment else text

    def _opened(self) -> Iterator[str]:
        """The file's lines as they stand. Raises `_LargeLineError`."""
        file = io.TextIOWrapper(io.BytesIO(self.source), encoding=self.encoding, newline="")
        for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE + 1), ""), start=1):
            if len(line) > LONGEST_LINE:
                raise _LargeLineError(number)
            yield line

    def _uncommented(self, line: str) -> str:
        if not (self.comment and line.startswith(self.comment)):
            return line
        first = re.split(r"[,;\t\r\n]", line, maxsplit=1)[0]
        return line if is_error(first) else "\n"  # a row that begins with #REF! is no comment

    def _detect(self) -> str:
        declared = _DECLARED.fullmatch(next(self._opened(), ""))
        if declared:
            return declared[1]
        header = next((line for line in self._text() if line.strip()), "")
        return max(_SEPARATORS, key=header.count)
