"""What is to be found out, at what expense, and what is told underway."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract.states import Ranges

DEFAULT_BORDERS: Final = (300, *range(500, 10_001, 500), *range(11_000, 30_001, 1_000))
"""Upper borders of 41 brackets in grams, as marketplaces' sheets have them: up to 0.3, 0.5, 1 … 10, 11 … 30 kg."""

_SHARE: Final = 20
"""One call for so many cells of the whole grid, where no bound is given."""
_LEAST: Final = 2_000
"""Calls that a small grid is allowed, as far as it has so many cells, where no bound is given."""


class SampledRegion(NamedTuple):
    """A span of postal codes, both inclusive, and of weights."""

    postal_from: str
    postal_to: str
    weight_from: int
    """In grams; the brackets that lie above it are meant."""
    weight_to: int
    """In grams; the brackets whose upper border lies at or below it are meant."""


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """What is to be found out, and how many calls it may take."""

    country: str
    """Whose public ranges are asked first, ISO 3166; states and towns of Brazil, provinces and islands of Spain."""
    borders: tuple[int, ...] = DEFAULT_BORDERS
    """Upper borders of the brackets in grams, rising; each is asked for at its border, where it is dearest."""
    floor: int = 0
    """Lower border of the lowest bracket in grams; nothing at or below it is asked for."""
    regions: Ranges = ()
    """Spans of postal codes that alone are asked for; the whole country when empty."""
    most_calls: int | None = None
    """Most points to ask, those asked again counted again; None allows 5 % of the grid, of a small one
    2,000, and never more than it has cells."""
    most_tries: int = 3
    """How often a point is asked that could not be found out."""
    batch: int = 250
    """Most points of one `Oracle.ask`; progress is told after each."""
    seed: int = 1
    """Chooses the points for verification; equal seeds and answers give equal tables."""
    day: date | None = None
    """The day on which is asked, written into the rows."""

    def __post_init__(self) -> None:
        """Raise `ValueError` for borders that do not rise from above the floor, empty regions, and bounds below one."""
        borders = (self.floor, *self.borders)
        if self.floor < 0 or len(borders) == 1 or any(upper <= lower for lower, upper in pairwise(borders)):
            raise ValueError(f"borders must rise from above {self.floor} g: {self.borders}")
        if self.most_tries < 1 or self.batch < 1 or (self.most_calls is not None and self.most_calls < 1):
            raise ValueError("most_tries, batch and most_calls must be at least 1")

        if strange := next((span for span in self.regions if span[0] > span[1]), None):
            raise ValueError(f"a region must not end before it begins: {strange}")

    def allowed(self, grid: int) -> int:
        """Calls that a grid of so many cells may take."""
        return min(grid, max(grid // _SHARE, _LEAST)) if self.most_calls is None else self.most_calls


@dataclass(frozen=True, slots=True)
class SamplingProgress:
    """How far the sampling is, told after every batch."""

    asked: int
    """Calls spent."""
    expected: int
    """Calls that will probably still be spent: all that are allowed, unless nothing is left to ask before."""
    counts: dict[str, int] = field(default_factory=dict)
    """Calls spent by what they were for: `states`, `towns`, `curves`, `borders`, `verification`."""


Progress = Callable[[SamplingProgress], None]
"""What is told how far the sampling is."""
