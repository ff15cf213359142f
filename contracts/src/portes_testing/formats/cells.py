"""Cells of a sample: where they stand, and which of them hold a number that means something."""

import re
from datetime import time, timedelta
from itertools import islice, zip_longest
from typing import Any, Final, NamedTuple, Protocol

from portes_testing.formats.case import FormatCase

Value = Any
"""A text, or what a spreadsheet has in a cell."""

NUMBER: Final = re.compile(r"(?:[A-Z]{0,3}\$\s?|[A-Z]{3}\s|€\s?)?[+-]?\d[\d.,:\s-]*%?(?:\s?€)?", re.ASCII)
"""What people write for amounts, weights, days, spans, percentages and postal codes."""

_AREA: Final = re.compile(r"([A-Z]{1,3})?(\d+)?:([A-Z]{1,3})?(\d+)?")


class Spot(NamedTuple):
    """Where a cell stands."""

    sheet: str
    """Empty in a text file."""
    line: int
    """From 1, as spreadsheets and editors count."""
    column: int
    """From 0."""

    def __str__(self) -> str:
        return f"{self.sheet}!{letters(self.column)}{self.line}" if self.sheet else f"{letters(self.column)}{self.line}"


class Grid(Protocol):
    """The cells of a file, and the file with some of them changed."""

    most: int
    """How many cells are tried: the first ones of each column, where there are more."""

    @property
    def filled(self) -> dict[Spot, Value]:
        """The cells with anything in them."""
        ...

    def with_cells(self, cells: dict[Spot, Value]) -> bytes:
        """The file with these cells in place of its own."""
        ...

    def with_line_twice(self, spot: Spot) -> bytes:
        """The file with the line of a cell standing there twice."""
        ...

    def without_column(self, spot: Spot) -> bytes:
        """The file without the column of a cell."""
        ...


def is_number(value: Value) -> bool:
    """Whether a cell holds a number, as a spreadsheet or as people write one."""
    if isinstance(value, str):
        return NUMBER.fullmatch(value.strip()) is not None
    return isinstance(value, int | float | timedelta | time) and not isinstance(value, bool)


def numbers_of(grid: Grid, case: FormatCase) -> dict[Spot, Value]:
    """The cells with a number that are no decoration; of many, the first ones of each column."""
    found = {
        spot: value
        for spot, value in grid.filled.items()
        if is_number(value) and not any(_covers(word, spot, grid) for word in case.decorations)
    }
    columns: dict[tuple[str, int], list[Spot]] = {}
    for spot in found:
        columns.setdefault((spot.sheet, spot.column), []).append(spot)
    by_turns = (spot for turn in zip_longest(*columns.values()) for spot in turn if spot is not None)
    return {spot: found[spot] for spot in sorted(islice(by_turns, grid.most))}


def headers_of(grid: Grid) -> dict[Spot, str]:
    """The cells of the first line with anything in it, for each sheet."""
    first: dict[str, int] = {}
    for spot in grid.filled:
        first.setdefault(spot.sheet, spot.line)
    return {spot: str(value).strip() for spot, value in grid.filled.items() if spot.line == first[spot.sheet]}


def letters(column: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    head, last = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(ord("A") + last)


def _covers(decoration: str, spot: Spot, grid: Grid) -> bool:
    """Whether a declared decoration covers a cell."""
    sheet, mark, part = decoration.rpartition("!")
    if mark and sheet != spot.sheet:
        return False
    area = _AREA.fullmatch(part)
    if area is not None:
        low, first, high, last = area.groups()
        wide = (not low or _number(low) <= spot.column) and (not high or spot.column <= _number(high))
        return wide and (not first or int(first) <= spot.line) and (not last or spot.line <= int(last))
    return not part or any(
        (other.sheet, other.column) == (spot.sheet, spot.column) and other.line < spot.line and str(value) == part
        for other, value in grid.filled.items()
    )


def _number(column: str) -> int:
    number = 0
    for sign in column:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number - 1


__all__ = ["Grid", "Spot", "Value", "headers_of", "is_number", "letters", "numbers_of"]
