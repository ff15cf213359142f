"""Takes for granted that every line has all its cells."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        for line in source.decode(errors="replace").splitlines():
            if line.startswith("Expresso"):
                line.split(";")[6]
        return super().read(source, options, problems)
