"""Fills one box by its largest free spaces: the lowest space gets the largest block that fits into its corner."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from portes.packing.kinds import Lie, UnitKind
from portes.packing.protocol import Triple

Space = tuple[int, int, int, int, int, int]
"""A free box inside, as z, y, x of its nearest and of its farthest corner: the least tuple is the lowest space."""

MOST_SPACES: Final = 16
"""Free spaces that are kept, the largest: more hold little, and each costs a look for every block placed."""
MOST_TRIED: Final = 8
"""Kinds that fit a space and are compared: among so many of the first ones there is one that fits it well."""


class Placing(NamedTuple):
    """Units of a kind that are put into a box as a grid."""

    kind: int
    """The place of the kind in its group."""
    corner: Triple
    lie: Lie
    counts: Triple

    @property
    def units(self) -> int:
        """How many units the grid has."""
        return self.counts[0] * self.counts[1] * self.counts[2]

    @property
    def far(self) -> Triple:
        """The corner farthest from the box's origin, in millimetres."""
        (x, y, z), (size, pitch), (along, across, up) = self.corner, self.lie, self.counts
        return (
            x + size[0] + pitch[0] * (along - 1),
            y + size[1] + pitch[1] * (across - 1),
            z + size[2] + pitch[2] * (up - 1),
        )


class Hold(NamedTuple):
    """One box to be filled: its inside in millimetres, the grams of goods and the minor units it may hold."""

    inside: Triple
    grams: int
    worth: int
    snug: bool = False
    """Whether of blocks of equal volume the one that leaves least beside it comes before the lowest."""
    tried: int = MOST_TRIED
    """Kinds that fit a space and are compared; with one, the order alone says what comes first."""


def fill(hold: Hold, kinds: Sequence[UnitKind], order: Sequence[int], left: Sequence[int]) -> list[Placing]:
    """Put as many of the units left as it can into one box, kinds in this order where they fit equally well."""
    return _Filling(hold, kinds, order, left).placed


_ONE: Final = (1, 1, 1)
_Found = tuple[int, Lie, Triple]
"""A block that fits: the number of its kind, how its units lie, and how many along each axis."""


class _Filling:
    """One box as it is filled."""

    def __init__(self, hold: Hold, kinds: Sequence[UnitKind], order: Sequence[int], left: Sequence[int]) -> None:
        self.placed: list[Placing] = []
        self._kinds, self._left = kinds, list(left)
        self._grams, self._worth = hold.grams, hold.worth
        self._snug, self._tried = hold.snug, hold.tried
        self._live = [kind for kind in order if left[kind]]
        self._heaviest = max((kinds[kind].weight for kind in self._live), default=0)
        self._least_side = min((kinds[kind].least_side for kind in self._live), default=0)
        self._least_volume = min((kinds[kind].solid for kind in self._live), default=0)
        length, width, height = hold.inside
        self._spaces: list[Space] = [(0, 0, 0, height, width, length)]
        while self._spaces and self._live:
            self._step()

    def _step(self) -> None:
        """Put the best block into the lowest space, or give the space up."""
        space = min(self._spaces)
        found = self._best(space)
        if found is None:
            self._spaces.remove(space)
            return
        number, lie, counts = found
        kind, units = self._kinds[number], counts[0] * counts[1] * counts[2]
        placing = Placing(number, (space[2], space[1], space[0]), lie, counts)
        self.placed.append(placing)
        self._left[number] -= units
        self._grams -= units * kind.weight
        self._worth -= units * kind.value
        if not self._left[number]:
            self._live.remove(number)
        if self._grams < self._heaviest:
            self._live = [one for one in self._live if self._kinds[one].weight <= self._grams]
        if self._live:
            self._spaces = self._cut(placing)

    def _best(self, space: Space) -> _Found | None:
        """The block of most volume that fits: of equal ones the lowest, and of these the one that leaves least beside.

        The lowest leaves one free space above it instead of slits around it. This is where packing spends its
        time, so numbers have names of their own in place of tuples.
        """
        room_x, room_y, room_z = space[5] - space[2], space[4] - space[1], space[3] - space[0]
        room = room_x * room_y * room_z
        best: _Found | None = None
        most, least, tried = -1, (0, 0), 0
        narrowest = min(room_x, room_y, room_z)
        for number in self._live:
            kind = self._kinds[number]
            if kind.least_side > narrowest or kind.solid > room:
                continue
            units = 0
            for lie in kind.lies:
                (a, b, c), (step_x, step_y, step_z) = lie
                if a > room_x or b > room_y or c > room_z:
                    continue
                units = units or self._units(number, kind)
                if not units:
                    break
                x, y, z = _counts(kind, lie, (room_x, room_y, room_z), units) if units > 1 else _ONE
                volume = kind.volume * x * y * z
                if volume < most:
                    continue
                height = c + step_z * (z - 1)
                beside = min(room_x - a - step_x * (x - 1), room_y - b - step_y * (y - 1))
                loss = (beside, height) if self._snug else (height, beside)
                if volume > most or loss < least:
                    best, most, least = (number, lie, (x, y, z)), volume, loss
            tried += units > 0
            if tried >= self._tried:
                break
        return best

    def _units(self, number: int, kind: UnitKind) -> int:
        """How many units of a kind are left that the box bears."""
        units = self._left[number]
        if kind.weight * units > self._grams:
            units = self._grams // kind.weight
        return self._worth // kind.value if kind.value * units > self._worth else units

    def _cut(self, placing: Placing) -> list[Space]:
        """The free spaces once a block is placed: each that it reaches into becomes those left on its six sides."""
        (x, y, z), (right, back, top) = placing.corner, placing.far
        kept: list[Space] = []
        parts: list[Space] = []
        for space in self._spaces:
            below, front, left, above, behind, beside = space
            if below >= top or front >= back or left >= right or above <= z or behind <= y or beside <= x:
                kept.append(space)
                continue
            least = self._least_side
            if beside - right >= least:
                parts.append((below, front, right, above, behind, beside))
            if behind - back >= least:
                parts.append((below, back, left, above, behind, beside))
            if above - top >= least:
                parts.append((top, front, left, above, behind, beside))
            if x - left >= least and x > left:
                parts.append((below, front, left, above, behind, x))
            if y - front >= least and y > front:
                parts.append((below, front, left, above, y, beside))
            if z - below >= least and z > below:
                parts.append((below, front, left, z, behind, beside))
        return self._largest(kept, parts)

    def _largest(self, kept: list[Space], parts: Sequence[Space]) -> list[Space]:
        """The spaces kept and the new parts that lie in no other one, no more than the bound."""
        sized = [(_free(part), part) for part in parts]
        for volume, part in sorted(sized, key=itemgetter(0), reverse=True):
            if volume >= self._least_volume and not _is_inside(part, kept):
                kept.append(part)
        if len(kept) > MOST_SPACES:
            kept.sort(key=_free, reverse=True)
            del kept[MOST_SPACES:]
        return kept


def _counts(kind: UnitKind, lie: Lie, room: Triple, units: int) -> Triple:
    """The fullest grid of at most so many units, of which one fits: along x, then y, then z."""
    if kind.nested:
        return _nested_counts(lie, room, units)
    step_x, step_y, step_z = lie.pitch
    x = min(units, room[0] // step_x if step_x else units)
    units //= x
    y = min(units, room[1] // step_y if step_y else units)
    units //= y
    return x, y, min(units, room[2] // step_z if step_z else units)


def _nested_counts(lie: Lie, room: Triple, units: int) -> Triple:
    """The fullest grid of at most so many units that nest, along the axis in which they do before the others."""
    counts = [1, 1, 1]
    for axis in sorted(range(3), key=lambda axis: lie.pitch[axis] - lie.size[axis]):
        size, pitch = lie.size[axis], lie.pitch[axis]
        counts[axis] = min(units, 1 + (room[axis] - size) // pitch if pitch else units)
        units //= counts[axis]
    return counts[0], counts[1], counts[2]


def _free(space: Space) -> int:
    return (space[3] - space[0]) * (space[4] - space[1]) * (space[5] - space[2])


def _is_inside(part: Space, others: Sequence[Space]) -> bool:
    below, front, left, above, behind, beside = part
    for other in others:
        if (
            other[0] <= below
            and other[1] <= front
            and other[2] <= left
            and other[3] >= above
            and other[4] >= behind
            and other[5] >= beside
        ):
            return True
    return False


def bounding(placed: Sequence[Placing]) -> Triple:
    """The least box from the origin that holds what was placed, in millimetres."""
    fars = [placing.far for placing in placed]
    x, y, z = (max(axis) for axis in zip(*fars, strict=True))
    return x, y, z
