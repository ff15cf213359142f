"""Counts the units of a line by going through them, two at a time."""

from collections.abc import Iterator

from gallery.row.packer import Row

from portes.packing.protocol import PackedLine, PackedParcel, PackingTask


class Saboteur(Row):
    def packed(self, line: PackedLine, task: PackingTask) -> Iterator[PackedParcel]:
        left = line.item.quantity
        while left > 1:
            left -= 2
        return super().packed(line, task)


pack = Saboteur()
