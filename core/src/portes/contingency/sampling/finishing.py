"""From spots and zones to rows: each range is cut where zones change, and equal neighbours become one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from portes.contingency.sampling.curves import Curve, agrees, dearest, estimated
from portes.contingency.sampling.plan import SampledRegion, SamplingPlan
from portes.contingency.sampling.protocol import Outcome
from portes.contingency.sampling.result import SampledRow, UnknownSpan
from portes.contingency.sampling.spots import RangeLine, Spot
from portes.contingency.sampling.zones import ServiceZones, Zone
from portes.contract.postal import postal_form


class Cell(NamedTuple):
    """What is known of a span of codes at one bracket."""

    outcome: Outcome
    guessed: bool = False
    known: bool = True


_UNKNOWN = Cell(None, known=False)


class CostSpan(NamedTuple):
    """Codes with equal cells at each bracket; both ends inclusive."""

    first: int
    last: int
    cells: tuple[Cell, ...]
    points: tuple[int, ...]
    """By bracket, how many answers lie in it."""


class CostSpans:
    """The spans of one service over all ranges, and how well they are known."""

    def __init__(self, zones: ServiceZones, lines: Sequence[RangeLine], size: int) -> None:
        self._zones = zones
        self._service = zones.service
        self._lines = lines
        self._size = size
        self._references = [zone.curve for zone in zones.zones if zone.complete]
        self._closed: dict[Zone, Curve] = {
            # what a complete curve does not have could not be found out, and is not guessed
            zone: zone.curve if zone.complete else estimated(zone.curve, size, self._references)
            for zone in zones.zones
        }
        self._of_zone: dict[Zone, tuple[Cell, ...]] = {}
        self.counts: Counter[str] = Counter()
        """Cells of the grid that are `estimated`, `refused` or `unknown`, in a part at least."""

    def merged(self) -> Iterator[CostSpan]:
        """All spans in order, neighbours with equal cells as one."""
        last: CostSpan | None = None
        for span in self._all():
            if last and last.last + 1 == span.first and _alike(last.cells, span.cells):
                cells = tuple(
                    one._replace(guessed=one.guessed or other.guessed)
                    for one, other in zip(last.cells, span.cells, strict=True)
                )
                points = tuple(one + other for one, other in zip(last.points, span.points, strict=True))
                last = CostSpan(last.first, span.last, cells, points)
                continue
            if last:
                yield last
            last = span
        if last:
            yield last

    def _all(self) -> Iterator[CostSpan]:
        asked = [bool(self._spots(line)) for line in self._lines]
        for at, line in enumerate(self._lines):
            if asked[at]:
                found = [*self._within(line)]
            elif line.spots or line.failed:
                found = [self._span(line.place.first, line.place.last, (_UNKNOWN,) * self._size)]
            else:
                found = [self._span(line.place.first, line.place.last, self._between(at, asked))]
            for cells in zip(*(span.cells for span in found), strict=True):
                self.counts["estimated"] += any(cell.guessed for cell in cells)
                self.counts["refused"] += any(cell.known and cell.outcome is None for cell in cells)
                self.counts["unknown"] += any(not cell.known for cell in cells)
            yield from found

    def _spots(self, line: RangeLine) -> list[Spot]:
        return [spot for spot in line.spots if spot.known.get(self._service)]

    def _within(self, line: RangeLine) -> Iterator[CostSpan]:
        """The spans of a range: each spot's cells as far as the next one that differs; in doubt the dearer ones."""
        spots = self._spots(line)
        cells = [self._cells(spot) for spot in spots]
        begun = 0
        first = line.place.first
        for at, (one, other) in enumerate(pairwise(spots)):
            if cells[at] == cells[at + 1]:
                continue
            yield self._span(first, one.code, cells[at], spots[begun : at + 1])
            if one.code + 1 < other.code:
                yield self._span(one.code + 1, other.code - 1, _dearer([cells[at], cells[at + 1]]))
            begun, first = at + 1, other.code
        yield self._span(first, line.place.last, cells[-1], spots[begun:])

    def _span(self, first: int, last: int, cells: tuple[Cell, ...], spots: Sequence[Spot] = ()) -> CostSpan:
        points = Counter(at for spot in spots for at in spot.known[self._service])
        return CostSpan(first, last, cells, tuple(points[at] for at in range(self._size)))

    def _cells(self, spot: Spot) -> tuple[Cell, ...]:
        zone = spot.zones.get(self._service)
        if zone is not None:
            if zone not in self._of_zone:
                self._of_zone[zone] = self._seen_as(zone.curve, self._closed[zone])
            return self._of_zone[zone]
        known = spot.known[self._service]
        fitting = [each for each in self._closed.items() if agrees(known, each[1])]
        if not fitting:
            return self._seen_as(known, estimated(known, self._size, self._references))
        cells = _dearer([self._seen_as(each.curve, closed) for each, closed in fitting])
        return tuple(Cell(known[at]) if at in known else cell for at, cell in enumerate(cells))

    def _seen_as(self, known: Curve, closed: Curve) -> tuple[Cell, ...]:
        return tuple(
            Cell(closed[at], guessed=at not in known) if at in closed else _UNKNOWN for at in range(self._size)
        )

    def _between(self, at: int, asked: Sequence[bool]) -> tuple[Cell, ...]:
        """The dearer one of the nearest ranges that were asked, before and behind, of the same part of the state."""
        place = self._lines[at].place
        ways = (range(at - 1, -1, -1), range(at + 1, len(self._lines)))
        same = [
            next((near for near in way if asked[near] and self._lines[near].place[:2] == place[:2]), None)
            for way in ways
        ]
        chosen = [near for near in same if near is not None] or [
            near for way in ways if (near := next((each for each in way if asked[each]), None)) is not None
        ]
        ends = [self._cells(self._spots(self._lines[near])[-1 if near < at else 0]) for near in chosen]
        cells = _dearer(ends) if ends else (_UNKNOWN,) * self._size
        return tuple(cell._replace(guessed=cell.known) for cell in cells)


def _dearer(places: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """At each bracket the dearest of all, a guess unless all say the same for certain."""
    return tuple(
        cells[0]
        if all(cell == cells[0] for cell in cells)
        else Cell(dearest(cell.outcome for cell in cells if cell.known), guessed=True)
        for cells in zip(*places, strict=True)
    )


def _alike(one: tuple[Cell, ...], other: tuple[Cell, ...]) -> bool:
    """Whether cells say the same, guessed or not."""
    return all(a.outcome == b.outcome and a.known == b.known for a, b in zip(one, other, strict=True))


def rows_of(spans: Iterable[CostSpan], service: str, plan: SamplingPlan) -> Iterator[SampledRow]:
    """The rows of one service; brackets of a span that cost the same are one row."""
    for span, region, cell, brackets in _blocks(spans, plan):
        if cell.outcome is not None:
            points = sum(span.points[at] for at in brackets)
            guessed = any(span.cells[at].guessed for at in brackets)
            yield SampledRow(service, *region, *cell.outcome, points, guessed, plan.day)


def unknown_of(spans: Iterable[CostSpan], service: str, plan: SamplingPlan) -> Iterator[UnknownSpan]:
    """Where nothing could be found out about one service."""
    return (UnknownSpan(service, region) for _, region, cell, _ in _blocks(spans, plan) if not cell.known)


def _blocks(
    spans: Iterable[CostSpan], plan: SamplingPlan
) -> Iterator[tuple[CostSpan, SampledRegion, Cell, Sequence[int]]]:
    """The cells of spans, neighbouring brackets that say the same together, with the region that they span."""
    width = postal_form(plan.country).width
    borders = (plan.floor, *plan.borders)
    for span in spans:
        ends = str(span.first).zfill(width), str(span.last).zfill(width)
        brackets = range(len(plan.borders))
        for _, group in groupby(brackets, key=lambda at, cells=span.cells: (cells[at].outcome, cells[at].known)):  # type: ignore[misc]
            same = [*group]
            yield span, SampledRegion(*ends, borders[same[0]], borders[same[-1] + 1]), span.cells[same[0]], same
