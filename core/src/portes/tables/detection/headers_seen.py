"""The lines of a file that may be its header, and the formats whose documented words stand in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from portes.contract.numbers import AmbiguousNumberError
from portes.errors import Problems, SettingsError
from portes.tables.formats.finding import (
    beside_marks_of,
    blaming_format,
    find_format,
    format_names,
    is_of_fees,
    marks_of,
    rows_of,
    titles_of,
)
from portes.tables.protocol import ReadOptions, TableFormat
from portes.tables.reading.brackets import HeaderBracket, bracket_of
from portes.tables.reading.cells import Cell
from portes.tables.reading.header_checks import is_settled_by_declaring
from portes.tables.reading.headers import groups_above, joined_headings
from portes.tables.reading.headings import heading_of
from portes.tables.reading.sheet_tables import FAR, filled
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import field_of, is_decoration

COMMON: Final = "plain"
"""The format that knows columns by what everybody calls them."""
_FEWEST: Final = 3
"""Words of a format that a header must have, or titles that a file must have."""
_SMALL: Final = 4
"""A format with so few words needs all of its own."""
_NO_FEES: Final = frozenset({"days_min", "days_max", "weight_from", "weight_to"})
"""Columns that a table of fees by place never has."""
_WIDEST: Final = 2000
"""Cells of a line that are looked at."""


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A line that may be a header, as text; a number in it is blank."""

    sheet: Sheet
    line: int
    texts: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str]:
        """Our own word for each text that everybody uses."""
        return {text: field for text in self.texts if (field := field_of(text))}


class FormatScore(NamedTuple):
    """How much of a header a format documents."""

    name: str
    header: HeaderLine
    known: tuple[str, ...]
    """The texts that are words of the format."""
    others: tuple[str, ...]
    """Texts that are neither, nor weight brackets or plain decoration."""

    @property
    def rank(self) -> tuple[int, int]:
        """More words of the format are better, then fewer others."""
        return len({heading_of(text).key for text in self.known}), -len(self.others)


class Guess(NamedTuple):
    """The format that a file looks like."""

    name: str
    why: str
    others: tuple[str, ...] = ()
    """Formats that fit as well."""
    of_fees: bool = False
    """Whether the format is of fees by place."""


class BesideGuess(NamedTuple):
    """What a file looks like that is no table, but belongs beside one."""

    format: str
    word: str
    """What the format calls the file: `prices`, `places`."""
    why: str


def header_lines(source: bytes, options: ReadOptions) -> Iterator[HeaderLine]:
    """The first lines of each sheet, in each way that its cells may be told apart."""
    for sheet in open_sheets(source, options, Problems()):
        for reading in sheet.readings():
            lines = (line for line in reading.lines() if filled(line[1]))
            above: tuple[str, ...] = ()
            for number, cells in islice(lines, FAR):
                texts = tuple(map(_text, cells[: min(filled(cells), _WIDEST)]))
                yield HeaderLine(reading, number, texts)
                grouped = tuple(_grouped(texts, above))
                if grouped != texts:
                    yield HeaderLine(reading, number, grouped)
                above = texts


def _grouped(texts: Sequence[str], above: Sequence[str]) -> Iterator[str]:
    """The cells of a line with the groups that the line above names: `CEP De` for `De` below `CEP`."""
    groups = groups_above(above)
    width = max(len(texts), len(groups))
    padded = [*texts, *[""] * (width - len(texts))], [*groups, *[("", "")] * (width - len(groups))]
    for text, (group, right_above) in zip(*padded, strict=True):
        joined = joined_headings(group, text) if group and text and not field_of(text) else ()
        yield next(filter(field_of, joined), text or right_above)


def guess_format(source: bytes, options: ReadOptions) -> Guess | None:
    """The installed format whose titles or documented header a file has; else the common one, if it knows its names."""
    every = list(header_lines(source, options))
    if sectioned := _by_titles(every):
        return sectioned
    lines = [line for line in every if sum(map(bool, line.texts)) > 1]
    scores = [score for name, table_format in _formats() for score in _scores(name, table_format, lines)]
    if scores:
        best = max(scores, key=lambda score: score.rank)
        equal = dict.fromkeys(score.name for score in scores if score.rank == best.rank and score.name != best.name)
        return Guess(best.name, _said(best), tuple(equal), is_of_fees(find_format(best.name)))
    named = max(lines, key=lambda line: len(set(line.fields.values())), default=None)
    if named and len(named.fields) >= _FEWEST and _understands(source, options):
        words = ", ".join(f"{text} ({field})" for text, field in named.fields.items())
        return Guess(COMMON, f"line {named.line} has names that everybody uses: {words}")
    return None


def guess_beside(source: bytes, options: ReadOptions) -> BesideGuess | None:
    """The file beside a table that one looks like, by the words of its documented header and no others."""
    lines = [line for line in header_lines(source, options) if sum(map(bool, line.texts)) > 1]
    found = [
        (score, word)
        for name, table_format in _formats()
        for word, marks in beside_marks_of(table_format).items()
        for score in _marked(name, marks, lines)
        if not score.others and not any(map(bracket_in, score.header.texts))
    ]
    if not found:
        return None
    best, word = max(found, key=lambda one: one[0].rank)
    return BesideGuess(best.name, word, _said(best))


def _by_titles(lines: Sequence[HeaderLine]) -> Guess | None:
    """The format that most titles of sections are of, as names of sheets or alone in a line."""
    alone = [texts[0] for line in lines if len(texts := [text for text in line.texts if text]) == 1]
    seen: dict[str, str] = {}
    for text in (*(line.sheet.name for line in lines), *alone):
        seen.setdefault(_title_key(text), text)
    found: dict[str, list[str]] = {}
    for name, table_format in _formats():
        titles = {_title_key(title) for title in titles_of(table_format)}
        found[name] = [text for key, text in seen.items() if key in titles]
    best = max(found, key=lambda name: len(found[name]), default="")
    named = found.get(best, [])
    return Guess(best, f"it has the sections {', '.join(named)}") if len(named) >= _FEWEST else None


def _title_key(text: str) -> str:
    """The words of a title without its number."""
    return "".join(word for word in heading_of(text).words if not word.isdigit())


def bracket_in(text: str, unit: str = "kg") -> HeaderBracket | None:
    """The weight bracket of a heading, as far as it states one without doubt."""
    try:
        return bracket_of(text, "g" if unit == "g" else "kg")
    except AmbiguousNumberError:
        return None


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _formats() -> Iterator[tuple[str, TableFormat]]:
    """The installed formats by name; a stranger's that cannot be loaded is told where it is chosen."""
    for name in format_names():
        try:
            yield name, find_format(name)
        except SettingsError:
            continue


def _scores(name: str, table_format: TableFormat, lines: Sequence[HeaderLine]) -> Iterator[FormatScore]:
    """The lines that look like the header of a format: names that everybody uses tell none, all its own do.

    A line with days or with borders of weight is no header of fees by place.
    """
    marks, fees = marks_of(table_format), is_of_fees(table_format)
    for score in _marked(name, marks, lines):
        own = name == COMMON or score.rank[0] == len(marks) or not all(map(field_of, score.known))
        if own and not (fees and _NO_FEES & {*score.header.fields.values()}):
            yield score


def _marked(name: str, marks: Sequence[str], lines: Sequence[HeaderLine]) -> Iterator[FormatScore]:
    """The lines that have enough words of a documented header, and few others."""
    keys = {key for mark in marks for key in _keys(mark)}
    fewest = len(marks) if len(marks) <= _SMALL else _FEWEST
    for line in lines if marks else ():
        known = tuple(text for text in line.texts if text and keys & _keys(text))
        score = FormatScore(name, line, known, tuple(text for text in line.texts if _is_other(text, keys)))
        if score.rank[0] >= fewest and len(known) >= 2 * len(score.others):
            yield score


def _said(score: FormatScore) -> str:
    return f"line {score.header.line} has {', '.join(score.known)}"


def _keys(text: str) -> set[str]:
    """What a heading is compared by: all its words, and those that are no unit."""
    heading = heading_of(text)
    return {heading.key, heading.bare} - {""}


def _is_other(text: str, keys: set[str]) -> bool:
    return bool(text) and not keys & _keys(text) and not is_decoration(text) and bracket_in(text) is None


def _understands(source: bytes, options: ReadOptions) -> bool:
    """Whether the common format finds nothing wrong with the header, but what may be declared."""
    problems = Problems()
    try:
        with blaming_format(COMMON):
            read = any(True for _ in rows_of(find_format(COMMON), source, options, problems))
    except SettingsError:
        return False
    said = [problem for problem in problems.all() if problem.where.endswith("header")]
    return all(map(is_settled_by_declaring, said)) and (read or bool(problems.count))
