"""Finds the decimal sign in the file, whatever is declared."""

from collections.abc import Iterable
from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        return super().read(source, replace(options, decimal=None), problems)
