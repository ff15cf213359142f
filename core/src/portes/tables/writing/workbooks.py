"""Lines of cells as an XLS workbook, the kind that portals of shops take: BIFF8 in a compound file.

Written by the layouts that Microsoft publishes (MS-XLS, MS-CFB), for no library that is kept writes them. A workbook
has what readers ask for: fonts and formats of its cells, one list of texts, and its sheets.
"""

from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from struct import Struct, pack
from typing import Final

from portes.tables.writing.compound import compound_file, compound_size
from portes.tables.writing.files import Cells

MOST_LINES: Final = 65_536
"""Of a sheet."""
_CELL: Final = 15
"""The format of every cell: the first one after those of styles."""
_SMALL: Final = 1 << 29
"""Whole numbers below it fit into 30 bits with their sign."""
_CHUNK: Final = 8000
"""Bytes of texts in one record; it may have 8224."""
_LINE: Final = Struct("<H")
_BOF, _EOF, _CONTINUE, _SST = 0x0809, 0x000A, 0x003C, 0x00FC
_RK, _NUMBER, _LABEL = 0x027E, 0x0203, 0x00FD
_STYLES: Final = 0xFFF5
"""The mark of a format that styles go by."""


def _record(number: int, body: bytes) -> bytes:
    return pack("<HH", number, len(body)) + body


_GLOBALS: Final = b"".join(
    [
        _record(_BOF, pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)),
        _record(0x0042, pack("<H", 1200)),  # UTF-16
        _record(0x003D, pack("<9H", 0, 0, 0x4000, 0x2000, 0x38, 0, 0, 1, 600)),  # the window
        *[_record(0x0031, pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")] * 5,
        *[_record(0x00E0, pack("<HHHBBBBIIH", 0, 0, _STYLES, 0x20, 0, 0, 0, 0, 0, 0x20C0))] * _CELL,
        _record(0x00E0, pack("<HHHBBBBIIH", 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)),
        _record(0x0293, pack("<HBB", 0x8000, 0, 0xFF)),  # the style "normal"
    ]
)
_SHEET_BEGIN: Final = _record(_BOF, pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
_SHEET_END: Final = _record(0x023E, pack("<HHHIHHI", 0x00B6, 0, 0, 64, 0, 0, 0)) + _record(_EOF, b"")
_DIMENSIONS: Final = 18
"""Bytes of the record that says how many lines and columns a sheet has."""


class OpenWorkbook:
    """A workbook with a header on each sheet; a sheet that is full is followed by another one."""

    def __init__(self, header: Cells, numbers: Collection[int], most_rows: int | None, most_bytes: int | None) -> None:
        self.rows = 0
        self._header, self._numbers = header, frozenset(numbers)
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self._texts: dict[str, int] = {}
        self._text_bytes = 0
        self._sheets: list[bytearray] = []
        self._lines: list[int] = []
        self._known: list[dict[str, tuple[bytes, bytes]]] = [{} for _ in header]

    def add(self, lines: Sequence[Cells]) -> bool:
        """Take the lines; False, and nothing taken, where the file would grow beyond its limits."""
        if self._most_rows is not None and self.rows + len(lines) > self._most_rows:
            return False
        if len(lines) >= MOST_LINES:
            return False
        texts, text_bytes = len(self._texts), self._text_bytes
        sheets, count = len(self._sheets), self._lines[-1] if self._lines else MOST_LINES
        if count + len(lines) > MOST_LINES:
            self._sheets.append(bytearray(_SHEET_BEGIN + bytes(_DIMENSIONS)))
            self._lines.append(0)
            self._write([self._header])
        length = len(self._sheets[-1])
        self._write(lines)
        if self._most_bytes is None or compound_size(self._stream_size()) <= self._most_bytes:
            self.rows += len(lines)
            return True
        self._take_back(sheets, length, count, texts, text_bytes)
        return False

    def content(self) -> bytes:
        """The bytes of the whole file."""
        stream = BytesIO()
        names = [f"Sheet{number}".encode() for number in range(1, len(self._sheets) + 1)]
        at = len(_GLOBALS) + sum(_bound_size(name) for name in names) + self._texts_size() + 4
        stream.write(_GLOBALS)
        for name, sheet in zip(names, self._sheets, strict=True):
            stream.write(_record(0x0085, pack("<IBBBB", at, 0, 0, len(name), 0) + name))
            at += len(sheet) + len(_SHEET_END)
        stream.writelines(self._text_records())
        stream.write(_record(_EOF, b""))
        for sheet, count in zip(self._sheets, self._lines, strict=True):
            sides = pack("<IIHHH", 0, count, 0, len(self._header), 0)
            sheet[len(_SHEET_BEGIN) : len(_SHEET_BEGIN) + _DIMENSIONS] = _record(0x0200, sides)
            stream.write(sheet)
            stream.write(_SHEET_END)
        return compound_file("Workbook", stream.getvalue())

    def _write(self, lines: Sequence[Cells]) -> None:
        sheet, number, known = self._sheets[-1], self._lines[-1], self._known
        texts_only = number == 0
        for line in lines:
            at = _LINE.pack(number)
            for column, text in enumerate(line):
                if text:
                    cell = known[column].get(text) or self._cell(column, text, texts_only=texts_only)
                    sheet += cell[0] + at + cell[1]
            number += 1
        self._lines[-1] = number

    def _cell(self, column: int, text: str, *, texts_only: bool) -> tuple[bytes, bytes]:
        """What stands before and behind the number of the line in a cell's record."""
        kind, body = _LABEL, b""
        if column in self._numbers and not texts_only:
            kind, body = _number(text)
        if kind == _LABEL:
            body = pack("<I", self._text_number(text))
        cell = pack("<HH", kind, 6 + len(body)), pack("<HH", column, _CELL) + body
        if len(self._known[column]) >= MOST_LINES:
            self._known[column].clear()
        self._known[column][text] = cell
        return cell

    def _text_number(self, text: str) -> int:
        if text not in self._texts:
            self._texts[text] = len(self._texts)
            self._text_bytes += len(_text(text))
        return self._texts[text]

    def _take_back(self, sheets: int, length: int, count: int, texts: int, text_bytes: int) -> None:
        """Forget what was written since a file had these sizes."""
        if len(self._sheets) > sheets:
            del self._sheets[sheets:], self._lines[sheets:]
        else:
            del self._sheets[-1][length:]
            self._lines[-1] = count
        for known in self._known:
            known.clear()  # they may know texts that are forgotten
        for text in list(self._texts)[texts:]:
            del self._texts[text]
        self._text_bytes = text_bytes

    def _stream_size(self) -> int:
        bounds = sum(_bound_size(b"Sheet%d" % number) for number in range(1, len(self._sheets) + 1))
        sheets = sum(map(len, self._sheets)) + len(self._sheets) * len(_SHEET_END)
        return len(_GLOBALS) + bounds + self._most_text_bytes() + 4 + sheets

    def _most_text_bytes(self) -> int:
        """Bytes of the list of texts at most: a record is closed early where the next text does not fit."""
        return 12 + self._text_bytes + 4 * (self._text_bytes // (_CHUNK - 600) + 1)

    def _texts_size(self) -> int:
        return sum(map(len, self._text_records()))

    def _text_records(self) -> Iterator[bytes]:
        """The list of texts: its first record, and those that continue it, none of which cuts a text in two."""
        body = pack("<II", len(self._texts), len(self._texts))
        number = _SST
        for text in self._texts:
            piece = _text(text)
            if len(body) + len(piece) > _CHUNK:
                yield _record(number, body)
                number, body = _CONTINUE, b""
            body += piece
        yield _record(number, body)


def _bound_size(name: bytes) -> int:
    return 4 + 8 + len(name)


def _text(text: str) -> bytes:
    """A text as workbooks have it: in one byte a sign where that is enough, else in two."""
    try:
        return pack("<HB", len(text), 0) + text.encode("latin-1")
    except UnicodeEncodeError:
        source = text.encode("utf-16-le")
        return pack("<HB", len(source) // 2, 1) + source


def _number(text: str) -> tuple[int, bytes]:
    """The kind of record and the number: in four bytes where it is one of at most two decimals, else a float."""
    whole, _, decimals = text.partition(".")
    if len(decimals) <= 2:
        number = int(whole + decimals.ljust(2, "0"))
        if number < _SMALL:
            return _RK, pack("<i", number // 100 << 2 | 2 if number % 100 == 0 else number << 2 | 3)
    return _NUMBER, pack("<d", float(text))
