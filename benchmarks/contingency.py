"""How near a sampled table comes to two simulated carriers, by calls, beside the same calls spread evenly.

Even means evenly spread ranges times evenly spread brackets, and every other cell as the nearest one that was asked.
10,000 random lanes of Brazil are held against the truth, at their own weight and a code anywhere in a range.
"""

import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from benchmarks.report import Report

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))  # the simulators are the tests'

from correios_lanes import CorreiosLanes
from remote_areas import RemoteAreas
from sampled_lanes import Truth, accuracy, lanes_against, random_lanes

from portes.contingency.sampling import (
    DEFAULT_BORDERS,
    LaneAnswer,
    LanePoint,
    SamplingPlan,
    public_ranges,
    sample,
)

SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
LANES = 10_000
Simulated = CorreiosLanes | RemoteAreas
RANGES = public_ranges("BR")
GRID = len(RANGES) * len(DEFAULT_BORDERS)
HEADINGS = (
    "calls",
    "share of the grid",
    "within 1 %",
    "cheaper",
    "mean error",
    "days right",
    "evenly: within",
    "cheaper",
    "mean error",
    "s",
)
REMARK = (
    f"The grid is {len(RANGES):,} public ranges by {len(DEFAULT_BORDERS)} brackets: {GRID:,} calls. "
    "Aim at 5 %: within 1 % on 99 % of lanes, cheaper on less than 0.5 %. Seconds are processor time of sampling."
)


class Even:
    """Answers a lane as the nearest of evenly spread points does."""

    def __init__(self, truth: Truth, calls: int) -> None:
        brackets = max(1, round(math.sqrt(calls / GRID) * len(DEFAULT_BORDERS)))
        places = max(1, calls // brackets)
        chosen = [RANGES[at * len(RANGES) // places] for at in range(places)]
        self._firsts = [place.first for place in chosen]
        self._borders = [DEFAULT_BORDERS[(at + 1) * len(DEFAULT_BORDERS) // brackets - 1] for at in range(brackets)]
        self._answers = {
            (first, border): truth.answer(f"{first:08d}", border) for first in self._firsts for border in self._borders
        }

    def answer(self, postal_code: str, weight: int) -> LaneAnswer:
        """What the nearest range before and the nearest heavier bracket answered."""
        first = self._firsts[max(0, bisect_right(self._firsts, int(postal_code)) - 1)]
        return self._answers[first, self._borders[bisect_left(self._borders, weight)]]


def run() -> Iterator[Report]:
    """Sample both simulators with each share of the grid's calls."""
    lanes = [*random_lanes(RANGES, LANES)]
    yield _curve("Correios' simulator: two services, prices by region", CorreiosLanes(), lanes)
    yield _curve("Scattered remote areas: two services, 5 % of the towns, districts, risk", RemoteAreas(), lanes)


def _curve(title: str, truth: Simulated, lanes: Sequence[LanePoint]) -> Report:
    return Report(f"A contingency table of {title}", HEADINGS, [_row(truth, lanes, share) for share in SHARES], REMARK)


def _row(truth: Simulated, lanes: Sequence[LanePoint], share: float) -> Sequence[str]:
    begun = process_time()
    table = sample(truth, SamplingPlan("BR", most_calls=int(GRID * share)))
    spent = process_time() - begun
    found, even = accuracy(table, truth, lanes), lanes_against(Even(truth, table.asked).answer, truth, lanes)
    return (
        f"{table.asked:,}",
        f"{table.asked / GRID:.1%}",
        *(f"{part:.2%}" for part in (found.within, found.cheaper, found.error, found.days)),
        *(f"{part:.2%}" for part in (even.within, even.cheaper, even.error)),
        f"{spent:.0f}",
    )
