"""Fills one box in rows and layers, each kind where the one before ended: for carts of very many kinds."""

from collections.abc import Iterable, Sequence

from portes.packing.kinds import Lie, UnitKind
from portes.packing.protocol import Triple
from portes.packing.spaces import Hold, Placing


def shelve(hold: Hold, kinds: Sequence[UnitKind], order: Iterable[int], left: Sequence[int]) -> list[Placing]:
    """Put as many of the units left as it can into one box; a kind that does not fit where the row ends begins anew.

    The cost grows with the kinds, a few numbers each, and not with their units.
    """
    shelves = _Shelves(hold)
    lying = [(number, _flat(kinds[number], hold.inside)) for number in order if left[number]]
    found = [(number, lie) for number, lie in lying if lie is not None]
    for number, lie in sorted(found, key=lambda pair: (-pair[1].size[2], -pair[1].size[1])):
        shelves.put(number, kinds[number], lie, left[number])
    return shelves.placed


def _flat(kind: UnitKind, inside: Triple) -> Lie | None:
    """The lowest way for a unit to lie in a box, its longer side along x; None where it fits in none."""
    fitting = [lie for lie in kind.lies if all(side <= room for side, room in zip(lie.size, inside, strict=True))]
    return min(fitting, key=lambda lie: (lie.size[2], lie.size[1]), default=None)


class _Shelves:
    """A box as it is filled: the row that is open, in the layer that is open."""

    def __init__(self, hold: Hold) -> None:
        self.placed: list[Placing] = []
        self._inside, self._grams, self._worth = hold.inside, hold.grams, hold.worth
        self._row_end = self._row = self._row_depth = 0
        self._layer = self._layer_height = 0

    def put(self, number: int, kind: UnitKind, lie: Lie, units: int) -> None:
        """Put units of a kind into the open row, further rows and further layers, until the box is full of them."""
        units = min(units, *self._bearable(kind, units))
        while units:
            counts = self._counts(lie, units)
            if counts is None:
                return
            placing = Placing(number, (self._row_end, self._row, self._layer), lie, counts)
            self.placed.append(placing)
            self._grams -= kind.weight * placing.units
            self._worth -= kind.value * placing.units
            units -= placing.units
            self._advance(placing)

    def _bearable(self, kind: UnitKind, units: int) -> tuple[int, int]:
        return (
            self._grams // kind.weight if kind.weight else units,
            self._worth // kind.value if kind.value else units,
        )

    def _counts(self, lie: Lie, units: int) -> Triple | None:
        """How many units lie along each axis from where the row ends; None where not one does.

        At the beginning of a row they may be several rows, at the beginning of a layer several layers.
        """
        room = self._room(lie)
        if room is None:
            return None
        along = _fitting(lie, 0, room[0], units)
        if self._row_end:
            return along, 1, 1
        units //= along
        across = max(1, _fitting(lie, 1, room[1], units)) if units else 1
        if self._row:
            return along, across, 1
        units //= across
        return along, across, max(1, _fitting(lie, 2, room[2], units)) if units else 1

    def _room(self, lie: Lie) -> Triple | None:
        """What is free from where the row ends, after a row or a layer is begun where that is needed."""
        size, inside = lie.size, self._inside
        row_fits = size[1] <= self._row_depth and size[2] <= self._layer_height
        if self._row_end and not (row_fits and self._row_end + size[0] <= inside[0]):
            self._row, self._row_end, self._row_depth = self._row + self._row_depth, 0, 0
        if self._row and not self._row_end and (self._row + size[1] > inside[1] or size[2] > self._layer_height):
            self._layer, self._layer_height = self._layer + self._layer_height, 0
            self._row = self._row_end = self._row_depth = 0
        if self._layer + size[2] > inside[2]:
            return None
        return inside[0] - self._row_end, inside[1] - self._row, inside[2] - self._layer

    def _advance(self, placing: Placing) -> None:
        """Go on where the placed units end."""
        right, back, top = placing.far
        _, across, up = placing.counts
        if up > 1:
            self._layer, self._layer_height = top, 0
            self._row = self._row_end = self._row_depth = 0
            return
        self._layer_height = max(self._layer_height, top - self._layer)
        if across > 1:
            self._row, self._row_end, self._row_depth = back, 0, 0
            return
        self._row_end, self._row_depth = right, max(self._row_depth, back - self._row)


def _fitting(lie: Lie, axis: int, room: int, units: int) -> int:
    size, pitch = lie.size[axis], lie.pitch[axis]
    return min(units, 1 + (room - size) // pitch if pitch else units)
