"""Lists equal parcels one by one, up to a hundred of them."""

from collections.abc import Sequence
from dataclasses import replace

from gallery.row.packer import Row

from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        return [each for one in super().__call__(task) for each in _listed(one)]


def _listed(one: PackedParcel) -> list[PackedParcel]:
    if one.parcel.count > 100:
        return [one]
    return [replace(one, parcel=one.parcel.model_copy(update={"count": 1}))] * one.parcel.count


pack = Saboteur()
