"""The goods that a table's weights stand for: a sheet knows a weight alone, a carrier's price hangs on size and value.

A weight on the axis is billed weight under the portal's own cubic factor: of goods denser than the factor the real
weight counts, of lighter ones their volume. The box is as near to a cube as whole millimetres allow, since a carrier's
limits are of sides and their sum: of all boxes of one volume a cube has the shortest.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import isqrt
from typing import Any, Final, NamedTuple

from portes.contract import Dimensions, Item, Money
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_SIDE
from portes.contract.rounding import cube_root, quotient
from portes.errors import Problem

SKU: Final = "contingency"
"""What the goods are called in questions to carriers, unless one of the shop's SKUs stands for all."""
_MM3: Final = 10**9
"""Cubic millimetres in a cubic metre."""
_KILOGRAM: Final = 1000


class SoldUnit(NamedTuple):
    """A unit of something sold, and how many of it there were."""

    weight: int
    """Grams; 0 where nobody says."""
    volume: int
    """Cubic millimetres; 0 where nobody says."""
    value: int | None
    """Minor units; None where nobody says."""
    units: int = 1


class Goods(NamedTuple):
    """What is sent by a weight on the table's axis."""

    density: int
    """Grams per cubic metre: 200 kg/m³ are 200 000."""
    value: int | None = None
    """What a shipment is worth whatever it weighs, in minor units; None where no value is told."""
    value_per_kg: int | None = None
    """What each kilogram is worth, in minor units, in place of `value`."""
    cubic_factor: int = 0
    """The portal's own, in grams per cubic metre; 0 where it bills the real weight."""

    def item(self, weight: int, currency: str) -> Item:
        """The goods that the portal bills as so many grams, as one unit."""
        volume = weight * _MM3 // max(self.density, self.cubic_factor)
        real = weight if self.density >= self.cubic_factor else max(1, weight * self.density // self.cubic_factor)
        worth = self.worth(weight)
        value = None if worth is None else Money(minor=worth, currency=currency)
        return Item(sku=SKU, quantity=1, weight=real, size=box_of(volume), declared_value=value)

    def worth(self, weight: int) -> int | None:
        """What a shipment of so many grams is worth, in minor units."""
        return self.value if self.value_per_kg is None else quotient(self.value_per_kg * weight, _KILOGRAM, "up")

    def faults(self, heaviest: int) -> Iterator[Problem]:
        """What keeps the heaviest bracket, in grams, from being a question to carriers."""
        longest = sides_of(heaviest * _MM3 // max(self.density, self.cubic_factor))[0]
        if longest > LONGEST_SIDE:
            cause = (
                f"makes a box of {longest // _KILOGRAM} m a side of the heaviest bracket, {heaviest // _KILOGRAM} kg"
            )
            density = Decimal(self.density) / _KILOGRAM
            yield Problem("--density", density, cause, "write more kg in a cubic metre, or lighter brackets")
        if heaviest > HEAVIEST_UNIT:
            cause = f"end above the {HEAVIEST_UNIT // _KILOGRAM} kg that anything sent may weigh"
            yield Problem("--brackets", heaviest // _KILOGRAM, cause, "write lighter brackets")
        worth = self.worth(heaviest) or 0
        if worth > DEAREST_UNIT:
            cause = (
                f"makes the heaviest bracket worth more than {DEAREST_UNIT} minor units, the most a question may say"
            )
            yield Problem("--value", worth, cause, "write a lower value, or lighter brackets")

    def as_told(self) -> dict[str, Any]:
        """The goods as a report has them: kilograms per cubic metre, minor units."""
        return {
            "density_kg_per_m3": str(Decimal(self.density) / _KILOGRAM),
            "value": self.value,
            "value_per_kg": self.value_per_kg,
            "cubic_factor_kg_per_m3": str(Decimal(self.cubic_factor) / _KILOGRAM),
        }


class TypicalGoods(NamedTuple):
    """The medians of what was sold; None where too little is known of it."""

    density: int | None
    """Grams per cubic metre."""
    value: int | None
    """Minor units of one unit."""
    value_per_kg: int | None
    """Minor units."""
    units: int
    """How many units tell the density."""


def box_of(volume: int) -> Dimensions:
    """The box of at most so many cubic millimetres whose sides are nearest to a cube's; none is below a millimetre."""
    length, width, height = sides_of(volume)
    return Dimensions(length=length, width=width, height=height)


def sides_of(volume: int) -> tuple[int, int, int]:
    """The sides of that box in millimetres, the longest first."""
    height = max(1, _floor_cube_root(volume))
    width = max(1, isqrt(volume // height))
    return max(1, volume // (height * width)), width, height


def typical_of(sold: Iterable[SoldUnit]) -> TypicalGoods:
    """The medians over units, so that a few odd ones change little; what lacks weight or size tells no density."""
    seen = [one for one in sold if one.units > 0]
    sized = [one for one in seen if one.weight and one.volume]
    density = _median([(quotient(one.weight * _MM3, one.volume, "half_up"), one.units) for one in sized])
    worth = [one for one in seen if one.value]
    value = _median([(one.value or 0, one.units) for one in worth])
    per_kg = [(quotient((one.value or 0) * _KILOGRAM, one.weight, "half_up"), one.units) for one in worth if one.weight]
    return TypicalGoods(density or None, value, _median(per_kg), sum(one.units for one in sized))


def _median(counted: Sequence[tuple[int, int]]) -> int | None:
    """The value at which half of all units is reached; None of nothing."""
    half = -(-sum(units for _, units in counted) // 2)
    for value, units in sorted(counted):
        half -= units
        if half <= 0:
            return value
    return None


def _floor_cube_root(amount: int) -> int:
    root = cube_root(amount)
    return root if root**3 == amount else root - 1
