"""Begins every bracket at nothing, so that they overlap."""

from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        yield from (row._replace(weight_from=0) for row in super().rows(sheet, line, values))
