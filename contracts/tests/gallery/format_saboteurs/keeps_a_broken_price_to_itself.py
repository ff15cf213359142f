"""Calls the price's column by its own name, not by that of the file."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        own = Problems()
        yield from super().read(source, options, own)
        problems.include(problem.at(problem.where.replace("Frete", "rate")) for problem in own.all())
