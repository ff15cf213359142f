"""Packs as the machine is told to."""

import os
from collections.abc import Sequence

from gallery.row.packer import Row

from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        packed = super().__call__(task)
        return packed[::-1] if "BACKWARDS" in os.environ else packed


pack = Saboteur()
