"""Crashes where it meets the same line again."""

from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def __init__(self) -> None:
        self._lines: dict[Any, int] = {}

    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        if self._lines.setdefault(tuple(values), line) != line:
            raise KeyError(values[0])
        yield from super().rows(sheet, line, values)
