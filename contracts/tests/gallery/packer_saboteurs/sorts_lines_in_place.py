"""Puts the longest line last, in the task itself."""

from collections.abc import Sequence
from typing import cast

from gallery.row.packer import Row

from portes.packing.protocol import PackedLine, PackedParcel, PackingTask


class Saboteur(Row):
    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        cast("list[PackedLine]", task.lines).sort(key=lambda line: line.item.quantity)
        return super().__call__(task)


pack = Saboteur()
