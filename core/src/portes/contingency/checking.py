"""How near a sampled table is to what the store would answer live, on lanes that nobody asked about for it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

from portes.contingency.sampling import LanePoint, Oracle, SampledRow
from portes.contract.postal import postal_form
from portes.contract.states import Ranges


class LaneErrors(NamedTuple):
    """How many prices of lanes, each delivery type for itself, are how far from the live ones."""

    compared: int
    """Prices that the table or the store has."""
    within: int
    """Those at most one percent off."""
    cheaper: int
    """Those more than a percent too cheap, and those of a lane that the store refuses."""
    missing: int
    """Those that the store has and the table has not."""


class RowFinder:
    """Finds the row of a lane among rows that do not overlap, ordered by delivery type, postal codes and weight."""

    def __init__(self, rows: Iterable[SampledRow]) -> None:
        self._ranges: dict[str, list[list[SampledRow]]] = {}
        for (service, _), own in groupby(rows, lambda row: (row.service, row.postal_from)):
            self._ranges.setdefault(service, []).append([*own])

    def find(self, service: str, point: LanePoint) -> SampledRow | None:
        """The row that prices a lane; None where none does."""
        ranges = self._ranges.get(service, [])
        at = bisect_right(ranges, point.postal_code, key=lambda own: own[0].postal_from) - 1
        if at < 0 or ranges[at][0].postal_to < point.postal_code:
            return None
        return next((row for row in ranges[at] if row.weight_from < point.weight <= row.weight_to), None)


def random_points(country: str, regions: Ranges, borders: Sequence[int], number: int, seed: int) -> Iterator[LanePoint]:
    """Lanes of any region, any code in it and any bracket, each at the border that the bracket is asked at."""
    chance, form = Random(seed), postal_form(country)  # noqa: S311 — a draw that can be repeated, and no secret
    for _ in range(number):
        first, last = chance.choice(regions)
        code = chance.randint(form.low(first), form.high(last))
        yield LanePoint(form.text(code), chance.choice(borders))


def lane_errors(rows: Iterable[SampledRow], oracle: Oracle, points: Sequence[LanePoint]) -> LaneErrors:
    """Hold some rows against what an oracle says of some lanes; what it could not find out is not compared."""
    finder = RowFinder(rows)
    compared = within = cheaper = missing = 0
    for point, answer in zip(points, oracle.ask(points), strict=True):
        for service, live in (answer or {}).items():
            row = finder.find(service, point)
            if row is None and live is None:
                continue
            compared += 1
            missing += row is None
            cheaper += row is not None and (live is None or row.price * 100 < live.price * 99)
            within += row is not None and live is not None and abs(row.price - live.price) * 100 <= live.price
    return LaneErrors(compared, within, cheaper, missing)
