"""Fills cartons without looking at what they bear."""

from dataclasses import replace

from gallery.row.packer import Row

from portes.contract import Item
from portes.packing.protocol import Carton


class Saboteur(Row):
    def fits(self, item: Item, units: int, carton: Carton) -> bool:
        return super().fits(item, units, replace(carton, most_weight=None))


pack = Saboteur()
