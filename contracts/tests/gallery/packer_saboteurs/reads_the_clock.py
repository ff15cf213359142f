"""Takes the time that packing takes."""

import time
from collections.abc import Sequence

from gallery.row.packer import Row

from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    took = 0.0

    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        began = time.monotonic()
        packed = super().__call__(task)
        self.took = time.monotonic() - began
        return packed


pack = Saboteur()
