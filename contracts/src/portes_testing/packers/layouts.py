"""Looks at packed parcels as hands would: where each unit lies, what overlaps, what sticks out, what is lost.

It knows blocks and nothing of how they came about. Every unit of a block is looked at by itself, but for parcels of so
many that a block of them is looked at as a whole.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from portes.contract import Item
from portes.packing.protocol import PackedParcel, PackingTask, Triple, UnitBlock

Box = tuple[Triple, Triple]
"""The nearest and the farthest corner, in millimetres."""

Items = Mapping[int, Item]
"""The items of a task by the position of their line."""

_LOOKED_AT: Final = 400
"""Units of a parcel that are held against each other one by one: 80,000 pairs."""


def items_of(task: PackingTask) -> dict[int, Item]:
    """The items of a task by the position of their line."""
    return {line.position: line.item for line in task.lines}


def units_of(block: UnitBlock) -> Iterator[Box]:
    """Each unit of a block as the box that it lies in."""
    for x in range(block.counts[0]):
        for y in range(block.counts[1]):
            for z in range(block.counts[2]):
                yield _unit_at(block, (x, y, z))


def _unit_at(block: UnitBlock, step: Triple) -> Box:
    at = [corner + each * pitch for corner, each, pitch in zip(block.corner, step, block.pitch, strict=True)]
    near = at[0], at[1], at[2]
    return near, (near[0] + block.size[0], near[1] + block.size[1], near[2] + block.size[2])


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes share room; what has no thickness takes none."""
    sides = zip(*one, *other, strict=True)
    return all(max(near, at) < min(far, to) for near, far, at, to in sides)


def nests(block: UnitBlock) -> bool:
    """Whether the units of a block lie in one another, by its pitch."""
    return block.pitch != block.size


def bodies(packed: PackedParcel) -> list[Box]:
    """What takes up room in a parcel: every unit, and a block of units that nest as a whole."""
    few = sum(block.units for block in packed.layout) <= _LOOKED_AT
    found: list[Box] = []
    for block in packed.layout:
        if few and not nests(block):
            found += units_of(block)
        else:
            x, y, z = block.counts
            found.append((block.corner, _unit_at(block, (x - 1, y - 1, z - 1))[1]))
    return found


def sticking_out(packed: PackedParcel) -> Iterator[str]:
    """What of a parcel lies beyond the inside of its carton, or its box where it has none."""
    size = packed.carton.inside if packed.carton else packed.parcel.size
    inside = (size.length, size.width, size.height)
    for near, far in bodies(packed):
        if min(near) < 0 or any(at > most for at, most in zip(far, inside, strict=True)):
            yield f"{near} to {far} sticks out of {inside}"


def overlapping(packed: PackedParcel) -> Iterator[str]:
    """Which goods of a parcel lie in one another."""
    for one, other in combinations(bodies(packed), 2):
        if overlaps(one, other):
            yield f"{one} overlaps {other}"


def strange_units(packed: PackedParcel, items: Items) -> Iterator[str]:
    """Units that lie otherwise than their item can: of another size, upright ones that lie, ones that do not nest."""
    for block in packed.layout:
        if block.line not in items:
            yield f"{block} is of line {block.line}, and there is none"
        else:
            yield from _strange(block, items[block.line])


def flaws(packed: PackedParcel, items: Items) -> Iterator[str]:
    """What is wrong with where the units of a parcel lie, in words."""
    yield from sticking_out(packed)
    yield from overlapping(packed)
    yield from strange_units(packed, items)


def _strange(block: UnitBlock, item: Item) -> Iterator[str]:
    """What of a block is not as its item is."""
    measured = (item.size.length, item.size.width, item.size.height)
    if min(block.counts) < 1:
        yield f"{block} is no grid"
    if sorted(block.size) != sorted(measured):
        yield f"{block.size} is no {measured}"
    if "upright" in item.tags and block.size[2] != item.size.height:
        yield f"{block.size} lies, and {measured} is to stand"
    if nests(block):
        yield from _nesting(block, item)


def _nesting(block: UnitBlock, item: Item) -> Iterator[str]:
    added = next((int(tag[5:]) for tag in item.tags if tag[:5] == "nest:" and tag[5:].isdigit()), None)
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


def weight_of(packed: PackedParcel, items: Items) -> int:
    """Grams of a parcel, by its layout and its carton."""
    own = packed.carton.weight if packed.carton else 0
    return own + sum(items[block.line].weight * block.units for block in packed.layout)


def value_of(packed: PackedParcel, items: Items) -> int | None:
    """Minor units of a parcel, by its layout; None where a unit has none."""
    worth = 0
    for block in packed.layout:
        value = items[block.line].declared_value
        if value is None:
            return None
        worth += value.minor * block.units
    return worth


def mistold(packed: PackedParcel, items: Items) -> Iterator[str]:
    """What a parcel tells otherwise than its layout has it: weight, value, units, lines."""
    parcel = packed.parcel
    if any(block.line not in items for block in packed.layout):
        return  # strange units tell it
    told = None if parcel.value is None else parcel.value.minor
    pairs = {
        "weight": (parcel.weight, weight_of(packed, items)),
        "value": (told, value_of(packed, items)),
        "units": (parcel.units, sum(block.units for block in packed.layout)),
        "lines": (parcel.lines, tuple(sorted({block.line for block in packed.layout}))),
    }
    yield from (f"{name} {says}, and it holds {holds}" for name, (says, holds) in pairs.items() if says != holds)


def overloaded(packed: PackedParcel) -> bool:
    """Whether the goods of a parcel are heavier than its carton bears."""
    carton = packed.carton
    if carton is None or carton.most_weight is None:
        return False
    return packed.parcel.weight - carton.weight > carton.most_weight


def unsound(packed: Sequence[PackedParcel], task: PackingTask) -> list[str]:
    """Why parcels are no sound packing of a task, in words: every unit lies in one, apart, and each tells what it has.

    A parcel of several units keeps to the limits; one that no parcel can carry is one of its own.
    """
    items, wanted = items_of(task), {line.position: line.item.quantity for line in task.lines}
    found = [] if placed_units(packed) == wanted else [f"{placed_units(packed)} units are placed of {wanted}"]
    for one in packed:
        excess = task.limits.exceeded_by(one.parcel)
        found += [*flaws(one, items), *mistold(one, items)]
        found += ["its carton does not bear it"] if overloaded(one) else []
        found += [excess.reason] if excess and one.parcel.units != 1 else []
    return found


__all__ = [
    "Items",
    "flaws",
    "items_of",
    "mistold",
    "overlapping",
    "overloaded",
    "placed_units",
    "sticking_out",
    "strange_units",
    "unsound",
]
