"""How near a sampled table is to the truth, on random lanes."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple, Protocol

from portes.contingency.sampling import (
    LaneAnswer,
    LanePoint,
    LanePrice,
    Outcome,
    PublicRange,
    SampledRow,
    SampledTable,
)


class Truth(Protocol):
    def answer(self, postal_code: str, weight: int) -> LaneAnswer: ...


class Accuracy(NamedTuple):
    """Shares of lanes and services of which either the truth or the table has a price."""

    within: float
    """Priced within 1 % of the truth."""
    cheaper: float
    """More than 1 % below it, or priced where it is refused."""
    dearer: float
    unpriced: float
    """The truth has a price and the table has none."""
    days: float
    """Priced with the days of the truth."""
    error: float
    """Mean distance from the truth, by it, of those that both have."""


class Lookup:
    """Finds rows of a sampled table; raises `AssertionError` for rows that overlap."""

    def __init__(self, rows: Sequence[SampledRow]) -> None:
        self._brackets: dict[tuple[str, str, str], list[SampledRow]] = defaultdict(list)
        for row in rows:
            self._brackets[row.service, row.postal_from, row.postal_to].append(row)
        self._spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for service, first, last in sorted(self._brackets):
            spans = self._spans[service]
            assert not spans or spans[-1][1] < first, f"{service}: {spans[-1]} overlaps {first}"
            spans.append((first, last))

    def find(self, service: str, postal_code: str, weight: int) -> Outcome:
        spans = self._spans[service]
        at = bisect_right(spans, (postal_code, "~")) - 1
        if at < 0 or spans[at][1] < postal_code:
            return None
        found = [row for row in self._brackets[service, *spans[at]] if row.weight_from < weight <= row.weight_to]
        assert len(found) < 2, found
        return LanePrice(*found[0][5:8]) if found else None


def random_lanes(ranges: Sequence[PublicRange], number: int, seed: int = 11) -> Iterator[LanePoint]:
    """Any range, any code in it, and a weight from 0.1 to 30 kg whose logarithm is any."""
    random = Random(seed)  # noqa: S311 — test data, no secret
    for _ in range(number):
        place = random.choice(ranges)
        code = random.randint(place.first, place.last)
        weight = round(math.exp(random.uniform(math.log(100), math.log(30_000))))
        yield LanePoint(f"{code:08d}", weight)


def accuracy(table: SampledTable, truth: Truth, lanes: Sequence[LanePoint]) -> Accuracy:
    lookup = Lookup(table.rows)
    services = sorted({row.service for row in table.rows})
    return lanes_against(lambda *lane: {name: lookup.find(name, *lane) for name in services}, truth, lanes)


def lanes_against(answer: Callable[[str, int], LaneAnswer], truth: Truth, lanes: Sequence[LanePoint]) -> Accuracy:
    """What anybody answers, held against the truth; lanes that neither has a price of do not count."""
    pairs = [
        (found.get(service), true)
        for lane in lanes
        for found in [answer(*lane)]
        for service, true in truth.answer(*lane).items()
    ]
    sold = [pair for pair in pairs if any(pair)]
    both = [(found, true) for found, true in sold if found and true]
    cheaper = sum(found.price < true.price * 0.99 for found, true in both)
    cheaper += sum(true is None for _, true in sold)
    dearer = sum(found.price > true.price * 1.01 for found, true in both)
    unpriced = sum(found is None for found, _ in sold)
    return Accuracy(
        within=(len(sold) - cheaper - dearer - unpriced) / len(sold),
        cheaper=cheaper / len(sold),
        dearer=dearer / len(sold),
        unpriced=unpriced / len(sold),
        days=sum(found[1:] == true[1:] for found, true in both) / len(sold),
        error=sum(abs(found.price - true.price) / true.price for found, true in both) / max(1, len(both)),
    )
