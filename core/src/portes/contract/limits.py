"""The largest parcel that a carrier takes, and what is too much about one."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple, Self

from pydantic import Field

from portes.contract.answer import RefusalKind
from portes.contract.base import Noun, Positive
from portes.contract.bounds import HEAVIEST_PARCEL, LARGEST_VOLUME, LONGEST_BOX
from portes.contract.goods import Parcel


class Excess(NamedTuple):
    """The limit that a parcel exceeds."""

    kind: RefusalKind
    """Either `too_heavy` or `too_large`."""
    reason: str
    """The parcel's measure and the limit, in g, mm or mm³: `31000 g; the most is 30000 g`."""


class ParcelLimits(Noun):
    """The largest parcel a carrier takes, by its published rules; None where it sets no limit."""

    weight: Annotated[Positive, Field(le=HEAVIEST_PARCEL)] | None = None
    """The weight of one piece, in grams."""
    longest_side: Annotated[Positive, Field(le=LONGEST_BOX)] | None = None
    """The longest side of its box, in millimetres."""
    sides_sum: Annotated[Positive, Field(le=3 * LONGEST_BOX)] | None = None
    """Length + width + height of its box, in millimetres."""
    volume: Annotated[Positive, Field(le=LARGEST_VOLUME)] | None = None
    """The volume of the goods in it, in mm³."""

    @classmethod
    def tightest(cls, limits: Sequence[Self]) -> Self:
        """The limits that keep to all of these: what is within them every one of them takes."""
        named = {name: [getattr(each, name) for each in limits] for name in cls.model_fields}
        known = {name: [each for each in found if each is not None] for name, found in named.items()}
        return cls(**{name: min(found) for name, found in known.items() if found})

    def exceeded_by(self, parcel: Parcel) -> Excess | None:
        """The first limit that one piece exceeds, weight before sizes; None when it keeps to all of them."""
        if self.weight and parcel.weight > self.weight:
            return Excess(RefusalKind.TOO_HEAVY, f"{parcel.weight} g; the most is {self.weight} g")
        sides = parcel.size.sides
        if self.longest_side and sides[0] > self.longest_side:
            return _too_large(sides, f"the longest side may be {self.longest_side} mm")
        if self.sides_sum and sum(sides) > self.sides_sum:
            return _too_large(sides, f"the sides may add up to {self.sides_sum} mm")
        if self.volume and parcel.volume > self.volume:
            return _too_large(sides, f"the volume may be {self.volume} mm³")
        return None


def _too_large(sides: tuple[int, int, int], limit: str) -> Excess:
    return Excess(RefusalKind.TOO_LARGE, f"{' x '.join(map(str, sides))} mm; {limit}")
