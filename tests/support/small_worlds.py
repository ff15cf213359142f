"""Small countries for sampling: a few ranges of a few codes, each code in a zone, each zone with a price by weight."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from hypothesis import strategies as st

from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice, Outcome, PublicRange, SamplingPlan

BORDERS = (500, 1_000, 2_000, 5_000, 10_000, 30_000)
EVERYTHING = SamplingPlan("BR", BORDERS, most_calls=100_000, batch=7)
START = 40_000_000


@dataclass
class World:
    """The truth, and an oracle of it that counts what it is asked."""

    ranges: Sequence[PublicRange]
    zones: Sequence[int]
    """The zone of each code from `START` on."""
    curves: Sequence[Mapping[str, Sequence[Outcome]]]
    """By zone and service, outcomes by bracket."""
    asked: Counter[LanePoint] = field(default_factory=Counter)

    def answer(self, postal_code: str, weight: int) -> LaneAnswer:
        bracket = next(at for at, border in enumerate(BORDERS) if weight <= border)
        curves = self.curves[self.zones[int(postal_code) - START]]
        return {service: outcomes[bracket] for service, outcomes in curves.items()}

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        assert len(set(points)) == len(points)
        self.asked.update(points)
        return [self.answer(*point) for point in points]

    def points(self) -> list[LanePoint]:
        """Every code at every bracket."""
        return [LanePoint(str(START + at), border) for at in range(len(self.zones)) for border in BORDERS]


class Remembering:
    """An oracle that keeps every answer of another one, and dies when it has asked it so often."""

    def __init__(self, oracle: World, most: int) -> None:
        self._oracle = oracle
        self.most = most
        self.memory: dict[LanePoint, LaneAnswer | None] = {}

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        for point in points:
            if point not in self.memory:
                if len(self.memory) >= self.most:
                    raise InterruptedError
                self.memory[point] = self._oracle.ask([point])[0]
        return [self.memory[point] for point in points]


def rising(start: int, steps: Sequence[int], days: int) -> list[LanePrice]:
    """Prices that go up by a step at each bracket."""
    prices = [*accumulate(steps, initial=start)][1:]
    return [LanePrice(price, days, days + 1) for price in prices]


@st.composite
def curves(draw: st.DrawFn, *, refusals: bool) -> dict[str, Sequence[Outcome]]:
    """One zone: two services; heavy brackets, or all of them, may be refused."""
    found: dict[str, Sequence[Outcome]] = {}
    for service in ("express", "normal"):
        steps = draw(st.lists(st.sampled_from((0, 0, 100, 750)), min_size=len(BORDERS), max_size=len(BORDERS)))
        outcomes = rising(draw(st.integers(500, 9_000)), steps, draw(st.integers(1, 9)))
        carried = draw(st.sampled_from((len(BORDERS), len(BORDERS), 4, 0))) if refusals else len(BORDERS)
        found[service] = [*outcomes[:carried], *[None] * (len(BORDERS) - carried)]
    return found


@st.composite
def worlds(draw: st.DrawFn, *, refusals: bool = True) -> World:
    """A country whose zones follow its ranges for the most part, with districts of other zones anywhere."""
    sizes = draw(st.lists(st.integers(1, 12), min_size=1, max_size=5))
    states = [draw(st.sampled_from(("BA", "MG"))) for _ in sizes]
    firsts = [*accumulate(sizes, initial=START)]
    ranges = [
        PublicRange(state, draw(st.booleans()), first, first + size - 1)
        for state, first, size in zip(sorted(states), firsts, sizes, strict=False)
    ]
    found = draw(st.lists(curves(refusals=refusals), min_size=1, max_size=4))
    zone = st.integers(0, len(found) - 1)
    zones = [at for size in sizes for at in [draw(zone)] * size]
    for _ in range(draw(st.integers(0, 2))):
        first = draw(st.integers(0, len(zones) - 1))
        last = min(len(zones), first + draw(st.integers(1, 6)))
        zones[first:last] = [draw(zone)] * (last - first)
    return World(ranges, zones, found)
