"""What tests of packers share: tasks made of a few items."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shop import item

from portes.contract import Dimensions, Item, ParcelLimits
from portes.packing.protocol import PackedLine, PackedParcel, PackingTask


def task(*items: Item, limits: ParcelLimits | None = None, **more: Any) -> PackingTask:
    """What a store would have a packer do: a line for each item, in order."""
    lines = [PackedLine(position, one) for position, one in enumerate(items)]
    return PackingTask(lines, limits or ParcelLimits(), **more)


def goods(quantity: int, length: int, width: int, height: int, weight: int = 100, **more: Any) -> Item:
    """Units of a size in mm and a weight in g."""
    size = Dimensions(length=length, width=width, height=height)
    return item(more.pop("sku", "sku-1"), quantity=quantity, weight=weight, size=size, **more)


def boxes_of(packed: Sequence[PackedParcel]) -> list[tuple[int, int, int, int, int]]:
    """Sides, grams and count of the parcels as they are told, sorted."""
    counted: Counter[tuple[int, int, int, int]] = Counter()
    for one in packed:
        counted[*one.parcel.size.sides, one.parcel.weight] += one.parcel.count
    return sorted((*box, count) for box, count in counted.items())
