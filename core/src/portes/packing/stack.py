"""Packs without cartons: the tightest boxes in which the goods really lie, as few as the limits allow."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from typing import Final

from portes.contract import CubicRule, ParcelLimits
from portes.contract.bounds import HEAVIEST_PARCEL
from portes.contract.limits import Sides
from portes.contract.rounding import cube_root, quotient
from portes.packing.filling import Steps, ordered, placed_volume, put
from portes.packing.grids import Score, Scoring, best_grid, grid_placings
from portes.packing.kinds import UnitKind, currency, groups
from portes.packing.loads import Load, loaded, parcels_of, repeated, single_loads
from portes.packing.protocol import PackedParcel, PackingTask, Triple
from portes.packing.room import Room
from portes.packing.spaces import Hold, Placing

MOST_SIDES: Final = 5
"""Sides of units from which floors are made: those of the largest kinds decide how the others may lie."""
MOST_STEPS: Final = 40
"""Blocks to be placed while floors are compared: carts of a few kinds see them all."""
MOST_LENGTHS: Final = 10
"""Lengths that are put together to floors, some fifty of them."""
MOST_FLOORS: Final = 6
"""Floors that are tried for one box; a seventh makes it smaller by less than a hundredth on average."""


def pack(task: PackingTask) -> Sequence[PackedParcel]:
    """As few parcels as the limits allow, each in the least box around its goods as they lie; equal ones counted.

    Raises `ValueError` for lines valued in several currencies.
    """
    by_value, sold_in = task.limits.value is not None, currency(task.lines)
    packed: list[PackedParcel] = []
    for group in groups(task.lines, by_value=by_value):
        if group.own_box:
            loads = [single_loads(number, kind) for number, kind in enumerate(group.kinds)]
        else:
            loads = stacked(group.kinds, [kind.units for kind in group.kinds], task)
        packed += parcels_of(loads, group.kinds, sold_in)
    return packed


def stacked(kinds: Sequence[UnitKind], left: Sequence[int], task: PackingTask) -> list[Load]:
    """The units left in boxes that keep to the limits; a unit that does not is alone in a box of its own size."""
    return _StackPacking(kinds, left, task).loads()


class _StackPacking:
    """The boxes of one group of kinds in the making."""

    def __init__(self, kinds: Sequence[UnitKind], left: Sequence[int], task: PackingTask) -> None:
        self._kinds, self._left = kinds, list(left)
        self._room = Room.of(task.limits)
        self._limits, self._cubic = task.limits, task.cubic
        self._steps = Steps(MOST_STEPS)
        volume = sum(kind.volume * units for kind, units in zip(kinds, left, strict=True))
        self._order = ordered(kinds, min(volume, self._room.volume) or 1, min(self._room.grams, HEAVIEST_PARCEL))

    def loads(self) -> list[Load]:
        beyond = [number for number, kind in enumerate(self._kinds) if not self._room.takes(kind)]
        made = [self._alone(number) for number in beyond if self._left[number]]
        while any(self._left):
            made.append(repeated(self._next(), self._left))
        return made

    def _alone(self, number: int) -> Load:
        load = single_loads(number, self._kinds[number])
        return repeated(load, self._left)

    def _next(self) -> Load:
        """The next box to be filled: with all that is left if that may be, else as full as it can be."""
        live = [number for number, units in enumerate(self._left) if units]
        if len(live) == 1:
            return self._grid(live[0])
        tried = list(self._tries(live))
        whole = [load for load in (*tried, *self._pile(live)) if self._holds_all(load)]
        if whole:
            score = self._scoring(live)
            return min(whole, key=lambda load: score(load.box))
        fullest = max(tried, key=lambda load: placed_volume(load.placed, self._kinds), default=None)
        return fullest if fullest is not None and fullest.placed else self._grid(live[0])

    def _grid(self, number: int) -> Load:
        kind, units = self._kinds[number], self._left[number]
        grid = best_grid(kind, units, self._room, self._scoring([number]))
        return loaded(grid_placings(number, kind, grid), grid.box)

    def _holds_all(self, load: Load) -> bool:
        return load.units == sum(self._left)

    def _scoring(self, live: Sequence[int]) -> Scoring:
        """How good boxes for all that is left of some kinds are."""
        kinds, units = [self._kinds[number] for number in live], [self._left[number] for number in live]
        return scoring(kinds, units, self._limits, self._cubic)

    def _tries(self, live: Sequence[int]) -> Iterator[Load]:
        """Boxes filled on several floors, each as high as the limits allow; the first one whatever it takes."""
        for tried, (length, width) in enumerate(self._floors(live)):
            if tried and not self._steps.any:
                return
            hold = Hold((length, width, self._room.third(length, width)), self._room.grams, self._room.worth)
            order = [number for number in self._order if self._left[number]]
            placed = put(hold, self._kinds, order, self._left)
            self._steps.spend(len(placed))
            if placed:
                yield loaded(placed)

    def _pile(self, live: Sequence[int]) -> Iterator[Load]:
        """All that is left one upon the other, each as flat as it lies, if the limits allow it.

        Flat goods of many sizes often lie better so than on a floor that makes their box nearly a cube.
        """
        kinds, units = [self._kinds[number] for number in live], [self._left[number] for number in live]
        if sum(kind.weight * count for kind, count in zip(kinds, units, strict=True)) > self._room.grams:
            return
        if sum(kind.value * count for kind, count in zip(kinds, units, strict=True)) > self._room.worth:
            return
        placed: list[Placing] = []
        top = 0
        for number, kind, count in zip(live, kinds, units, strict=True):
            lie = min(kind.lies, key=lambda lie: (lie.size[2], -lie.size[0]))
            placed.append(Placing(number, (0, 0, top), lie, (1, 1, count)))
            top += lie.size[2] + (count - 1) * lie.pitch[2]
        load = loaded(placed)
        if self._room.allows(load.box):
            yield load

    def _floors(self, live: Sequence[int]) -> list[tuple[int, int]]:
        """Floors for what is left: those on which a box of its volume is nearest to a cube, or the largest boxes.

        Those come first whose box may be as high as it must be, and takes each unit by itself.
        """
        volume = sum(self._kinds[number].volume * self._left[number] for number in live)
        least = _longest_first_of_each([self._kinds[number].lies[0].size for number in live])
        lengths = _lengths([self._kinds[number] for number in live], volume, self._room)
        floors: list[tuple[tuple[int, int], tuple[int, int]]] = []
        for width, length in combinations_with_replacement(lengths, 2):
            third = self._room.third(length, width)
            if third <= 0:
                continue
            height = quotient(volume, length * width, "up")
            box = sorted((length, width, third), reverse=True)
            short = height > third or any(side < own for side, own in zip(box, least, strict=True))
            measure = -length * width * third if short else length + width + height
            floors.append(((short, measure), (length, width)))
        return [floor for _, floor in sorted(floors)[:MOST_FLOORS]]


def _lengths(kinds: Sequence[UnitKind], volume: int, room: Room) -> list[int]:
    """Lengths that floors may have: sums of the sides of the largest kinds that are nearest to a cube's side.

    To these come what the limits allow, and the longest side, without which nothing may fit.
    """
    largest = sorted(kinds, key=lambda kind: -kind.volume)[:MOST_SIDES]
    sides = sorted({side for kind in largest for side in kind.lies[0].size if side}, reverse=True)[:MOST_SIDES]
    cube = cube_root(volume)
    sums = {side * times for side in sides for times in (1, 2, 3)} | {one + other for one in sides for other in sides}
    near = sorted(sums, key=lambda length: (abs(length - cube), length))[:MOST_LENGTHS]
    longest = max(max(kind.lies[0].size) for kind in kinds)
    allowed = (room.sides_sum // 3, room.sides[0], room.sides[1], quotient(cube * 11, 10, "up"), longest)
    return sorted({length for length in (*near, *allowed) if 0 < length <= room.longest})


def scoring(kinds: Sequence[UnitKind], units: Sequence[int], limits: ParcelLimits, cubic: CubicRule | None) -> Scoring:
    """How good a box for some units is, the least the best: no rod, of least billed weight, of least volume, handy.

    A rod is longer than its longest unit and more than twice the side of a cube of the goods: nobody makes such boxes.
    """
    volume = sum(kind.volume * count for kind, count in zip(kinds, units, strict=True))
    weight = sum(kind.weight * count for kind, count in zip(kinds, units, strict=True))
    rod = max(2 * cube_root(volume), *(max(kind.lies[0].size) for kind in kinds))

    def scored(box: Triple) -> Score:
        longest, middle, shortest = sides = limits.told(_longest_first(box))
        told = longest * middle * shortest
        return longest > rod, cubic.billed(weight, told) if cubic else 0, told, sum(sides)

    return scored


def _longest_first_of_each(sizes: Sequence[Triple]) -> Sides:
    """The longest of all longest sides, of the middle ones and of the shortest: a box that takes each has no less."""
    longest, middle, shortest = zip(*map(_longest_first, sizes), strict=True)
    return max(longest), max(middle), max(shortest)


def _longest_first(box: Triple) -> Sides:
    longest, middle, shortest = sorted(box, reverse=True)
    return longest, middle, shortest
