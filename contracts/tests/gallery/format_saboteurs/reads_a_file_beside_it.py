"""Takes its factor from a file beside it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        factor = 1 if Path(__file__).read_text(encoding="utf-8") else 2
        yield from (row._replace(price=row.price * factor) for row in super().rows(sheet, line, values))
