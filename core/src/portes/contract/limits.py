"""The largest parcel that a carrier takes, and what is too much about one."""

from typing import NamedTuple

from portes.contract.answer import RefusalKind
from portes.contract.base import Noun, Positive
from portes.contract.goods import Parcel


class Excess(NamedTuple):
    """The limit that a parcel exceeds."""

    kind: RefusalKind
    """`too_heavy` or `too_large`."""
    reason: str
    """The parcel's measure and the limit, in g, mm or mm³: `31000 g; the most is 30000 g`."""


class ParcelLimits(Noun):
    """The largest parcel a carrier takes, by its published rules; None where it sets no limit."""

    weight: Positive | None = None
    """Grams."""
    longest_side: Positive | None = None
    """Millimetres."""
    sides_sum: Positive | None = None
    """Length + width + height, in millimetres."""
    volume: Positive | None = None
    """Cubic millimetres."""

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
