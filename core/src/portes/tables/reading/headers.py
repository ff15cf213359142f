"""What the cells of a header stand for: a column of the format, a weight bracket, or nothing that is known."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from portes.contract.numbers import AmbiguousNumberError
from portes.tables.protocol import ReadOptions
from portes.tables.reading.brackets import HeaderBracket, bracket_of
from portes.tables.reading.cells import Cell, Cells
from portes.tables.reading.fields import Column
from portes.tables.reading.headings import Heading, heading_of, key_of

BRACKET_PRICE: Final = Column("price of a bracket", Cells.base_price, blank=None, number=True)
BRACKET_RATE: Final = Column("price per kg of a bracket", Cells.per_kg, blank=None, number=True)
"""What the columns of weight brackets are read as; a blank cell is no price."""

IGNORED: Final = Column("not read", Cells.note, blank="")
"""What a column is read as on which nothing depends."""

_GROUPS: Final = 2
"""Cells that a line above the header must have to name groups of columns; one alone is a title."""


class Part(NamedTuple):
    """What stands in one cell of a header, and which column that is."""

    text: str
    column: Column
    bracket: HeaderBracket | None = None
    doubt: str = ""
    """Why it could mean two things; empty when it means one."""

    @property
    def name(self) -> str:
        """The column's name for messages: our own where the header uses it, or as the header has it."""
        same = self.bracket is None and key_of(self.text) == key_of(self.column.name)
        return self.column.name if same else self.text

    @property
    def heading(self) -> Heading:
        """The words of the cell."""
        return heading_of(self.text)


Parts = tuple[Part | None, ...]
"""The cells of a header, in their order; None for what is unknown."""


class HeaderReader:
    """The headings that a format knows.

    `ignores` tells by its words a column that may stand there without being read. With a `bracket_unit`, headings
    such as `até 10` are columns of prices for a weight bracket, in that unit unless they state one.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        options: ReadOptions,
        ignores: Callable[[str], bool] | None = None,
        bracket_unit: Literal["g", "kg"] | None = None,
    ) -> None:
        self.columns = columns
        self.options = options
        self.ignores = ignores
        self.bracket_unit = bracket_unit
        self.required = [column for column in columns if column.required]
        self._named = {key_of(name): column for column in columns for name in column.also}
        self._named |= {key_of(column.name): column for column in columns}
        self._parts: dict[str, Part | None] = {}

    def part(self, text: str) -> Part | None:
        """What a cell stands for; None when that is unknown."""
        if text not in self._parts:
            if len(self._parts) >= 1 << 12:
                self._parts.clear()
            self._parts[text] = self._part(text)
        return self._parts[text]

    def parts(self, cells: Sequence[Cell], above: Sequence[Cell] = ()) -> Parts:
        """What the cells of a line stand for, if it is a header; the line above may name groups of its columns."""
        groups = groups_above(above)
        texts = [str(cell).strip() if isinstance(cell, str) else "" for cell in cells]
        texts += [""] * (len(groups) - len(texts))
        groups += [("", "")] * (len(texts) - len(groups))
        parts = [self.part(text) or self._grouped(text, *group) for text, group in zip(texts, groups, strict=True)]
        while parts and parts[-1] is None and len(parts) > len(cells):
            parts.pop()
        return tuple(parts)

    def score(self, parts: Parts) -> int:
        """How many columns of the format, and weight brackets, are named."""
        return len({(part.column.name, part.bracket) for part in parts if part})

    def complete(self, parts: Parts) -> bool:
        """Whether all columns that the format needs are named; a line that names none at all is never whole."""
        named = {part.column.name for part in parts if part}
        wide = self.bracket_unit is None or any(part and part.bracket for part in parts)
        return bool(named) and all(column.name in named for column in self.required) and wide

    def is_header(self, cells: Sequence[Cell], parts: Parts) -> bool:
        """Whether a line amid others is a header: of its cells at least two, and half of them, name columns."""
        filled = [bool(str(cell).strip()) for cell in cells]
        own = sum(part is not None for part, says in zip(parts, filled, strict=False) if says)
        return own >= _GROUPS and own * 2 >= sum(filled)

    def unread(self, text: str) -> Part | None:
        """A column that may stand there without being read; None when it may not."""
        ignored = self.ignores is not None and self.ignores(text)
        return Part(text, IGNORED) if ignored else None

    def _part(self, text: str) -> Part | None:
        if not text:
            return None
        heading = heading_of(text)
        column = self._named.get(heading.key) or self._by_bare_name(heading)
        if column is not None:
            return Part(text, column)
        return self._bracket(text) if self.bracket_unit else None

    def _by_bare_name(self, heading: Heading) -> Column | None:
        column = self._named.get(heading.bare) if heading.units else None
        fits = column is not None and all(unit.measure in column.measures for unit in heading.units)
        return column if fits else None

    def _bracket(self, text: str) -> Part | None:
        try:
            bracket = bracket_of(text, self.bracket_unit or "kg", self.options.decimal)
        except AmbiguousNumberError as doubt:
            return Part(text, BRACKET_PRICE, None, str(doubt))
        if bracket is None:
            return None
        return Part(text, BRACKET_RATE if bracket.per_kg else BRACKET_PRICE, bracket)

    def _grouped(self, text: str, group: str, above: str) -> Part | None:
        """A cell that only the line above makes clear: `De` below `CEP`, or a blank one below `Prazo`."""
        if text:
            return next(filter(None, map(self.part, joined_headings(group, text))), None) if group else None
        return self.part(above) if above else None


def joined_headings(group: str, text: str) -> tuple[str, str]:
    """A cell below a group as one heading: `CEP De`; and with the group's unit behind it: `peso De kg`."""
    heading = heading_of(group)
    return f"{group} {text}", " ".join((heading.bare, text, *(unit.name for unit in heading.units)))


def groups_above(above: Sequence[Cell]) -> list[tuple[str, str]]:
    """For each column, the group that reaches it from the left in the line above, and what stands right above it."""
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in above]
    if sum(map(bool, texts)) < _GROUPS:
        return []
    return list(zip(_carried(texts), texts, strict=True))


def _carried(texts: Sequence[str]) -> Iterator[str]:
    group = ""
    for text in texts:
        group = text or group
        yield group
