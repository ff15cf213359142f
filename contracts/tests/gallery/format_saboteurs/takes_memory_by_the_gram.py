"""Lays out a place for each gram."""

from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        for row in super().rows(sheet, line, values):
            grams = bytearray(min(row.weight_to // 1000, 100_000_000))
            yield row._replace(price=row.price + grams.count(1))
