"""The largest parcel that a carrier takes, and what is too much about one."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple, Self

from pydantic import AfterValidator, Field

from portes.contract.answer import RefusalKind
from portes.contract.base import Noun, Positive
from portes.contract.bounds import DEAREST_PARCEL, HEAVIEST_PARCEL, LARGEST_VOLUME, LONGEST_BOX, MOST_QUANTITY
from portes.contract.goods import Parcel

Sides = tuple[int, int, int]
"""The sides of a box in millimetres, longest first."""


def girth_of(sides: Sides) -> int:
    """The longest side and twice the two others together, in millimetres."""
    return sides[0] + 2 * (sides[1] + sides[2])


def _longest_first(sides: Sides) -> Sides:
    longest, middle, shortest = sorted(sides, reverse=True)
    return longest, middle, shortest


_Side = Annotated[Positive, Field(le=LONGEST_BOX)]
_Sides = Annotated[tuple[_Side, _Side, _Side], AfterValidator(_longest_first)]


class Excess(NamedTuple):
    """The limit that a parcel or a shipment exceeds."""

    kind: RefusalKind
    """`too_heavy`, `too_large` or `value_out_of_range` of a parcel, `other` for too many of them."""
    reason: str
    """The measure and the limit, in g, mm, mm³, minor units or parcels: `31000 g; the most is 30000 g`."""


class ParcelLimits(Noun):
    """The largest parcel a carrier takes, by its published rules; None where it sets no limit."""

    weight: Annotated[Positive, Field(le=HEAVIEST_PARCEL)] | None = None
    """The weight of one piece, in grams."""
    longest_side: _Side | None = None
    """The longest side of its box, in millimetres."""
    sides: _Sides | None = None
    """The three sides of its box in millimetres, compared longest with longest; in any order, kept longest first."""
    sides_sum: Annotated[Positive, Field(le=3 * LONGEST_BOX)] | None = None
    """Length + width + height of its box, in millimetres."""
    girth: Annotated[Positive, Field(le=5 * LONGEST_BOX)] | None = None
    """The longest side and twice the two others of its box, in millimetres."""
    volume: Annotated[Positive, Field(le=LARGEST_VOLUME)] | None = None
    """The volume of one piece as its packer tells it, in mm³."""
    value: Annotated[Positive, Field(le=DEAREST_PARCEL)] | None = None
    """The declared value of one piece, in minor units; a piece without one keeps to it."""
    parcels: Annotated[Positive, Field(le=MOST_QUANTITY)] | None = None
    """How many parcels one shipment may have."""
    least_sides: _Sides | None = None
    """The smallest box in millimetres, longest first; a smaller one is no excess, and told and billed as large as this.
    """

    def exceeded_by(self, parcel: Parcel) -> Excess | None:
        """The first limit that one piece exceeds: weight, sizes, value; None when it keeps to all of them."""
        if self.weight and parcel.weight > self.weight:
            return Excess(RefusalKind.TOO_HEAVY, f"{parcel.weight} g; the most is {self.weight} g")
        sides = parcel.size.sides
        for limit in self._passed(sides, parcel.volume):
            return Excess(RefusalKind.TOO_LARGE, f"{_by(sides)} mm; {limit}")
        if self.value and parcel.value is not None and parcel.value.minor > self.value:
            reason = f"{parcel.value.minor} minor units; the most that can be declared is {self.value}"
            return Excess(RefusalKind.VALUE_OUT_OF_RANGE, reason)
        return None

    def exceeded_by_count(self, parcels: int) -> Excess | None:
        """What is too much about a shipment of so many parcels, equal ones counted; None when it keeps to the limit."""
        if self.parcels and parcels > self.parcels:
            return Excess(RefusalKind.OTHER, f"{parcels} parcels; the most is {self.parcels} in one shipment")
        return None

    def told(self, sides: Sides) -> Sides:
        """The sides that are told and billed of a box, longest first: none is below the least one."""
        if self.least_sides is None:
            return sides
        longest, middle, shortest = map(max, sides, self.least_sides)
        return longest, middle, shortest

    @classmethod
    def tightest(cls, limits: Sequence[Self]) -> Self:
        """The limits that are within all of these: what keeps to them is taken by every one."""
        named = {name: [getattr(each, name) for each in limits] for name in cls.model_fields}
        known = {name: [each for each in found if each is not None] for name, found in named.items()}
        return cls.model_validate({name: _tightest(name, found) for name, found in known.items() if found})

    def _passed(self, sides: Sides, volume: int) -> Iterator[str]:
        if self.longest_side and sides[0] > self.longest_side:
            yield f"the longest side may be {self.longest_side} mm"
        if self.sides and any(side > most for side, most in zip(sides, self.sides, strict=True)):
            yield f"the sides may be {_by(self.sides)} mm"
        if self.sides_sum and sum(sides) > self.sides_sum:
            yield f"the sides may add up to {self.sides_sum} mm"
        if self.girth and girth_of(sides) > self.girth:
            yield f"the girth, its longest side and twice the others, may be {self.girth} mm"
        if self.volume and volume > self.volume:
            yield f"the volume may be {self.volume} mm³"


def _by(sides: Sides) -> str:
    return " x ".join(map(str, sides))


def _tightest(name: str, found: Sequence[Any]) -> object:
    """The tightest of the values of one limit; of sizes each side by itself, and of the least ones the largest."""
    if name == "least_sides":
        return tuple(map(max, zip(*found, strict=True)))
    return tuple(map(min, zip(*found, strict=True))) if name == "sides" else min(found)
