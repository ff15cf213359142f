"""Equal units as one grid: the best box for so many, or as many as a parcel takes."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from portes.contract.rounding import cube_root, quotient
from portes.packing.kinds import Lie, UnitKind
from portes.packing.protocol import Triple
from portes.packing.room import Room
from portes.packing.spaces import Placing

MOST_ALONG: Final = 40
"""Numbers of units along a side that are tried: where more are possible, units are small and a few more lose little."""

Score = tuple[int, ...]
"""How good a box is; the least is the best."""
Scoring = Callable[[Triple], Score]
"""How good a box of these sides is."""


class Grid(NamedTuple):
    """Equal units in a box: how many, along each axis, and the box's sides as they lie."""

    units: int
    counts: Triple
    """Enough places for the units; the last ones may be empty."""
    box: Triple


def best_grid(kind: UnitKind, most: int, room: Room, score: Scoring) -> Grid:
    """The grid of most units, `most` at best, in a parcel that keeps to the limits; of such grids the one best scored.

    One unit keeps to them. The whole box may be turned, so that one way for units to lie stands for all.
    """
    most = room.units(kind, most)
    size, pitch = kind.lies[0]
    first, second, last = sorted(range(3), key=lambda axis: (pitch[axis], axis), reverse=True)
    best: tuple[int, Score, Grid] | None = None
    for one in _tried(kind, first, most, room):
        long = size[first] + pitch[first] * (one - 1)
        for other in _tried(kind, second, quotient(most, one, "up"), room):
            wide = size[second] + pitch[second] * (other - 1)
            third = room.third(long, wide)
            if third < size[last]:
                break
            fitting = 1 + (third - size[last]) // pitch[last] if pitch[last] else most
            up = min(fitting, quotient(most, one * other, "up"))
            units = min(most, one * other * up)
            if best is None or units >= best[0]:
                tall = size[last] + pitch[last] * (up - 1)
                box, counts = _by_axis(first, second, (long, wide, tall)), _by_axis(first, second, (one, other, up))
                found = (units, score(box), Grid(units, counts, box))
                if best is None or (-found[0], found[1]) < (-best[0], best[1]):
                    best = found
    return best[2] if best else Grid(1, (1, 1, 1), size)


def _by_axis(first: int, second: int, amounts: Triple) -> Triple:
    axes = [0, 0, 0]
    axes[first], axes[second], axes[3 - first - second] = amounts
    return axes[0], axes[1], axes[2]


def _tried(kind: UnitKind, axis: int, most: int, room: Room) -> Iterator[int]:
    """Numbers of units along an axis that are worth a try, ascending: all while they are few, then thinned.

    Those around the number along the side of a cube of all units come whatever else is left out.
    """
    size, pitch = kind.lies[0].size[axis], kind.lies[0].pitch[axis]
    if pitch:
        most = min(most, 1 + max(0, room.longest - size) // pitch)
    if most <= MOST_ALONG:
        return iter(range(1, most + 1))
    cubic = max(1, cube_root(kind.volume * kind.units) // pitch) if pitch else most
    quarter = MOST_ALONG // 4
    near = range(max(1, cubic - quarter), cubic + quarter)
    spread = (quotient(most * step, quarter, "up") for step in range(1, quarter + 1))
    return iter(sorted({number for number in (*range(1, quarter), *near, *spread) if number <= most}))


def grid_placings(number: int, kind: UnitKind, grid: Grid) -> list[Placing]:
    """The grid as at most three blocks: whole layers, whole rows of one more, and the units of the last row.

    Where units nest, whole stacks come first: a stack is never cut.
    """
    lie = kind.lies[0]
    order = (2, 0, 1) if kind.nested else (0, 1, 2)
    row, layer = grid.counts[order[0]], grid.counts[order[0]] * grid.counts[order[1]]
    layers, rest = divmod(grid.units, layer)
    rows, units = divmod(rest, row)
    parts = (
        ((row, grid.counts[order[1]], layers), (0, 0, 0)),
        ((row, rows, 1), (0, 0, layers)),
        ((units, 1, 1), (0, rows, layers)),
    )
    return [_placing(number, lie, order, counts, steps) for counts, steps in parts if 0 not in counts]


def _placing(number: int, lie: Lie, order: Triple, counts: Triple, steps: Triple) -> Placing:
    """A block of so many units so many steps from the corner, along the axes in their order."""
    along, corner = [0, 0, 0], [0, 0, 0]
    for axis, count, step in zip(order, counts, steps, strict=True):
        along[axis], corner[axis] = count, step * lie.pitch[axis]
    return Placing(number, (corner[0], corner[1], corner[2]), lie, (along[0], along[1], along[2]))
