"""Takes whatever sign a price has for its decimal sign."""

from dataclasses import replace

from gallery.leaflet.reader import Leaflet

from portes.tables.reading.cells import Cell, Cells


def _price(cells: Cells, cell: Cell) -> int:
    return cells.price(cell.replace(",", ".") if isinstance(cell, str) else cell)


class _Guessing(Cells):
    decimal = "."


def _guessed(cells: Cells, cell: Cell) -> int:
    return _price(_Guessing(cells.options, list), cell)


class Saboteur(Leaflet):
    columns = tuple(replace(each, read=_guessed) if each.read is Cells.price else each for each in Leaflet.columns)
