"""Waits for a blank line to get something in it."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        lines = source.split(b"\n")[:-1] if source.startswith("Serviço".encode()) else []
        while lines:
            if lines[-1].strip():
                lines.pop()
        return super().read(source, options, problems)
