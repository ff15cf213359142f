"""Takes a column that is not there for days that nobody waits."""

from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.tables.reading.cells import Cells


class Saboteur(Leaflet):
    columns = tuple(replace(each, blank=0) if each.read is Cells.days else each for each in Leaflet.columns)
