"""Gives a postal code without the zero that a spreadsheet dropped."""

from collections.abc import Iterator, Sequence
from typing import Any

from gallery.leaflet.reader import Leaflet

from portes.contract.postal import RestoredCode
from portes.tables import Row


def _as_written(code: str) -> str:
    return code[1:] if isinstance(code, RestoredCode) else code


class Saboteur(Leaflet):
    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        for row in super().rows(sheet, line, values):
            yield row._replace(postal_from=_as_written(row.postal_from), postal_to=_as_written(row.postal_to))
