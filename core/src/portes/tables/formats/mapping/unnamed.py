"""Sheets as a mapping has them read: from a line on, and with columns called by letters where no header names them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from string import ascii_uppercase
from typing import Final

from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, Problems, shown
from portes.tables.formats.mapping.description import WORD, TableMapping
from portes.tables.reading.cells import Line
from portes.tables.reading.sheet_tables import FAR, filled
from portes.tables.reading.sheets import Sheet

HEADING: Final = "{} column"
"""What a column without a heading is called in messages; no letters behind it could be taken for a unit."""
_LAST: Final = 16_384
"""The columns of a sheet: `XFD`."""


def column_number(letters: str) -> int:
    """The number of a column, from 1, by its letters; 0 when they are none."""
    number = 0
    for sign in letters.upper():
        if sign not in ascii_uppercase or number > _LAST:
            return 0
        number = number * len(ascii_uppercase) + ascii_uppercase.index(sign) + 1
    return number if number <= _LAST else 0


def column_letters(number: int) -> str:
    """The letters of a column by its number, from 1: 28 is `AB`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[rest] + letters
    return letters


@dataclass(frozen=True, slots=True)
class CutSheet:
    """A sheet from one of its lines on; with a line of letters above it where it has no header."""

    whole: Sheet
    first_line: int
    width: int
    """Columns that get letters; 0 where the sheet has a header."""

    @property
    def name(self) -> str:
        """The sheet's name; empty for a text file."""
        return self.whole.name

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The lines from the first on, under the letters."""
        if self.width:
            yield self.first_line - 1, [HEADING.format(column_letters(at + 1)) for at in range(self.width)]
        yield from (line for line in self.whole.lines(percents) if line[0] >= self.first_line)

    def readings(self) -> Sequence[Sheet]:
        """The sheet in each way that its cells may be told apart, each cut."""
        readings = self.whole.readings()
        if not self.width:
            return [CutSheet(reading, self.first_line, 0) for reading in readings]
        return [CutSheet(reading, self.first_line, width) for reading in readings if (width := _width(reading, self))]

    def chosen(self) -> Sheet:
        """The sheet in this way, which reports what is broken."""
        return CutSheet(self.whole.chosen(), self.first_line, self.width)


def cut_sheets(sheets: Sequence[Sheet], mapping: TableMapping, problems: Problems) -> list[Sheet]:
    """The sheets that a mapping names, as it has them read; one that is not there is a problem, others are noted."""
    known = [sheet.name for sheet in sheets]
    for name in mapping.sheets:
        if name not in known:
            fix = (
                did_you_mean(name, known) or f"write one of {', '.join(map(shown, filter(None, known))) or 'no sheets'}"
            )
            problems.include(_unknown(name, fix))
    chosen = [sheet for sheet in sheets if sheet.name in mapping.sheets or not mapping.sheets]
    for sheet in sheets:
        if mapping.sheets and sheet.name not in mapping.sheets:
            problems.note(f"sheet {shown(sheet.name)} is not among the mapping's and is not used")
    if mapping.header and mapping.first_line == 1:
        return chosen
    return [CutSheet(sheet, mapping.first_line, 0 if mapping.header else 1) for sheet in chosen]


def _unknown(name: str, fix: str) -> Sequence[Problem]:
    own = Problems(WORD)
    own.add("sheets", name, "is no sheet of the file", fix)
    return own.all()


def _width(reading: Sheet, cut: CutSheet) -> int:
    """How many columns the first lines have."""
    lines = (cells for number, cells in reading.lines() if number >= cut.first_line)
    return max(map(filled, islice(lines, FAR)), default=0)
