"""Writes each price a cent too low."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import MICROS, Row, WriteOptions, WrittenFile


class Saboteur(Leaflet):
    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        return super().write((row._replace(price=row.price - MICROS) for row in rows), options, problems)
