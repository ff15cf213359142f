"""Looks at packed parcels as hands would: where each unit lies, what overlaps, what sticks out, what is lost.

It knows blocks and nothing of how they came about. Every unit of a block is looked at by itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from portes.contract import Item, Parcel
from portes.packing.protocol import PackedParcel, PackingTask, UnitBlock

Box = tuple[tuple[int, int, int], tuple[int, int, int]]
"""The nearest and the farthest corner, in millimetres."""


def units_of(block: UnitBlock) -> Iterator[Box]:
    """Each unit of a block as the box that it lies in."""
    for x in range(block.counts[0]):
        for y in range(block.counts[1]):
            for z in range(block.counts[2]):
                steps = zip(block.corner, (x, y, z), block.pitch, strict=True)
                near = tuple(corner + step * pitch for corner, step, pitch in steps)
                far = tuple(at + size for at, size in zip(near, block.size, strict=True))
                yield near, far  # type: ignore[misc] # three of each


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes share room; what has no thickness takes none."""
    sides = zip(*one, *other, strict=True)
    return all(max(near, at) < min(far, to) for near, far, at, to in sides)


def nests(block: UnitBlock) -> bool:
    return block.pitch != block.size


def bodies(packed: PackedParcel) -> list[Box]:
    """What takes up room in a parcel: every unit, and a block of units that nest as a whole."""
    found = []
    for block in packed.layout:
        units = list(units_of(block))
        if nests(block):
            found.append((block.corner, tuple(max(unit[1][axis] for unit in units) for axis in range(3))))
        else:
            found += units
    return found  # type: ignore[return-value] # three of each


def flaws(packed: PackedParcel, items: Sequence[Item]) -> Iterator[str]:
    """What is wrong with where the units of a parcel lie, in words."""
    size = packed.carton.inside if packed.carton else packed.parcel.size
    inside = (size.length, size.width, size.height)
    placed = bodies(packed)
    for near, far in placed:
        if min(near) < 0 or any(at > most for at, most in zip(far, inside, strict=True)):
            yield f"{near} to {far} sticks out of {inside}"
    for one, other in combinations(placed, 2):
        if overlaps(one, other):
            yield f"{one} overlaps {other}"
    for block in packed.layout:
        yield from _strange(block, items[block.line])


def _strange(block: UnitBlock, item: Item) -> Iterator[str]:
    """What of a block is not as its item is."""
    measured = (item.size.length, item.size.width, item.size.height)
    if sorted(block.size) != sorted(measured):
        yield f"{block.size} is no {measured}"
    if "upright" in item.tags and block.size[2] != item.size.height:
        yield f"{block.size} lies, and {measured} is to stand"
    added = next((int(tag[5:]) for tag in item.tags if tag[:5] == "nest:" and tag[5:].isdigit()), None)
    if nests(block):
        changed = [axis for axis in range(3) if block.pitch[axis] != block.size[axis]]
        if added is None or len(changed) != 1:
            yield f"{block} nests, and its units do not"
        elif block.pitch[changed[0]] != min(added, item.size.height) or block.size[changed[0]] != item.size.height:
            yield f"{block} nests otherwise than its item"


def placed_units(packed: Sequence[PackedParcel]) -> Counter[int]:
    """How many units of each line are placed, over all parcels."""
    units: Counter[int] = Counter()
    for one in packed:
        for block in one.layout:
            units[block.line] += block.units * one.parcel.count
    return units


def weight_of(packed: PackedParcel, items: Sequence[Item]) -> int:
    """Grams of a parcel, by its layout and its carton."""
    own = packed.carton.weight if packed.carton else 0
    return own + sum(items[block.line].weight * block.units for block in packed.layout)


def value_of(packed: PackedParcel, items: Sequence[Item]) -> int | None:
    """Minor units of a parcel, by its layout; None where a unit has none."""
    worth = 0
    for block in packed.layout:
        value = items[block.line].declared_value
        if value is None:
            return None
        worth += value.minor * block.units
    return worth


def boxes_of(packed: Sequence[PackedParcel]) -> list[tuple[int, int, int, int, int]]:
    """Sides, grams and count of the parcels as they are told, sorted."""
    counted: Counter[tuple[int, int, int, int]] = Counter()
    for one in packed:
        counted[*one.parcel.size.sides, one.parcel.weight] += one.parcel.count
    return sorted((*box, count) for box, count in counted.items())


def assert_sound(packed: Sequence[PackedParcel], task: PackingTask) -> None:
    """Every unit lies in one parcel, nothing overlaps or sticks out, and each parcel tells what it holds."""
    items = [line.item for line in task.lines]
    assert placed_units(packed) == {line.position: line.item.quantity for line in task.lines}
    for one in packed:
        parcel = one.parcel
        assert list(flaws(one, items)) == []
        assert parcel.weight == weight_of(one, items)
        assert (None if parcel.value is None else parcel.value.minor) == value_of(one, items)
        assert parcel.units == sum(block.units for block in one.layout)
        assert parcel.lines == tuple(sorted({block.line for block in one.layout}))
        assert is_within(one, task)


def is_within(packed: PackedParcel, task: PackingTask) -> bool:
    """Whether a parcel keeps to the limits and its carton bears it, or holds one unit that no parcel can carry."""
    parcel: Parcel = packed.parcel
    bears = packed.carton.most_weight if packed.carton else None
    goods = parcel.weight - (packed.carton.weight if packed.carton else 0)
    if bears is not None and goods > bears:
        return False
    return parcel.units == 1 or task.limits.exceeded_by(parcel) is None


__all__ = ["assert_sound", "boxes_of", "flaws", "placed_units"]
