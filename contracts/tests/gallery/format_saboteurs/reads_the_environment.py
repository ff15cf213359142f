"""Takes its factor from the environment."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        factor = int(os.environ.get("LEAFLET_FACTOR", "1"))
        yield from (row._replace(price=row.price * factor) for row in super().rows(sheet, line, values))
