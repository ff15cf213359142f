"""Cuts off the cents of a workbook's prices."""

from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.tables.reading.cells import Cell, Cells


def _price(cells: Cells, cell: Cell) -> int:
    return cells.price(int(cell) if isinstance(cell, float) else cell)


class Saboteur(Leaflet):
    columns = tuple(replace(each, read=_price) if each.read is Cells.price else each for each in Leaflet.columns)
