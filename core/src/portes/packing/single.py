"""Packs every unit as a parcel of its own, in the box that it is sold in."""

from collections.abc import Sequence

from portes.contract import Parcel
from portes.packing.kinds import currency, standing
from portes.packing.protocol import PackedLine, PackedParcel, PackingTask, UnitBlock


def pack(task: PackingTask) -> Sequence[PackedParcel]:
    """One parcel a unit, equal ones of a line counted. Raises `ValueError` for lines valued in several currencies."""
    currency(task.lines)
    return [_alone(line) for line in task.lines]


def as_sold(line: PackedLine) -> Parcel:
    """The units of a line as parcels, each told with its size as it was measured."""
    item = line.item
    return Parcel(
        weight=item.weight,
        size=item.size,
        volume=item.size.volume,  # what would be worked out, told: that takes half as long
        value=item.declared_value,
        count=item.quantity,
        lines=(line.position,),
        units=1,
    )


def _alone(line: PackedLine) -> PackedParcel:
    lie = standing(line.item)
    return PackedParcel(as_sold(line), (UnitBlock(line.position, (0, 0, 0), lie.size, (1, 1, 1), lie.pitch),))
