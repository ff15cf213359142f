"""Weighs everything in kg."""

from collections.abc import Iterable
from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        return super().read(source, replace(options, weight_unit="kg"), problems)
