"""Adds goods up for carriers that price a shipment's totals: it fills parcels by sums, and places nothing in space.

A parcel counts with the exact volume of its goods, and says in how many packed volumes they are handed over: as many
as they are when they are packed into the store's cartons, or the tightest boxes. Its box is theirs where one holds
them all; else it tells a sum, a near-cube of at least the goods' volume in which the longest unit lies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from portes.contract import Dimensions, Money, Parcel
from portes.contract.bounds import LARGEST_VOLUME
from portes.contract.rounding import cube_root, quotient, square_root
from portes.packing import boxes
from portes.packing.kinds import currency
from portes.packing.merge import merged
from portes.packing.protocol import PackedLine, PackedParcel, PackingTask, Triple
from portes.packing.room import Room
from portes.packing.single import as_sold


@dataclass(slots=True)
class _Pile:
    """Goods on their way into one parcel."""

    weight: int
    volume: int
    sides: tuple[int, int, int]
    """The longest of each side, longest side first."""
    value: int | None
    """In minor units."""
    units: int

    def plus(self, unit: "_Pile", times: int) -> "_Pile":
        """The pile with so many equal units more."""
        (longest, middle, shortest), (long, mid, short) = self.sides, unit.sides
        sides = (max(longest, long), max(middle, mid), max(shortest, short)) if times else self.sides
        value = None if self.value is None or unit.value is None else self.value + unit.value * times
        weight, volume = self.weight + unit.weight * times, self.volume + unit.volume * times
        return _Pile(weight, volume, sides, value, self.units + unit.units * times)

    def box(self) -> tuple[int, int, int]:
        """Length, width and height of the box, in millimetres."""
        longest, middle, shortest = self.sides
        if longest * middle * shortest >= self.volume:
            return self.sides
        longest = max(longest, cube_root(self.volume))
        middle = max(middle, square_root(_divided(self.volume, longest)))
        return longest, middle, max(shortest, _divided(self.volume, longest * middle))

    def fits(self, room: Room, around: Room) -> bool:
        """Whether it keeps to the limits of a room, of weight, value and volume as sums, and its box to those around.

        The volume is the goods', so that what is `around` has no limit of it.
        """
        if self.weight > room.grams or self.volume > room.volume or (self.value or 0) > room.worth:
            return False
        return around.allows(self.box())


_NOTHING: Final = _Pile(0, 0, (0, 0, 0), 0, 0)


def pack(task: PackingTask) -> Sequence[PackedParcel]:
    """As few parcels as the limits allow when filled line by line, in order; equal ones counted, no unit placed.

    Raises `ValueError` for lines valued in several currencies.
    """
    if not task.cartons and len(task.lines) == 1 and task.lines[0].item.quantity == 1:
        return [PackedParcel(as_sold(task.lines[0]))]  # nothing to add up, and no box is tighter
    parcels = _Parcels(task)
    for line in task.lines:
        parcels.add(line)
    parcels.close()
    return [PackedParcel(parcel) for parcel in merged(parcels.closed)]


class _Parcels:
    """The parcels of a shipment in the making: those that are closed, and one that is begun."""

    def __init__(self, task: PackingTask) -> None:
        self.closed: list[Parcel] = []
        self._room, self._currency = Room.of(task.limits), currency(task.lines)
        self._around = replace(self._room, volume=LARGEST_VOLUME)
        self._boxed = replace(task, limits=task.limits.model_copy(update={"volume": None}))
        """What the goods' boxes are packed by: a limit of volume is about the goods here."""
        self._begun = _NOTHING
        self._lines: list[PackedLine] = []
        """The lines in the parcel begun, each with the units that it has there; empty when there is none."""

    def add(self, line: PackedLine) -> None:
        """Put a line's units into the parcel begun and as many full ones as needed; the last one stays open."""
        unit, units = _unit(line), line.item.quantity
        if self._lines:
            units -= self._fill(unit, units, line)
            if not units:
                return
            self.close()
        each = max(1, self._most(_NOTHING, unit, units))
        full, rest = divmod(units, each)
        if not rest:
            full, rest = full - 1, each
        if full:
            self.closed.append(self._parcel(_NOTHING.plus(unit, each), [_of(line, each)], full))
        self._begun, self._lines = _NOTHING.plus(unit, rest), [_of(line, rest)]

    def close(self) -> None:
        """Put nothing more into the parcel begun."""
        if self._lines:
            self.closed.append(self._parcel(self._begun, self._lines))
            self._lines = []

    def _fill(self, unit: _Pile, units: int, line: PackedLine) -> int:
        """Put as many units as fit into the parcel begun, and say how many."""
        taken = self._most(self._begun, unit, units)
        if taken:
            self._begun = self._begun.plus(unit, taken)
            self._lines.append(_of(line, taken))
        return taken

    def _most(self, pile: _Pile, unit: _Pile, units: int) -> int:
        return _most(units, lambda count: pile.plus(unit, count).fits(self._room, self._around))

    def _parcel(self, pile: _Pile, lines: Sequence[PackedLine], count: int = 1) -> Parcel:
        volumes, box = self._packed(pile, lines)
        length, width, height = box
        return Parcel(
            weight=pile.weight,
            size=Dimensions(length=length, width=width, height=height),
            volume=pile.volume,
            value=None if pile.value is None else Money(minor=pile.value, currency=self._currency),
            count=count,
            lines=tuple(line.position for line in lines),
            units=pile.units,
            volumes=volumes,
        )

    def _packed(self, pile: _Pile, lines: Sequence[PackedLine]) -> tuple[int, Triple]:
        """In how many boxes the goods are handed over, and the box that is told of them."""
        packed = boxes.loads(replace(self._boxed, lines=lines))
        volumes = sum(load.times for load in packed)
        return volumes, packed[0].box if volumes == 1 else pile.box()


def _of(line: PackedLine, units: int) -> PackedLine:
    """The line with so many of its units."""
    return line if units == line.item.quantity else replace(line, item=line.item.model_copy(update={"quantity": units}))


def _unit(line: PackedLine) -> _Pile:
    item = line.item
    value = None if item.declared_value is None else item.declared_value.minor
    return _Pile(item.weight, item.size.volume, item.size.sides, value, 1)


def _most(units: int, fits: Callable[[int], bool]) -> int:
    """The largest count up to `units` that fits; what fits only grows worse with the count."""
    if fits(units):
        return units
    fitting, too_many = 0, units
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        fitting, too_many = (middle, too_many) if fits(middle) else (fitting, middle)
    return fitting


def _divided(amount: int, by: int) -> int:
    """Division rounded up; nothing divides into nothing."""
    return quotient(amount, by, "up") if by else 0
