"""Takes the sign of a number for a hyphen."""

from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.tables.reading.cells import Cell, Cells


def _price(cells: Cells, cell: Cell) -> int:
    negative = isinstance(cell, str) and cell.startswith("-")
    return -cells.price(cell.removeprefix("-")) if negative and isinstance(cell, str) else cells.price(cell)


class Saboteur(Leaflet):
    columns = tuple(replace(each, read=_price) if each.read is Cells.price else each for each in Leaflet.columns)
