"""Text files as columns of text, split many lines at a time."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from portes.tables.bulk.form import BulkError
from portes.tables.reading.sheets import MOST_LINES, TextSheet

_AS_IT_IS: Final = frozenset({"ascii", "utf-8", "utf-8-sig"})
_WIDEST: Final = 1_000
"""Columns; a table has some dozen."""
_FIRST: Final = 100
"""Cells that are looked at before all that differ are sought."""
_QUOTED: Final = '^"[^"]*"$'


class TextColumns:
    """The cells below a header, piece by piece: frames with a column of text for each cell of the header.

    The columns are named by their places, from 0. Raises `BulkError` where lines or cells cannot be told apart
    by their separators alone.
    """

    def __init__(self, sheet: TextSheet, header: int, width: int, piece: int) -> None:
        self._named = width
        self._piece = piece
        self._separator = sheet.delimiter()
        self._source = sheet.source if sheet.encoding in _AS_IT_IS else sheet.source.decode(sheet.encoding).encode()
        self._begin = _after_lines(self._source, header)
        self._width = max(width, self._cells_of_line(self._begin))
        source, mark = self._source, f"\n{sheet.comment}".encode()
        broken = b"\r" in source and source.count(b"\r") != source.count(b"\r\n")
        commented = len(mark) > 1 and source.find(mark, self._begin - 1) >= 0
        widest = self._width > _WIDEST or len(self._separator.encode()) > 1
        if broken or commented or widest or source.count(b"\n") > MOST_LINES:
            raise BulkError

    def pieces(self) -> Iterator[slice]:
        """Where pieces of whole lines stand."""
        begin = self._begin
        while begin < len(self._source):
            end = self._source.find(b"\n", begin + self._piece) + 1 or len(self._source)
            yield slice(begin, end)
            begin = end

    def split(self, piece: slice) -> pl.DataFrame:
        """The lines of a piece that are not blank.

        Raises `BulkError` for one that has more cells than the header.
        """
        frame = self._split(self._source[piece])
        if not all((frame[name] == "").all() for name in frame.columns[self._named :]):
            raise BulkError
        return _without_blank_lines(frame[:, : self._named])

    def cells(self, place: str) -> Iterator[str]:
        """The cells of a column as often as they differ in a piece; a few more first, which mostly tell enough."""
        for frame in map(self.split, self.pieces()):
            yield from frame[place].head(_FIRST)
            yield from frame[place].unique(maintain_order=True)

    def _cells_of_line(self, begin: int) -> int:
        end = self._source.find(b"\n", begin)
        line = self._source[begin : end if end >= 0 else len(self._source)]
        return line.count(self._separator.encode()) + 1

    def _split(self, source: bytes) -> pl.DataFrame:
        try:
            frame = pl.read_csv(
                source,
                has_header=False,
                separator=self._separator,
                quote_char=None,
                schema={str(at): pl.String for at in range(self._width)},
                empty_string_is_null=False,
                missing_columns="insert",
            )
        except pl.exceptions.PolarsError as error:
            raise BulkError from error
        filled = frame.fill_null("") if sum(frame.null_count().row(0)) else frame
        return _unquoted(filled) if b'"' in source else filled


def _after_lines(source: bytes, count: int) -> int:
    at = 0
    for _ in range(count):
        at = source.find(b"\n", at) + 1
        if not at:
            raise BulkError
    return at


def _unquoted(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells without the quotes around them.

    A quote that is not at both ends of a cell means that a separator, a line's end or a quote stands between two.
    """
    for name in frame.columns:
        text = frame[name]
        if text.str.contains('"', literal=True).any():
            if not (~text.str.contains('"', literal=True) | text.str.contains(_QUOTED)).all():
                raise BulkError
            frame = frame.with_columns(text.str.strip_chars('"'))
    return frame


def _without_blank_lines(frame: pl.DataFrame) -> pl.DataFrame:
    if not (frame[:, 0].str.strip_chars() == "").any():
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().str.strip_chars() == ""))
