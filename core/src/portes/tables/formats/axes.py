"""Formats whose brackets may be of weight, value, units or volume: which of them a file has, by its header."""

from collections.abc import Mapping, Sequence

from portes.errors import Problems
from portes.tables.protocol import Axis, ReadOptions
from portes.tables.reading.columns import Column, headers_of, place
from portes.tables.reading.sheets import Sheet

Borders = Mapping[Axis, Sequence[Column]]
"""What brackets may be of, and the columns of their borders."""


def choose_axis(
    sheets: Sequence[Sheet], borders: Borders, columns: Sequence[Column], options: ReadOptions, problems: Problems
) -> Axis | None:
    """What the brackets are of, by the columns in the headers; None where they name two, which is told."""
    axes = {column.name: axis for axis, own in borders.items() for column in own}
    named: dict[Axis, str] = {}
    for sheet, line, parts in headers_of(sheets, columns, options):
        for part in parts:
            if part.column.name in axes:
                named.setdefault(axes[part.column.name], part.name)
        if len(named) > 1:
            first, second = list(named.items())[:2]
            cause = f"its brackets are of {second[0]}, and those of {first[1]} of {first[0]}"
            problems.add(place(sheet, "header"), second[1], cause, "keep the columns of one of them", line)
            return None
    return next(iter(named), "weight")


def columns_along(axis: Axis, borders: Borders, columns: Sequence[Column]) -> Sequence[Column]:
    """The columns of a table whose brackets are of one axis."""
    others = {column.name for other, own in borders.items() if other != axis for column in own}
    return [column for column in columns if column.name not in others]
