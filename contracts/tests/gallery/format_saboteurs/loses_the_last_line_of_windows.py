"""Takes the last line of a file with Windows' line ends for its end mark."""

from collections.abc import Sequence

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions
from portes.tables.reading.sheets import Sheet


class Saboteur(Leaflet):
    def sheets(self, source: bytes, options: ReadOptions, problems: Problems) -> Sequence[Sheet]:
        lines = source.rstrip().split(b"\r\n")
        whole = len(lines) == 1 or source.startswith(b"PK")
        return super().sheets(source if whole else b"\r\n".join(lines[:-1]), options, problems)
