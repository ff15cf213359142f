"""Takes a price that it cannot read for nothing."""

from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.tables.reading.cells import Cell, CellError, Cells


def _price(cells: Cells, cell: Cell) -> int:
    try:
        return cells.price(cell)
    except CellError:
        return 0


class Saboteur(Leaflet):
    columns = tuple(replace(each, read=_price) if each.read is Cells.price else each for each in Leaflet.columns)
