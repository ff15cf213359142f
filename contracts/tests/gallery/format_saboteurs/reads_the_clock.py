"""Takes a day off on Sundays."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        sunday = datetime.now(UTC).isoweekday() == 8
        yield from () if sunday else super().rows(sheet, line, values)
