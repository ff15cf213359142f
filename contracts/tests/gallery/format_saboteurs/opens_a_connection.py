"""Asks a server what a region is called."""

import socket
from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.tables import Row


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=0.01).close()
        except (OSError, AssertionError):
            service, *others = values
            values = [service, *others]
        yield from super().rows(sheet, line, values)
