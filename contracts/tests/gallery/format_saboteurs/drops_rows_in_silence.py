"""Leaves out what it cannot read, and tells nobody."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        own = Problems()
        yield from super().read(source, options, own)
        if any(problem.where == "header" for problem in own.all()):
            problems.include(own.all())
