"""Text files as columns of cells, split many lines at a time."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np

from portes.tables.bulk.form import BulkError
from portes.tables.bulk.spans import ASCII, SPACE, WORD, CellSpans, FileText, Numbers, Truths
from portes.tables.reading.sheets import MOST_LINES, TextSheet

_AS_IT_IS: Final = frozenset({"ascii", "utf-8", "utf-8-sig"})
_WIDEST: Final = 1_000
"""Columns; a table has some dozen."""
_FIRST: Final = 100
"""Cells that are looked at before all that differ are sought."""
_LINE_END, _RETURN, _QUOTE = b'\n\r"'


_Places: TypeAlias = tuple[Numbers, Numbers]
"""Of the cells of a column, the first byte of each, and the one after its last."""


class TextColumns:
    """The cells below a header, piece by piece: for each cell of the header, those of its column.

    Raises `BulkError` where lines or cells cannot be told apart by their separators alone.
    """

    def __init__(self, sheet: TextSheet, header: int, width: int, piece: int) -> None:
        self._named = width
        self._piece = piece
        separator = sheet.delimiter().encode()
        source = sheet.source if sheet.encoding in _AS_IT_IS else sheet.source.decode(sheet.encoding).encode()
        self._begin = _after_lines(source, header)
        self._width = max(width, _line_from(source, self._begin).count(separator) + 1)
        self._comment = sheet.comment.encode()
        self._returns = b"\r" in source
        self._quotes = b'"' in source
        broken = self._returns and source.count(b"\r") != source.count(b"\r\n")
        odd = broken or self._width > _WIDEST or len(separator) > 1 or self._begin < WORD
        if odd or source.count(b"\n") >= MOST_LINES:
            raise BulkError
        self._separator = separator[0]
        self._text = FileText(source)

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return len(self._text.source)

    def pieces(self) -> Iterator[slice]:
        """Where pieces of whole lines stand."""
        source, begin = self._text.source, self._begin
        while begin < len(source):
            end = source.find(b"\n", begin + self._piece) + 1 or len(source)
            yield slice(begin, end)
            begin = end

    def split(self, piece: slice) -> Sequence[CellSpans]:
        """The columns of a piece, without its blank lines.

        Raises `BulkError` for a line that has more cells than the header.
        """
        found = self._columns(piece)
        columns = [
            CellSpans(self._text, *column) for column in (self._unquoted(found, piece) if self._quotes else found)
        ]
        if any(column.lengths.any() for column in columns[self._named :]):
            raise BulkError
        del columns[self._named :]
        blank = self._blank(columns)
        return columns if blank is None else [column.at(~blank) for column in columns]

    def cells(self, place: int) -> Iterator[str]:
        """The cells of a column as often as they differ in a piece; a few more first, which mostly tell enough."""
        for columns in map(self.split, self.pieces()):
            column = columns[place]
            if len(column):
                yield from column.at(slice(_FIRST)).texts()
                yield from column.at(column.different()[0]).texts()

    def _columns(self, piece: slice) -> Sequence[_Places]:
        """Where the cells of a piece stand, with their quotes."""
        signs, width = self._text.bytes[piece], self._width
        line_end = signs == _LINE_END
        count = np.count_nonzero(line_end)
        line_end |= signs == self._separator
        ends = np.flatnonzero(line_end)
        if signs[-1] != _LINE_END:
            ends, count = np.append(ends, len(signs)), count + 1
        regular = len(ends) == count * width and (signs[ends[width - 1 : -1 : width]] == _LINE_END).all()
        ends += piece.start
        return self._regular(piece.start, ends) if regular else self._ragged(piece, ends)

    def _regular(self, begin: int, ends: Numbers) -> Sequence[_Places]:
        """Cells of lines that are equally long."""
        by_column = np.ascontiguousarray(ends.reshape(-1, self._width).T)
        lines = np.append([begin], by_column[-1, :-1] + 1)
        self._see_no_comment(lines)
        begins = [lines, *(each + 1 for each in by_column[:-1])]
        return [*zip(begins, [*by_column[:-1], self._without_return(begins[-1], by_column[-1])], strict=True)]

    def _ragged(self, piece: slice, ends: Numbers) -> Sequence[_Places]:
        """Cells of lines that are not equally long, with blank ones at the end of the shorter."""
        begins = np.append([piece.start], ends[:-1] + 1)
        last = np.append(self._text.bytes[ends[:-1]] == _LINE_END, [True])
        line_ends = np.flatnonzero(last)
        counts = np.diff(line_ends, prepend=-1)
        if counts.max() > self._width:
            raise BulkError
        self._see_no_comment(begins[line_ends + 1 - counts])
        ends[line_ends] = self._without_return(begins[line_ends], ends[line_ends])
        lines = np.repeat(np.arange(len(counts)), counts)
        columns = np.arange(len(ends)) - np.repeat(line_ends + 1 - counts, counts)
        all_begins, all_ends = (np.tile(ends[line_ends], (self._width, 1)) for _ in range(2))
        all_begins[columns, lines], all_ends[columns, lines] = begins, ends
        return [*zip(all_begins, all_ends, strict=True)]

    def _without_return(self, begins: Numbers, ends: Numbers) -> Numbers:
        """The ends of the last cells of lines, which may end as in Windows."""
        return ends - ((self._text.bytes[ends - 1] == _RETURN) & (ends > begins)) if self._returns else ends

    def _see_no_comment(self, lines: Numbers) -> None:
        """See that no line is a comment. Raises `BulkError` for one."""
        if self._comment:
            seen = lines[self._signs(lines) == self._comment[0]]
            if any(self._text.source.startswith(self._comment, at) for at in seen.tolist()):
                raise BulkError

    def _unquoted(self, columns: Sequence[_Places], piece: slice) -> Iterator[_Places]:
        """The cells without the quotes around them.

        Raises `BulkError` for another quote: a separator, a line's end or a quote stands between two.
        """
        left = np.count_nonzero(self._text.bytes[piece] == _QUOTE)
        for begins, ends in columns:
            quoted = (ends - begins > 1) & (self._signs(begins) == _QUOTE) & (self._text.bytes[ends - 1] == _QUOTE)
            left -= 2 * np.count_nonzero(quoted)
            yield begins + quoted, ends - quoted
        if left:
            raise BulkError

    def _blank(self, columns: Sequence[CellSpans]) -> Truths | None:
        """Which lines are blank; None where none is."""
        left = np.arange(len(columns[0]))
        for column in columns:
            first = self._signs(column.begins[left])
            left = left[(column.lengths[left] == 0) | (first <= SPACE) | (first >= ASCII)]
            if not len(left):
                return None
        filled = left[np.any([column.lengths[left] > 0 for column in columns], axis=0)]
        worded = [at for at in filled.tolist() if any(text.strip() for one in columns for text in one.at([at]).texts())]
        blank = np.zeros(len(columns[0]), np.bool_)
        blank[left] = True
        blank[worded] = False
        return blank

    def _signs(self, begins: Numbers) -> "Numbers":
        """The first byte of cells; of a blank one at the end of the file, its last."""
        return self._text.bytes[np.minimum(begins, len(self._text.bytes) - 1)]


def _line_from(source: bytes, begin: int) -> bytes:
    end = source.find(b"\n", begin)
    return source[begin : end if end >= 0 else len(source)]


def _after_lines(source: bytes, count: int) -> int:
    at = 0
    for _ in range(count):
        at = source.find(b"\n", at) + 1
        if not at:
            raise BulkError
    return at
