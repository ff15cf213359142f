"""Finds a price in every file."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row, Terms


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        if len(source) < 4:
            yield Row(1, "", "01000000", "01000000", 0, 1_000_000, 1_000_000, 1_000_000, Terms(1, 1))
        else:
            yield from super().read(source, options, problems)
