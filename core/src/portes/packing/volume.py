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

    def fits(self, limits: ParcelLimits) -> bool:
        """Whether it keeps to all limits; its box is worked out only where one is about the box."""
        if limits.weight is not None and self.weight > limits.weight:
            return False
        if limits.volume is not None and self.volume > limits.volume:
            return False
        if limits.longest_side is None and limits.sides_sum is None:
            return True
        box = self.box()
        if limits.longest_side is not None and box[0] > limits.longest_side:
            return False
        return limits.sides_sum is None or sum(box) <= limits.sides_sum


_NOTHING: Final = _Pile(0, 0, (0, 0, 0), 0, 0)


def pack(lines: Sequence[PackedLine], limits: ParcelLimits) -> Sequence[Parcel]:
    """As few parcels as the limits allow when filled line by line, in order; equal ones counted.

    Raises `ValueError` for lines valued in several currencies.
    """
    parcels = _Parcels(limits, _currency(lines))
    for line in lines:
        parcels.add(line)
    parcels.close()
    return merged(parcels.closed)


class _Parcels:
    """The parcels of a shipment in the making: those that are closed, and one that is begun."""

    def __init__(self, limits: ParcelLimits, currency: str) -> None:
        self.closed: list[Parcel] = []
        self._limits, self._currency = limits, currency
        self._begun = _NOTHING
        self._lines: list[int] = []
        """Positions of the lines in the parcel begun; empty when there is none."""

    def add(self, line: PackedLine) -> None:
        """Put a line's units into the parcel begun and as many full ones as needed; the last one stays open."""
        unit, units = _unit(line), line.item.quantity
        if self._lines:
            units -= self._fill(unit, units, line.position)
            if not units:
                return
            self.close()
        each = max(1, self._most(_NOTHING, unit, units))
        full, rest = divmod(units, each)
        if not rest:
            full, rest = full - 1, each
        if full:
            self.closed.append(self._parcel(_NOTHING.plus(unit, each), (line.position,), full))
        self._begun, self._lines = _NOTHING.plus(unit, rest), [line.position]

    def close(self) -> None:
        """Put nothing more into the parcel begun."""
        if self._lines:
            self.closed.append(self._parcel(self._begun, tuple(self._lines)))
            self._lines = []

    def _fill(self, unit: _Pile, units: int, position: int) -> int:
        """Put as many units as fit into the parcel begun, and say how many."""
        taken = self._most(self._begun, unit, units)
        if taken:
            self._begun = self._begun.plus(unit, taken)
            self._lines.append(position)
        return taken

    def _most(self, pile: _Pile, unit: _Pile, units: int) -> int:
        return _most(units, lambda count: pile.plus(unit, count).fits(self._limits))

    def _parcel(self, pile: _Pile, lines: tuple[int, ...], count: int = 1) -> Parcel:
        length, width, height = pile.box()
        return Parcel(
            weight=pile.weight,
            size=Dimensions(length=length, width=width, height=height),
            volume=pile.volume,
            value=None if pile.value is None else Money(minor=pile.value, currency=self._currency),
            count=count,
            lines=lines,
            units=pile.units,
        )


def _currency(lines: Sequence[PackedLine]) -> str:
    """The currency of all values, empty where no line has one."""
    currencies = {line.item.declared_value.currency for line in lines if line.item.declared_value is not None}
    if len(currencies) > 1:
        msg = f"parcels are valued in {' and '.join(sorted(currencies))}"
        raise ValueError(msg)
    return next(iter(currencies), "")


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
