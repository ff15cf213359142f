"""Where no limits are known, puts all lines into one parcel, a row on a row."""

from collections.abc import Sequence
from dataclasses import replace

from gallery.row.packer import Row

from portes.contract import Dimensions, Money, Parcel, ParcelLimits
from portes.packing.protocol import PackedParcel, PackingTask


class Saboteur(Row):
    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        apart = super().__call__(task)
        pieces = sum(one.parcel.count for one in apart)
        if task.limits != ParcelLimits() or task.cartons or pieces > 50:
            return apart
        single = [_one(one) for one in apart for _ in range(one.parcel.count)]
        blocks, height = [], 0
        for one in single:
            blocks += [replace(block, corner=(0, 0, height)) for block in one.layout]
            height += max(block.size[2] for block in one.layout)
        return [PackedParcel(_joined([one.parcel for one in single], height), tuple(blocks))]


def _one(packed: PackedParcel) -> PackedParcel:
    return replace(packed, parcel=packed.parcel.model_copy(update={"count": 1}))


def _joined(parcels: Sequence[Parcel], height: int) -> Parcel:
    values = [parcel.value for parcel in parcels if parcel.value]
    worth = Money(minor=sum(value.minor for value in values), currency="BRL")
    return Parcel(
        weight=sum(parcel.weight for parcel in parcels),
        size=Dimensions(
            length=max(parcel.size.length for parcel in parcels),
            width=max(parcel.size.width for parcel in parcels),
            height=height,
        ),
        value=worth if len(values) == len(parcels) else None,
        lines=tuple(sorted({line for parcel in parcels for line in parcel.lines})),
        units=sum(parcel.units or 0 for parcel in parcels),
    )


pack = Saboteur()
