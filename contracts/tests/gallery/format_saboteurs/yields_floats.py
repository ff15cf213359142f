"""Works its prices out in floats."""

from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        for row in super().rows(sheet, line, values):
            yield row._replace(price=row.price * 1.0)  # type: ignore[arg-type]  # that is the sabotage
