"""Packs every unit as a parcel of its own, in the box that it is sold in."""

from collections.abc import Sequence

from portes.packing.kinds import currency, kinds_of
from portes.packing.loads import parcels_of, single_loads
from portes.packing.protocol import PackedParcel, PackingTask


def pack(task: PackingTask) -> Sequence[PackedParcel]:
    """One parcel a unit, equal ones of a line counted. Raises `ValueError` for lines valued in several currencies."""
    packed: list[PackedParcel] = []
    for line in task.lines:  # each by itself: a parcel is told with its size as it was measured
        kinds = kinds_of([line], by_value=False)
        packed += parcels_of([single_loads(0, kinds[0])], kinds, currency(task.lines))
    return packed
