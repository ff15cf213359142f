"""Packs every unit as a parcel of its own."""

from collections.abc import Sequence

from portes.contract import Parcel, ParcelLimits
from portes.packing.merge import merged
from portes.packing.protocol import PackedLine


def pack(lines: Sequence[PackedLine], limits: ParcelLimits) -> Sequence[Parcel]:  # noqa: ARG001 — a unit cannot be split
    """One parcel a unit, equal ones counted."""
    return merged([_units(line) for line in lines])


def _units(line: PackedLine) -> Parcel:
    item = line.item
    return Parcel(
        weight=item.weight,
        size=item.size,
        volume=item.size.volume,
        value=item.declared_value,
        count=item.quantity,
        lines=(line.position,),
        units=1,
    )
