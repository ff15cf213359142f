"""What one parcel may hold and measure by a carrier's limits, made quick to ask."""

from dataclasses import dataclass
from typing import Final

from portes.contract import ParcelLimits
from portes.contract.bounds import LARGEST_VOLUME, LONGEST_BOX
from portes.contract.limits import girth_of
from portes.packing.kinds import UnitKind
from portes.packing.protocol import Triple

UNBOUNDED: Final = 2**63
"""More grams or minor units than any parcel has."""


@dataclass(frozen=True, slots=True)
class Room:
    """The limits of one parcel, those that nobody sets as what a parcel can measure at all."""

    grams: int
    worth: int
    """Minor units of declared value."""
    volume: int
    longest: int
    sides: Triple
    """A limit for each side, longest first."""
    sides_sum: int
    girth: int

    @classmethod
    def of(cls, limits: ParcelLimits) -> "Room":
        """The room that limits leave; the volume is that of the box."""
        longest = limits.longest_side or LONGEST_BOX
        return cls(
            grams=limits.weight or UNBOUNDED,
            worth=limits.value or UNBOUNDED,
            volume=limits.volume or LARGEST_VOLUME,
            longest=longest,
            sides=limits.sides or (longest, longest, longest),
            sides_sum=limits.sides_sum or 3 * LONGEST_BOX,
            girth=limits.girth or 5 * LONGEST_BOX,
        )

    def allows(self, box: Triple) -> bool:
        """Whether a box of these sides, in any order, keeps to all limits of size."""
        longest, middle, shortest = sorted(box, reverse=True)
        return (
            longest <= self.longest
            and longest <= self.sides[0]
            and middle <= self.sides[1]
            and shortest <= self.sides[2]
            and longest + middle + shortest <= self.sides_sum
            and girth_of((longest, middle, shortest)) <= self.girth
            and longest * middle * shortest <= self.volume
        )

    def takes(self, kind: UnitKind) -> bool:
        """Whether one unit alone keeps to all limits."""
        return kind.weight <= self.grams and kind.value <= self.worth and self.allows(kind.lies[0].size)

    def third(self, one: int, other: int) -> int:
        """The longest third side, in millimetres, of a box with these two; -1 where none can be."""
        if max(one, other) > self.longest:
            return -1
        both, larger = one + other, max(one, other)
        third = min(self.longest, self._third_of_sides(one, other), self.sides_sum - both)
        beyond = self.girth - 2 * both  # where the third is the longest
        third = min(third, beyond if beyond > larger else min(larger, (self.girth + larger) // 2 - both))
        return min(third, self.volume // (one * other)) if one * other else third

    def _third_of_sides(self, one: int, other: int) -> int:
        longer, shorter = max(one, other), min(one, other)
        longest, middle, shortest = self.sides
        if longer <= middle and shorter <= shortest:
            return longest
        if longer <= longest and shorter <= shortest:
            return middle
        return shortest if longer <= longest and shorter <= middle else -1

    def units(self, kind: UnitKind, most: int) -> int:
        """How many of `most` units one parcel takes by weight and value; one at least, for it may be beyond alone."""
        if kind.weight * most > self.grams:
            most = self.grams // kind.weight
        if kind.value * most > self.worth:
            most = self.worth // kind.value
        return max(1, most)
