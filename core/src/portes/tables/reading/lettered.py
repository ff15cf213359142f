"""Sheets whose columns are known by their letters: lines above the first one with a digit are titles."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from portes.errors import Problems, shown
from portes.tables.reading.cells import Cell, Line
from portes.tables.reading.fields import Column, place
from portes.tables.reading.sheet_tables import FAR, filled
from portes.tables.reading.sheets import Sheet


@dataclass(frozen=True, slots=True)
class LetteredSheet:
    """A sheet under a header of our own in line 0, which names its columns by their order."""

    sheet: Sheet
    columns: Sequence[Column]
    """In the order of the sheet, from `A` on."""

    @property
    def name(self) -> str:
        """The sheet's own name."""
        return self.sheet.name

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The header, and the lines from the first one with a number in it."""
        yield 0, [column.name for column in self.columns]
        begun = False
        for number, cells in self.sheet.lines(percents):
            begun = begun or _has_digit(cells)
            if begun:
                yield number, cells

    def readings(self) -> "Sequence[LetteredSheet]":
        """The sheet in each way that its cells may be told apart, the one with most cells in a line first."""
        readings = sorted(self.sheet.readings(), key=_width, reverse=True)
        return [LetteredSheet(sheet, self.columns) for sheet in readings]

    def chosen(self) -> "LetteredSheet":
        """The sheet in this way, which reports what is broken."""
        return LetteredSheet(self.sheet.chosen(), self.columns)


def _has_digit(cells: Sequence[Cell]) -> bool:
    return any(sign.isdigit() for cell in cells for sign in str(cell))


def _width(sheet: Sheet) -> int:
    """The most cells in one of the first lines of a sheet."""
    return max((filled(cells) for _, cells in islice(sheet.lines(), FAR)), default=0)


def by_letters(sheets: Sequence[Sheet], columns: Sequence[Column], problems: Problems) -> list[Sheet]:
    """The sheets whose columns stand in this order; their titles are told in notes, and so is one without a number."""
    lettered: list[Sheet] = []
    for sheet in sheets:
        titles: list[str] = []
        for number, cells in sheet.lines():
            if _has_digit(cells):
                lettered.append(LetteredSheet(sheet, columns))
                break
            titles += [f"line {number} ('{shown(text)}')" for cell in cells if (text := str(cell).strip())][:1]
        if titles:
            problems.note(place(sheet.name, f"{', '.join(titles[:3])} above the first row: not used"))
    return lettered
