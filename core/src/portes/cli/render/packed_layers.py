"""Boxes cut into layers: the heights at which units begin, and what is seen there from above; mm throughout."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from portes.packing.protocol import PackedParcel, UnitBlock


class Area(NamedTuple):
    """Units of one line as they are seen from above: one, or as many as are drawn as one."""

    line: int
    """The position of the request line."""
    corner: tuple[int, int]
    size: tuple[int, int]
    units: int


def levels_of(packed: PackedParcel) -> list[int]:
    """The heights above the floor at which units begin, the lowest first."""
    return sorted({level for block in packed.layout for level in _levels(block)})


def cut_at(packed: PackedParcel, level: int) -> tuple[UnitBlock, ...]:
    """The blocks that are cut at a height, in the middle of its lowest millimetre."""
    return tuple([block for block in packed.layout if block.corner[2] <= level < _top(block)])


def areas_of(block: UnitBlock) -> Iterator[Area]:
    """Each unit of a block that is cut, by itself."""
    for x, y in product(range(block.counts[0]), range(block.counts[1])):
        corner = (block.corner[0] + block.pitch[0] * x, block.corner[1] + block.pitch[1] * y)
        yield Area(block.line, corner, block.size[:2], 1)


def whole_area(block: UnitBlock) -> Area:
    """All units of a block that are cut, as one."""
    return Area(block.line, block.corner[:2], block.extent[:2], block.counts[0] * block.counts[1])


def _levels(block: UnitBlock) -> Iterator[int]:
    bottom, pitch = block.corner[2], block.pitch[2]
    return iter(range(bottom, bottom + pitch * block.counts[2], pitch) if pitch else (bottom,))


def _top(block: UnitBlock) -> int:
    """Where a block ends; goods without height are seen all the same."""
    return block.corner[2] + max(1, block.extent[2])
