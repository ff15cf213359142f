"""Fills parcels by weight and volume, for carriers that price a shipment's totals; it places nothing in space.

The goods of a parcel count with their exact volume; the box told is a near-cube of at least that volume
in which the longest item still lies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from portes.contract import Dimensions, Money, Parcel, ParcelLimits
from portes.contract.rounding import cube_root, quotient, square_root
from portes.packing.merge import merged
from portes.packing.protocol import PackedLine

_NONE: Final = ParcelLimits()


@dataclass(slots=True)
class _Pile:
    """Goods on their way into one parcel."""

    weight: int
    volume: int
    sides: tuple[int, int, int]
    """The longest of each side, longest side first."""
    value: Money | None
    lines: tuple[int, ...]

    def times(self, units: int) -> "_Pile":
        if units == 1:
            return self
        value = None if self.value is None else self.value * units
        return _Pile(self.weight * units, self.volume * units, self.sides, value, self.lines)

    def __add__(self, other: "_Pile") -> "_Pile":
        longest, middle, shortest = map(max, self.sides, other.sides)
        value = None if self.value is None or other.value is None else self.value + other.value
        lines = self.lines + other.lines
        return _Pile(
            self.weight + other.weight, self.volume + other.volume, (longest, middle, shortest), value, lines,
        )  # fmt: skip

    def box(self) -> Dimensions:
        longest, middle, shortest = self.sides
        if longest * middle * shortest >= self.volume:
            return Dimensions(length=longest, width=middle, height=shortest)
        longest = max(self.sides[0], cube_root(self.volume))
        middle = max(self.sides[1], square_root(_divided(self.volume, longest)))
        shortest = max(self.sides[2], _divided(self.volume, longest * middle))
        return Dimensions(length=longest, width=middle, height=shortest)

    def fits(self, limits: ParcelLimits) -> bool:
        if limits is _NONE:
            return True
        box = self.box()
        measured = (
            (self.weight, limits.weight),
            (self.volume, limits.volume),
            (box.length, limits.longest_side),
            (box.length + box.width + box.height, limits.sides_sum),
        )
        return all(limit is None or amount <= limit for amount, limit in measured)

    def parcel(self, count: int = 1) -> Parcel:
        return Parcel(
            weight=self.weight, size=self.box(), volume=self.volume, value=self.value, count=count, lines=self.lines,
        )  # fmt: skip


def pack(lines: Sequence[PackedLine], limits: ParcelLimits) -> Sequence[Parcel]:
    """As few parcels as the limits allow when filled line by line, in order; equal ones counted."""
    limits = _NONE if limits == _NONE else limits
    parcels: list[Parcel] = []
    begun: _Pile | None = None
    for line in lines:
        begun = _add(line, limits, begun, parcels)
    if begun is not None:
        parcels.append(begun.parcel())
    return merged(parcels)


def _add(line: PackedLine, limits: ParcelLimits, begun: _Pile | None, parcels: list[Parcel]) -> _Pile | None:
    """Put a line's units into the parcel begun and as many full ones as needed; return the one not yet full."""
    unit, units = _unit(line), line.item.quantity
    if begun is not None:
        pile = begun
        taken = _most(units, lambda count: (pile + unit.times(count)).fits(limits))
        units -= taken
        begun = begun + unit.times(taken) if taken else begun
        if not units:
            return begun
        parcels.append(begun.parcel())
    each = max(1, _most(units, lambda count: unit.times(count).fits(limits)))
    full, rest = divmod(units, each)
    if rest:
        parcels.extend([unit.times(each).parcel(full)] if full else [])
        return unit.times(rest)
    parcels.extend([unit.times(each).parcel(full - 1)] if full > 1 else [])
    return unit.times(each)


def _unit(line: PackedLine) -> _Pile:
    item = line.item
    return _Pile(item.weight, item.size.volume, item.size.sides, item.declared_value, (line.position,))


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
