"""Checks of whole files: bytes that are no table, cut ones, and the same table in other clothes."""

from random import Random
from typing import Final

from portes_testing.formats.book_grid import as_numbers, ods_of, xlsx_of
from portes_testing.formats.case import Sample
from portes_testing.formats.cells import Spot, headers_of
from portes_testing.formats.checks.rows import row_breaches
from portes_testing.formats.grids import grid_of, texts_of
from portes_testing.formats.reading import FormatUnderTest, Reading, options
from portes_testing.formats.text_grid import TextGrid
from portes_testing.harness.errors import require, require_none

_CUTS: Final = 24
_SIZES: Final = (1, 2, 3, 16, 257, 4096)
_BEGINNINGS: Final = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"%PDF-1.7\n")
"""Of nothing, of workbooks, of texts in UTF-16 and UTF-8, of an archive and of what else comes by mail."""


def bytes_that_are_no_table_are_no_crash(under_test: FormatUnderTest) -> None:
    """Empty and random bytes, and beginnings of other kinds of files, give no row in silence and raise nothing."""
    declared, chance = options(under_test.case.samples[0]), Random(1)  # noqa: S311 — the same bytes in each run
    strange = [b"\n", b"\x00" * 64, *(begin + chance.randbytes(size) for begin in _BEGINNINGS for size in _SIZES)]
    for source in [b"", *strange]:
        reading = under_test.read(source, declared, f"the bytes {source[:24]!r}")
        require(reading.problems or not reading.rows, f"rows come of the bytes {source[:24]!r}, and no problem is told")
        require_none(row_breaches(reading.rows, declared.country), f"rows come of the bytes {source[:24]!r}")


def a_cut_file_is_no_crash(under_test: FormatUnderTest) -> None:
    """A file that a mail or a disk cut off raises nothing, and what is left of it is sane."""
    for sample in under_test.case.samples:
        source, chance = sample.path.read_bytes(), Random(2)  # noqa: S311 — see above
        ends = range(len(source)) if len(source) < _CUTS else sorted(chance.sample(range(len(source)), _CUTS))
        for end in (*ends, len(source) - 1, len(source) - 2):
            reading = under_test.read(source[:end], options(sample), f"{sample}, cut after {end} bytes")
            require_none(row_breaches(reading.rows, options(sample).country), f"{sample}, cut after {end} bytes")


def a_line_that_stands_there_twice_is_no_crash(under_test: FormatUnderTest) -> None:
    """A row that somebody copied raises nothing and changes no other row; that it is there twice is told afterwards."""
    for sample in under_test.case.samples:
        grid, sound = grid_of(sample, under_test.case), under_test.sound(sample)
        for spot in {(spot.sheet, spot.line): spot for spot in grid.filled}.values():
            what = f"{sample} with line {spot.line} twice"
            reading = under_test.read(grid.with_line_twice(spot), options(sample), what)
            lost = set(sound.unplaced) - set(reading.unplaced)
            require(reading.problems or not lost, f"{what}: {len(lost)} rows are other ones, and no problem is told")


def a_missing_column_is_told_or_means_the_same(under_test: FormatUnderTest) -> None:
    """A column that is not there is a problem, unless nothing depends on it or the case declares it optional."""
    for sample in under_test.case.samples:
        grid = grid_of(sample, under_test.case)
        require_none(
            (breach for spot in _columns(grid.filled) if (breach := _missing(under_test, sample, spot))),
            f"{sample}: prices, places or days change in silence",
        )


def _columns(filled: dict[Spot, object]) -> list[Spot]:
    """The first filled cell of each column."""
    return list({(spot.sheet, spot.column): spot for spot in reversed(filled)}.values())


def _missing(under_test: FormatUnderTest, sample: Sample, column: Spot) -> str:
    """What is wrong with a sample that lacks a column; empty when nothing is."""
    grid = grid_of(sample, under_test.case)
    header = headers_of(grid).get(column, "")
    reading = under_test.read(grid.without_column(column), options(sample), f"{sample} without the column of {column}")
    if reading.problems or reading.unplaced == under_test.sound(sample).unplaced:
        return ""
    if header not in under_test.case.optional:
        return f"without {header or f'the column of {column}'} no problem is told, and other rows come"
    own = (spot for spot in grid.filled if spot[::2] == column[::2] and spot.line > column.line)
    blank = under_test.read(grid.with_cells(dict.fromkeys(own, "")), options(sample), f"{sample}, {header} blank")
    return "" if reading.unplaced == blank.unplaced else f"without {header} rows are other ones than with it blank"


def line_ends_and_encodings_change_nothing(under_test: FormatUnderTest) -> None:
    """The same text with other line ends gives the same rows; in another encoding too, or a problem."""
    for sample, grid in texts_of(under_test.case):
        sound, text = under_test.sound(sample), grid.text
        unix = text.replace("\r\n", "\n").replace("\r", "\n")
        for what, written in (("LF", unix), ("CRLF", unix.replace("\n", "\r\n"))):
            reading = under_test.read(
                grid.bytes_of(written), options(sample), f"{sample} with lines that end in {what}"
            )
            _same(reading, sound, f"{sample} with lines that end in {what}")
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "windows-1252"):
            source, what = text.encode(encoding, errors="ignore"), f"{sample} in {encoding}"
            if source.decode(encoding) == text:
                reading = under_test.read(source, options(sample, encoding=None), what)
                _same_or_told(reading, sound, what)


def blank_lines_say_nothing(under_test: FormatUnderTest) -> None:
    """Blank lines between rows and at the end, as people leave them, mean nothing."""
    for sample, grid in texts_of(under_test.case):
        sound, count = under_test.sound(sample), len(grid.lines)
        for at in {1, count // 2, count}:
            raws = [line.raw if line.raw.endswith(("\r", "\n")) else f"{line.raw}\n" for line in grid.lines]
            source = grid.bytes_of("".join([*raws[:at], "\n\n", *raws[at:]]))
            what = f"{sample} with blank lines after line {at}"
            _same(under_test.read(source, options(sample), what), sound, what)


def a_workbook_of_the_same_cells_gives_the_same_rows(under_test: FormatUnderTest) -> None:
    """The same cells as XLSX and ODS give the same rows; as numbers of a spreadsheet too, or a problem.

    Where the format reads no workbooks, one is a problem.
    """
    for sample in under_test.case.samples:
        sound, cells = under_test.sound(sample), grid_of(sample, under_test.case).filled
        for kind, written in (("XLSX", xlsx_of), ("ODS", ods_of)):
            what = f"the cells of {sample} as {kind}"
            texts = under_test.read(written(cells), options(sample), what)
            if not under_test.case.workbooks:
                require(
                    texts.problems and not texts.rows, f"{what} are no table of this format, and no problem is told"
                )
                continue
            if isinstance(grid_of(sample, under_test.case), TextGrid):
                _same(texts, sound, what)
            numbers = under_test.read(written(as_numbers(cells)), options(sample), f"{what}, numbers as numbers")
            _same_or_told(numbers, sound, f"{what}, numbers as numbers")


def _same(reading: Reading, sound: Reading, what: str) -> None:
    require(not reading.problems, f"{what} is the same table, and is told to be broken: {reading.words}")
    _same_or_told(reading, sound, what)


def _same_or_told(reading: Reading, sound: Reading, what: str) -> None:
    other = reading.unplaced != sound.unplaced
    require(reading.problems or not other, f"{what} is the same table, other rows come of it and no problem is told")


__all__ = [
    "a_cut_file_is_no_crash",
    "a_line_that_stands_there_twice_is_no_crash",
    "a_missing_column_is_told_or_means_the_same",
    "a_workbook_of_the_same_cells_gives_the_same_rows",
    "blank_lines_say_nothing",
    "bytes_that_are_no_table_are_no_crash",
    "line_ends_and_encodings_change_nothing",
]
