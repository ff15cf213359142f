"""What is asked next: states and capitals, then towns, then borders within them, then points that verify it all.

Each round is worked out from the answers so far alone, so equal answers lead to equal questions.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from random import Random

from portes.contingency.sampling.curves import telling_bracket
from portes.contingency.sampling.plan import Progress, SamplingPlan
from portes.contingency.sampling.protocol import LanePoint, Oracle
from portes.contingency.sampling.questions import BoundedOracle
from portes.contingency.sampling.ranges import PublicRange
from portes.contingency.sampling.spots import RangeLine, Spot, codes_at_border
from portes.contingency.sampling.zones import ServiceZones, Want
from portes.contract.postal import postal_form

_ROUNDS_OF_TOWNS = 16
"""In how many rounds the towns are asked, each spread evenly over its state, and curves learned in between."""
_PARTS_OF_VERIFICATION = 12
"""Which part of the calls that are left each round of verification takes: the rest follows up what it finds."""
_FEWEST_AT_ONCE = 16
"""Points that a round of verification has at least, so that the last ones are not many."""
_MOST_CODES = 3
"""How many codes of a range are tried before nothing is said about it."""
_FINE = 200
"""A border is looked for early while the stretch in doubt is more than one part in so many of its range."""
_CALLS_FOR_FINE = 8
"""Calls kept back to find a border exactly, about."""


class LaneSampler:
    """Asks an oracle about public ranges, until nothing is left to ask or no more calls are allowed."""

    def __init__(self, oracle: Oracle, plan: SamplingPlan, ranges: Sequence[PublicRange], progress: Progress) -> None:
        self.plan = plan
        self.size = len(plan.borders)
        self.lines = [RangeLine(place, plan.most_tries) for place in ranges]
        self.services: dict[str, ServiceZones] = {}
        self.oracle = BoundedOracle(oracle, plan.allowed(len(ranges) * self.size), plan.batch, progress)
        self._width = postal_form(plan.country).width
        self._first = _representatives(ranges)
        """Positions of the ranges that stand for their state or its capital."""
        self._towns = _spread(ranges, self._first)
        """Positions of the others in the order in which they are asked, those next to be asked at the end."""
        self._changed: dict[RangeLine, None] = {}
        """Ranges with more than one spot."""
        self._verifiable: list[tuple[float, int]] = []

    def run(self) -> None:
        """Ask in rounds, the most telling first."""
        spots = [Spot(line.place.first, line) for line in map(self.lines.__getitem__, self._first)]
        for bracket in dict.fromkeys((self.size - 1, 0)):  # the heaviest first: it bounds all below it
            self._ask([(spot, bracket) for spot in spots if not spot.tries[bracket]], "states")
            self._learn(everything=True)
        self._choose_telling()
        chunk = -(-len(self._towns) // _ROUNDS_OF_TOWNS)
        while self._towns and self.oracle.left:
            chosen, self._towns = self._towns[-chunk:], self._towns[:-chunk]
            self._ask([(self._first_spot(self.lines[at]), self._telling) for at in chosen], "towns")
            self._learn(everything=False)
        self._ask_silent_again()
        self._follow_up()
        self._verifiable = [(-_importance(line.place) / 2, at) for at, line in enumerate(self.lines) if line.spots]
        heapify(self._verifiable)
        while self.oracle.left and (self._verify() or self._find_borders(fine=True)):
            self._follow_up()
        for zones in self._services():
            zones.settle_without_asking()

    def _follow_up(self) -> None:
        """Learn every curve and find every border that matters."""
        self._learn(everything=True)
        while self.oracle.left and self._find_borders(fine=False):
            self._learn(everything=True)

    def _learn(self, *, everything: bool) -> None:
        """Ask what has to be known to put every spot into a zone; only what several wait for unless `everything`."""
        while self.oracle.left:
            wants: dict[Want, None] = {}
            for service in self._services():
                wants.update((want, None) for want, awaited in service.settle() if everything or awaited)
            fresh = [(spot, at) for spot, at in wants if not spot.tries[at]]
            if not wants:
                break
            self._ask(fresh or [*wants], "curves")

    def _find_borders(self, *, fine: bool) -> bool:
        """Ask once at each border within a range that is not known to the code; False where there is none."""
        wants: list[Want] = []
        for line in self._changed:
            least = 0 if fine else line.place.size // _FINE
            for left, right, bracket in self._borders(line, least):
                codes = [code for code in codes_at_border(left.code, right.code) if not line.silent(code)]
                if not codes:
                    free = (code for code in range(left.code + 1, right.code) if not line.silent(code))
                    codes = [code for code in [next(free, None)] if code is not None]
                wants += [(Spot(code, line), bracket) for code in codes]
        self._ask(wants, "borders")
        return bool(wants)

    def _borders(self, line: RangeLine, least: int) -> Iterator[tuple[Spot, Spot, int]]:
        """Unlike spots with more than `least` codes between them, and a bracket at which most services differ."""
        for left, right in pairwise(line.spots):
            if right.code - left.code - 1 > least and left.zones != right.zones:
                found = (zones.differing_bracket(left, right) for zones in self._services())
                brackets = [at for at in found if at is not None]
                if brackets:
                    yield left, right, max(brackets, key=lambda at: (brackets.count(at), at))

    def _verify(self) -> bool:
        """Ask another point in each of the ranges where that tells most; False where none is left or affordable."""
        kept_back = _CALLS_FOR_FINE * sum(1 for line in self._changed for _ in self._borders(line, 0))
        affordable = self.oracle.left - kept_back
        if affordable <= 0:
            return False
        wants: list[Want] = []
        again: list[tuple[float, int]] = []
        most = max(_FEWEST_AT_ONCE, affordable // _PARTS_OF_VERIFICATION)
        while self._verifiable and len(wants) < min(most, affordable):
            _, at = heappop(self._verifiable)
            line = self.lines[at]
            want = self._probe(line)
            if want is not None:
                line.probes += 1
                times = line.probes + 1
                again.append((-_importance(line.place) / (times * (times + 1)), at))
                wants.append(want)
        for entry in again:
            heappush(self._verifiable, entry)
        self._ask(wants, "verification")
        return bool(wants)

    def _probe(self, line: RangeLine) -> Want | None:
        """A code in the longest stretch that nobody asked in, or a bracket that nobody asked at; None when all were."""
        random = Random(f"{self.plan.seed} {line.place.first} {line.probes}")  # noqa: S311 — a choice, no secret
        first, last = line.widest_gap()
        heaviest, lightest = math.log(self.plan.borders[-1]), math.log(self.plan.borders[0] / 2)
        weight = math.exp(random.uniform(lightest, heaviest))
        bracket = min(bisect_left(self.plan.borders, weight), self.size - 1)
        if first <= last:
            quarter = (last - first + 1) // 4 if line.spots and line.spots[-1].code > last else 0
            code = random.randint(first + quarter, last - quarter)
            if not line.silent(code):
                return Spot(code, line), bracket
        for spot in sorted(line.spots, key=lambda each: len(each.tries)):
            free = [at for at in range(self.size) if not spot.tries[at]] or [*self._tried_in_vain(spot)]
            if free:
                return spot, bracket if bracket in free else random.choice(free)
        return None

    def _tried_in_vain(self, spot: Spot) -> Iterator[int]:
        """The brackets at which some service of a spot could not be found out, and which may be asked again."""
        for at in range(self.size):
            if spot.tries[at] < self.plan.most_tries and any(at not in known for known in spot.known.values()):
                yield at

    def _ask_silent_again(self) -> None:
        """Ask the ranges of which nothing is known once more, then at another code."""
        for attempt in range(_MOST_CODES):
            silent = [line for line in self.lines if not line.spots and line.failed]
            spots = [self._first_spot(line, attempt) for line in silent]
            for _ in range(self.plan.most_tries - (attempt == 0)):
                self._ask([(spot, self._telling) for spot in spots if not spot.known], "towns")

    def _first_spot(self, line: RangeLine, attempt: int = 0) -> Spot:
        """The general code of a range, or evenly spread other codes of it."""
        return Spot(line.place.first + line.place.size * attempt // _MOST_CODES, line)

    def _ask(self, wants: Iterable[Want], purpose: str) -> None:
        """Put the questions, keep the answers, and let every service look at them."""
        asked = [*dict.fromkeys(wants)]
        points = [LanePoint(str(spot.code).zfill(self._width), self.plan.borders[at]) for spot, at in asked]
        answers = self.oracle.ask(points, purpose)
        for (spot, at), answer in zip(asked, answers, strict=False):
            spot.hear(at, answer)
            spot.line.keep(spot, at)
            for service in answer or ():
                if service not in self.services:
                    self.services[service] = ServiceZones(service, self.size, self.plan.most_tries)
            if len(spot.line.spots) > 1:
                self._changed[spot.line] = None
        heard = {spot: None for spot, _ in asked if spot.known}
        for spot in heard:
            for zones in self._services():
                zones.heard(spot)

    def _services(self) -> list[ServiceZones]:
        return [self.services[name] for name in sorted(self.services)]

    def _choose_telling(self) -> None:
        """From the curves of states and capitals: the bracket at which most of them differ."""
        curves = [zone.curve for zones in self._services() for zone in zones.zones]
        self._telling = telling_bracket(curves, self.size, lambda _: True) or 0
        for zones in self._services():
            zones.telling = self._telling


def _importance(place: PublicRange) -> float:
    """How much a mistake in a range weighs: larger towns have more parcels, though not as many more as codes."""
    return math.sqrt(place.size)


def _representatives(ranges: Sequence[PublicRange]) -> list[int]:
    """Positions of the largest range of each capital, and of the middle one of what else is in its state."""
    parts: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for at, place in enumerate(ranges):
        parts[place.state, place.capital].append(at)
    return [
        max(found, key=lambda at: (ranges[at].size, -at)) if capital else found[len(found) // 2]
        for (_, capital), found in sorted(parts.items())
    ]


def _spread(ranges: Sequence[PublicRange], without: Sequence[int]) -> list[int]:
    """Positions of the other ranges, so that any number of them from the end is spread evenly over each state."""
    by_state: dict[str, list[int]] = defaultdict(list)
    for at, place in enumerate(ranges):
        if at not in without:
            by_state[place.state].append(at)
    order = [(_halving(number / len(found)), at) for found in by_state.values() for number, at in enumerate(found)]
    return [at for _, at in sorted(order, reverse=True)]


def _halving(part: float) -> float:
    """When a part of a whole, 0 to 1, has its turn if always the middles of what is left are taken first."""
    turn, weight = 0.0, 0.5
    for _ in range(16):
        part *= 2
        turn += weight * (part >= 1)
        part -= part >= 1
        weight /= 2
    return turn
