"""Values of many rows that are alike, and how one value stands beside them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

FEWEST: Final = 5
"""Prices of a bracket that make a median worth comparing with."""
PARTS: Final = 1000
"""Ratios are whole thousandths."""
ALONE: Final = 50
"""One in so many values may be like one that stands alone."""
_SPREAD: Final = 4
"""How many times off its median a price may be in a bracket that holds together."""
_HELD: Final = 80
"""Percent of the prices that must be within the spread."""


@dataclass(frozen=True)
class Neighbourhood:
    """The sorted values of many rows that are alike."""

    values: Sequence[int]

    @cached_property
    def median(self) -> int:
        """The middle value, the upper one of two."""
        return self.values[len(self.values) // 2]

    def median_without(self, one: int) -> int:
        """The median of all but one of the values, the upper one of two; a wrong value has no say in what is usual."""
        middle = (len(self.values) - 1) // 2
        return self.values[middle + 1] if one <= self.values[middle] else self.values[middle]

    @cached_property
    def deviation(self) -> int:
        """The median of how far values are from the median."""
        return sorted(abs(value - self.median) for value in self.values)[len(self.values) // 2]

    @cached_property
    def together(self) -> bool:
        """Whether there are enough values, most of them near enough the median to say what is usual."""
        low, high = -(-self.median // _SPREAD), self.median * _SPREAD
        near = bisect_right(self.values, high) - bisect_left(self.values, low)
        return len(self.values) >= FEWEST and self.median > 0 and near * 100 >= len(self.values) * _HELD

    def alone(self, value: int) -> bool:
        """Whether hardly any other value is within a third of this one."""
        like = bisect_right(self.values, value * 4 // 3) - bisect_left(self.values, value * 2 // 3)
        return like <= max(1, len(self.values) // ALONE)


class ExpectedPrice(NamedTuple):
    """What neighbours make one expect of a price."""

    price: int
    off_bracket: int
    """The price beside the median of its bracket, in thousandths."""
    off_lane: int
    """The price beside what the lane's other brackets make of that median, in thousandths."""
    by_lane: int
    """How many other brackets there are to tell by."""

    @property
    def times(self) -> int:
        """How many times dearer or cheaper the price is than its lane makes one expect, in thousandths."""
        return max(self.off_lane, PARTS * PARTS // max(1, self.off_lane))
