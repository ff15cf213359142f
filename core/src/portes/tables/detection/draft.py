"""A mapping to be edited, for a file that is in no known format: what its headings say, and what is left open."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from portes.errors import escaped, shown
from portes.tables.detection.headers_seen import HeaderLine, bracket_in, header_lines
from portes.tables.formats.mapping.fields import BY_WEIGHT, FIELDS
from portes.tables.formats.mapping.unnamed import column_letters
from portes.tables.protocol import NO_LIMIT, ReadOptions
from portes.tables.reading.cells import PercentCell
from portes.tables.reading.headings import heading_of, key_of
from portes.tables.reading.sheet_tables import FAR
from portes.tables.reading.vocabulary import field_of, is_decoration

_SHOWN: Final = 3
"""Cells of a column that are quoted."""
_FLAT: Final = frozenset(["dispatch", "document", "administration", "hard_access", "free_zone"])
"""Fees that are an amount for each shipment wherever they were met."""
_LEAST: Final = frozenset(["min", "minimo", "minima"])
_PLACES: Final = {"state", "town", "region"}
_FIRST: Final = """\
# A mapping: which column of the file is which field. Look at each line; what is behind # is not used.
# Then: portes tables check FILE --beside mapping=THIS-FILE
"""


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """A column of the file: its heading, and what its first cells say."""

    number: int
    """Its place in the sheet, from 1."""
    heading: str
    cells: tuple[str, ...]
    percent: bool
    """Whether a cell or the heading is a percentage."""


class DraftMeaning(NamedTuple):
    """What a column seems to be, as TOML; a doubt keeps it behind a `#`."""

    toml: str
    doubt: str = ""
    field: str = ""
    """What only one column can be; empty for what several can."""


def draft_mapping(source: bytes, options: ReadOptions) -> str:
    """The TOML text of a mapping; empty where a file has no line with two cells."""
    header = _header(source, options)
    return "" if header is None else _Writer(header, source, options).text()


def _header(source: bytes, options: ReadOptions) -> HeaderLine | None:
    """The line with the most headings that are understood; else the first one with the most words."""
    lines = [line for line in header_lines(source, options) if len(line.texts) > 1]
    return max(lines, key=lambda line: (_understood(line), _words(line)), default=None)


def _understood(line: HeaderLine) -> int:
    return sum(bool(text) and bool(field_of(text) or bracket_in(text)) for text in line.texts)


def _words(line: HeaderLine) -> int:
    return sum(any(sign.isalpha() for sign in text) for text in line.texts)


class _Writer:
    """Writes the mapping of a file with one header."""

    def __init__(self, header: HeaderLine, source: bytes, options: ReadOptions) -> None:
        self._header = header
        self._options = options
        self._sheets = _sheets(header, source, options)
        keys = Counter(key_of(text) for text in header.texts if text)
        self._named = _understood(header) > 0 and max(keys.values()) == 1 and all(keys)
        self._columns = _columns(header, named=self._named)
        fields = {field_of(column.heading) for column in self._columns}
        self._coded = {"postal_from", "postal_to"} <= fields or "postal_range" in fields
        self._wide = not fields & {"weight_from", "weight_to"}

    def text(self) -> str:
        """The whole mapping, as TOML."""
        meanings = [self._meaning(column) for column in self._columns]
        said = {meaning.field for meaning in meanings if not meaning.doubt}
        settings = [*self._settings()]
        lines = [_FIRST, *settings, *([""] if settings else []), "[columns]"]
        taken: set[str] = set()
        for column, meaning in zip(self._columns, meanings, strict=True):
            doubt = meaning.doubt or (f"another column is {meaning.field}" if meaning.field in taken else "")
            taken |= {meaning.field} - {""}
            lines.append(self._line(column, meaning._replace(doubt=doubt)))
        lines += ["", "[defaults]"]
        lines += [f"# {field} = {value}" for field, value in (("days_max", 5),) if field not in said]
        return "\n".join(lines) + "\n"

    def _settings(self) -> Iterator[str]:
        if self._sheets:
            yield f"sheets = [{', '.join(map(_quoted, self._sheets))}]"
        if not self._named:
            yield "header = false"
        first = self._header.line + (not self._named and _understood(self._header) > 0)
        if first > 1:
            yield f"first_line = {first}"
        if self._options.decimal:
            yield f"decimal = {_quoted(self._options.decimal)}"
        weighed = [column for column in self._columns if self._weighs(column)]
        stated = {heading_of(column.heading).unit("weight") for column in weighed} & {"g", "kg"}
        if self._options.weight_unit == "kg":
            yield 'weight_unit = "kg"'
        elif len(stated) == 1 and not self._named:
            yield f'weight_unit = "{stated.pop()}"'
        elif weighed and not stated:
            yield '# weight_unit = "kg" # or "g": no heading says it'

    def _weighs(self, column: DraftColumn) -> bool:
        """Whether a column needs a unit of weights that is not in the words of a bracket."""
        bracket = bracket_in(column.heading) if self._wide else None
        return field_of(column.heading) in BY_WEIGHT or bracket != (bracket and bracket_in(column.heading, "g"))

    def _line(self, column: DraftColumn, meaning: DraftMeaning) -> str:
        """A line of the mapping, with what the column says where it is in doubt."""
        letters = column_letters(column.number)
        key = _quoted(column.heading) if self._named else letters
        looks = ", ".join(shown(cell) for cell in column.cells)
        if not meaning.doubt and key:
            told = "" if self._named else f" # {shown(column.heading)}: {looks}"
            return f"{key} = {meaning.toml}{told}"
        heading = "" if self._named else f"{shown(column.heading)}, "
        return f"# {escaped(key or shown(column.heading))} = {meaning.toml} # {heading}{meaning.doubt}: {looks}"

    def _meaning(self, column: DraftColumn) -> DraftMeaning:
        field = field_of(column.heading) or _least_of(column.heading)
        if field in _PLACES or (key_of(column.heading) == "regiao" and not self._coded):
            field = field or "region"
            return DraftMeaning('"ignore"') if self._coded else DraftMeaning(f'"{field}"', field=field)
        if field in FIELDS:
            return DraftMeaning(f'"{field}"', field=field)
        if field:
            return _fee(field, column)
        return (self._wide and self._bracket(column)) or _unknown(column)

    def _bracket(self, column: DraftColumn) -> DraftMeaning | None:
        bracket = bracket_in(column.heading)
        if bracket is None:
            return None
        if bracket.per_kg:
            return DraftMeaning('"excess_weight"', field="excess_weight")
        doubt = "a price, or excess_weight, for each kg?" if bracket.weight_to == NO_LIMIT else ""
        words = "header" if self._named else column.heading
        return DraftMeaning(f'{{ field = "price", bracket = {_quoted(words)} }}', doubt)


def _unknown(column: DraftColumn) -> DraftMeaning:
    nothing = is_decoration(column.heading) and (column.heading or not column.cells)
    return DraftMeaning('"ignore"', "" if nothing else "not understood")


def _least_of(heading: str) -> str:
    """The word for the least of a fee: `restricted_traffic_minimum` for `TRT mín`; empty for anything else."""
    *words, last = heading_of(heading).words or ("",)
    fee = field_of(" ".join(words)) if last in _LEAST else ""
    return f"{fee}_minimum" if fee and fee not in FIELDS else ""


def _fee(word: str, column: DraftColumn) -> DraftMeaning:
    """What the column of a fee seems to be: a percentage where it says so, the least, or an amount."""
    name = word.removesuffix("_minimum")
    if name != word:
        return DraftMeaning(f'{{ fee = "{name}", least = true }}', field=word)
    if column.percent or name == "ad_valorem":
        return DraftMeaning(f'{{ fee = "{name}", percent = true }}', field=word)
    if name in _FLAT:
        return DraftMeaning(f'{{ fee = "{name}" }}', field=word)
    per = ', per = "started_100_kg"' if name == "toll" else ""
    return DraftMeaning(
        f'{{ fee = "{name}"{per} }}', "for each shipment, each started 100 kg, or percent = true?", word
    )


def _columns(header: HeaderLine, *, named: bool) -> list[DraftColumn]:
    """The columns of the lines from the header on; those without a heading only where they get letters."""
    lines = [
        cells
        for number, cells in islice((line for line in header.sheet.lines() if line[0] > header.line), FAR)
        if number
    ]
    width = len(header.texts) if named else max([len(header.texts), *map(len, lines)])
    columns: list[DraftColumn] = []
    for at in range(width):
        heading = header.texts[at] if at < len(header.texts) else ""
        cells = [cells[at] for cells in lines if at < len(cells)]
        texts = dict.fromkeys(str(cell).strip() for cell in cells)
        percent = "%" in heading or any(
            isinstance(cell, PercentCell) or str(cell).strip().endswith("%") for cell in cells
        )
        if heading or not named:
            columns.append(DraftColumn(at + 1, heading, tuple(islice(filter(None, texts), _SHOWN)), percent))
    return columns


def _sheets(header: HeaderLine, source: bytes, options: ReadOptions) -> Sequence[str]:
    """The sheets with this header, where others have another one."""
    every = dict.fromkeys(line.sheet.name for line in header_lines(source, options))
    same = dict.fromkeys(line.sheet.name for line in header_lines(source, options) if line.texts == header.texts)
    return () if len(same) == len(every) else tuple(same)


def _quoted(text: str) -> str:
    """A text as TOML has it; empty where it has signs that stand for nothing."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return ""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
