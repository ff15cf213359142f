"""From spots and zones to rows: each range is cut where zones change, and equal neighbours become one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from portes.contingency.sampling.curves import Curve, agrees, dearest, estimated
from portes.contingency.sampling.plan import SamplingPlan
from portes.contingency.sampling.protocol import Outcome
from portes.contingency.sampling.result import SampledRow
from portes.contingency.sampling.spots import RangeLine, Spot
from portes.contingency.sampling.zones import ServiceZones, Zone
from portes.contract.postal import postal_form


class Cell(NamedTuple):
    """What is known of a span of codes at one bracket."""

    outcome: Outcome
    guessed: bool = False
    known: bool = True


_UNKNOWN = Cell(None, known=False)


class Stretch(NamedTuple):
    """Codes with equal cells at each bracket; both ends inclusive."""

    first: int
    last: int
    cells: tuple[Cell, ...]
    points: tuple[int, ...]
    """By bracket, how many answers lie in it."""


class Stretches:
    """The stretches of one service over all ranges, and how well they are known."""

    def __init__(self, zones: ServiceZones, lines: Sequence[RangeLine], size: int) -> None:
        self._zones = zones
        self._service = zones.service
        self._lines = lines
        self._size = size
        self._references = [zone.curve for zone in zones.zones if zone.complete]
        self._closed = {zone: estimated(zone.curve, size, self._references) for zone in zones.zones}
        self._of_zone: dict[Zone, tuple[Cell, ...]] = {}
        self.counts: Counter[str] = Counter()
        """Cells of the grid that are `estimated`, `refused` or `unknown`, in a part at least."""

    def merged(self) -> Iterator[Stretch]:
        """All stretches in order, neighbours with equal cells as one."""
        last: Stretch | None = None
        for stretch in self._all():
            if last and last.last + 1 == stretch.first and last.cells == stretch.cells:
                points = tuple(one + other for one, other in zip(last.points, stretch.points, strict=True))
                last = Stretch(last.first, stretch.last, last.cells, points)
                continue
            if last:
                yield last
            last = stretch
        if last:
            yield last

    def _all(self) -> Iterator[Stretch]:
        asked = [bool(self._spots(line)) for line in self._lines]
        for at, line in enumerate(self._lines):
            if asked[at]:
                found = [*self._within(line)]
            elif line.spots or line.silent:
                found = [self._stretch(line.place.first, line.place.last, (_UNKNOWN,) * self._size)]
            else:
                found = [self._stretch(line.place.first, line.place.last, self._between(at, asked))]
            for cells in zip(*(stretch.cells for stretch in found), strict=True):
                self.counts["estimated"] += any(cell.guessed for cell in cells)
                self.counts["refused"] += any(cell.known and cell.outcome is None for cell in cells)
                self.counts["unknown"] += any(not cell.known for cell in cells)
            yield from found

    def _spots(self, line: RangeLine) -> list[Spot]:
        return [spot for spot in line.spots if spot.known.get(self._service)]

    def _within(self, line: RangeLine) -> Iterator[Stretch]:
        """The stretches of a range: each spot's cells as far as the next one that differs; in doubt the dearer ones."""
        spots = self._spots(line)
        cells = [self._cells(spot) for spot in spots]
        begun = 0
        first = line.place.first
        for at, (one, other) in enumerate(pairwise(spots)):
            if cells[at] == cells[at + 1]:
                continue
            yield self._stretch(first, one.code, cells[at], spots[begun : at + 1])
            if one.code + 1 < other.code:
                yield self._stretch(one.code + 1, other.code - 1, _dearer([cells[at], cells[at + 1]]))
            begun, first = at + 1, other.code
        yield self._stretch(first, line.place.last, cells[-1], spots[begun:])

    def _stretch(self, first: int, last: int, cells: tuple[Cell, ...], spots: Sequence[Spot] = ()) -> Stretch:
        points = Counter(at for spot in spots for at in spot.known[self._service])
        return Stretch(first, last, cells, tuple(points[at] for at in range(self._size)))

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


def rows_of(stretches: Stretches, service: str, plan: SamplingPlan) -> Iterator[SampledRow]:
    """The rows of one service; brackets of a stretch that cost the same are one row."""
    width = postal_form(plan.country).width
    for stretch in stretches.merged():
        ends = str(stretch.first).zfill(width), str(stretch.last).zfill(width)
        for cell, group in groupby(range(len(plan.borders)), key=stretch.cells.__getitem__):
            brackets = [*group]
            if cell.outcome is not None:
                lower = plan.borders[brackets[0] - 1] if brackets[0] else 0
                points = sum(stretch.points[at] for at in brackets)
                upper = plan.borders[brackets[-1]]
                yield SampledRow(service, *ends, lower, upper, *cell.outcome, points, cell.guessed, plan.day)
