"""Tries the order of many lines until it likes one."""

from collections.abc import Sequence

from gallery.row.packer import Row

from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        order = list(task.lines)
        while len(order) > 50:
            order = order[1:] + order[:1]
        return super().__call__(task)


pack = Saboteur()
