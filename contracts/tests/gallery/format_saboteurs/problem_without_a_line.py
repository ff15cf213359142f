"""Tells what is wrong, but not where."""

from collections.abc import Iterable

from gallery.leaflet.reader import Leaflet

from portes.errors import Problems
from portes.tables import ReadOptions, Row


class Saboteur(Leaflet):
    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        own = Problems()
        yield from super().read(source, options, own)
        for problem in own.all():
            line = problem.line if problem.value.startswith("a combinar") else 0
            problems.add(problem.where, problem.value or None, problem.cause, problem.fix, line)
