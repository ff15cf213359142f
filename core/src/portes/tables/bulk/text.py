"""Text files as columns of text, split all at once."""

from typing import Final

import polars as pl

from portes.tables.bulk.form import LineByLineError
from portes.tables.reading.sheets import MOST_LINES, TextSheet

_AS_IT_IS: Final = frozenset({"ascii", "utf-8", "utf-8-sig"})
_WIDEST: Final = 1_000
"""Columns; a table has some dozen."""
_QUOTED: Final = '^"[^"]*"$'


def split_columns(sheet: TextSheet, header: int, width: int) -> pl.DataFrame:
    """The cells below the header's line: a column of text for each of the header's names, named by its place.

    Blank lines are left out. Raises `LineByLineError` where lines or cells cannot be told apart by their separators
    alone, and where a line has more cells than the header.
    """
    source = sheet.source
    if sheet.encoding not in _AS_IT_IS:
        source = source.decode(sheet.encoding).encode()
    separator = sheet.delimiter()
    begin = _after_lines(source, header)
    broken = len(separator.encode()) > 1 or source.count(b"\r") != source.count(b"\r\n")
    commented = bool(sheet.comment) and source.find(f"\n{sheet.comment}".encode(), begin - 1) >= 0
    if broken or commented or source.count(b"\n") > MOST_LINES:
        raise LineByLineError
    frame = _split(source, header, separator, max(width, _cells_of_line(source, begin, separator)))
    if b'"' in source:
        frame = _unquoted(frame)
    if not all((frame[name] == "").all() for name in frame.columns[width:]):
        raise LineByLineError
    return _without_blank_lines(frame[:, :width])


def _after_lines(source: bytes, count: int) -> int:
    at = 0
    for _ in range(count):
        at = source.find(b"\n", at) + 1
        if not at:
            raise LineByLineError
    return at


def _cells_of_line(source: bytes, begin: int, separator: str) -> int:
    end = source.find(b"\n", begin)
    return source[begin : end if end >= 0 else len(source)].count(separator.encode()) + 1


def _split(source: bytes, header: int, separator: str, width: int) -> pl.DataFrame:
    if width > _WIDEST:
        raise LineByLineError
    try:
        frame = pl.read_csv(
            source,
            has_header=False,
            skip_lines=header,
            separator=separator,
            quote_char=None,
            schema={str(at): pl.String for at in range(width)},
            empty_string_is_null=False,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        raise LineByLineError from error
    return frame.fill_null("")


def _unquoted(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells without the quotes around them.

    A quote that is not at both ends of a cell means that a separator, a line's end or a quote stands between two.
    """
    for name in frame.columns:
        text = frame[name]
        if text.str.contains('"', literal=True).any():
            if not (~text.str.contains('"', literal=True) | text.str.contains(_QUOTED)).all():
                raise LineByLineError
            frame = frame.with_columns(text.str.strip_chars('"'))
    return frame


def _without_blank_lines(frame: pl.DataFrame) -> pl.DataFrame:
    if not (frame[:, 0].str.strip_chars() == "").any():
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().str.strip_chars() == ""))
