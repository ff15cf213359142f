"""Turns every unit on its end."""

from gallery.row.packer import Row

from portes.contract import Item
from portes.packing.protocol import Triple


class Saboteur(Row):
    def turned(self, item: Item) -> Triple:
        return item.size.height, item.size.width, item.size.length


pack = Saboteur()
