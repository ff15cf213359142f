"""Counts equal parcels instead of repeating them."""

from collections.abc import Sequence

from portes.contract import Parcel
from portes.packing.protocol import PackedParcel

_Likeness = tuple[int, int, int, int, int, int | None, int | None, int]


def told(packed: Sequence[PackedParcel]) -> Sequence[Parcel]:
    """The parcels as a carrier is told them: where the goods of equal ones lie is no difference to it."""
    return merged([one.parcel for one in packed])


def merged(parcels: Sequence[Parcel]) -> Sequence[Parcel]:
    """The same parcels, each kind (weight, box, volume, value, units, volumes) once with its count, in order."""
    if len(parcels) < 2:
        return parcels
    alike: dict[_Likeness, list[Parcel]] = {}
    for parcel in parcels:
        alike.setdefault(_likeness(parcel), []).append(parcel)
    return [same[0] if len(same) == 1 else _as_one(same) for same in alike.values()]


def _likeness(parcel: Parcel) -> _Likeness:
    size, value = parcel.size, parcel.value
    return (
        parcel.weight, size.length, size.width, size.height, parcel.volume, None if value is None else value.minor,
        parcel.units, parcel.volumes,
    )  # fmt: skip


def _as_one(same: Sequence[Parcel]) -> Parcel:
    positions = {position for parcel in same for position in parcel.lines}
    return same[0].model_copy(
        update={"count": sum(parcel.count for parcel in same), "lines": tuple(sorted(positions))},
    )
