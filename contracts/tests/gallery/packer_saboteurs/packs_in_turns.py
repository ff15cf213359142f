"""Begins with the last line every other time."""

from collections.abc import Sequence

from gallery.row.packer import Row

from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    turns = 0

    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        self.turns += 1
        packed = super().__call__(task)
        return packed[:: -1 if self.turns % 2 else 1]


pack = Saboteur()
