"""Two tables gone through side by side, over the postal ranges and the brackets of both; nothing is sampled."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from portes.errors import Problem, SettingsError
from portes.tables.comparison.difference import (
    FROM_NOTHING,
    WHOLE,
    CellDifference,
    CellKey,
    TableDifference,
    coarse,
    percent_begun,
)
from portes.tables.comparison.pieces import ENDLESS, FAR, NONE, Piece, Segment
from portes.tables.comparison.regions import region_spans
from portes.tables.comparison.sides import OriginRanges, TableSide, others_of
from portes.tables.index.parts import LadderRungs
from portes.tables.index.table import RateTable
from portes.tables.progress import Progress, tell, telling

_MOST: Final = 1 << 14
_EACH: Final = 20_000
_KG: Final = 10**6

if TYPE_CHECKING:
    from portes.tables.bulk.comparing import BulkComparison


class ComparisonLimits(NamedTuple):
    """From when on many codes are compared at once."""

    large: int = 20_000
    """Postal ranges of two tables together that are worth loading the library for."""
    few: int = 24
    """Segments on one pair of ladders, fewer than which are sooner compared one by one."""
    together: int = 1 << 16
    """Postal ranges of each table that are in memory together."""


COMPARISON_LIMITS: Final = ComparisonLimits()


class _RowCharge(NamedTuple):
    """What a row charges in a bracket."""

    price: int
    extra_from: int
    per_kg: int
    step: int
    days: int
    others: tuple[object, ...]

    def at(self, weight: int) -> int:
        """The charge for whole grams, a fraction of a millionth of a minor unit left out."""
        over = weight * 1000 - self.extra_from
        if not self.per_kg or over <= 0:
            return self.price
        return self.price + (-(-over // self.step) * self.step if self.step else over) * self.per_kg // _KG


def compare_tables(
    before: RateTable, after: RateTable, progress: Progress | None = None, limits: ComparisonLimits = COMPARISON_LIMITS
) -> TableDifference:
    """All that differs from an earlier to a later table, by service, region and bracket.

    A price is that of the row with its extra weight, before what a carrier's tariff adds. In a bracket with extra
    weight, both ends are looked at, and the larger change counts. Large tables are compared many codes at
    once where NumPy is installed, to the same end. Raises `SettingsError` for tables of two kinds.
    """
    _check(before, after)
    with telling(progress):
        return _Comparison(TableSide(before), TableSide(after)).difference(limits)


def _check(before: RateTable, after: RateTable) -> None:
    for name in ("country", "currency", "axis"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            cause = f"is the {name} of one table, and {other} that of the other"
            raise SettingsError(Problem("tables", one, cause, "compare tables of one country, currency and axis"))


class _Comparison:
    def __init__(self, before: TableSide, after: TableSide) -> None:
        self._before, self._after = before, after
        self._cells: dict[CellKey, CellDifference] = {}
        self._changes: defaultdict[int, int] = defaultdict(int)
        self._percents: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._pieces = lru_cache(_MOST)(self._made_pieces)
        self._cells_of = lru_cache(_MOST)(self._made_cells)
        self._done = 0
        self._total = len(before.starts) + len(after.starts)

    def difference(self, limits: ComparisonLimits) -> TableDifference:
        """Go through both tables."""
        bulk = self._bulk(limits) if self._total >= limits.large else None
        for service in dict.fromkeys([*self._before.table.services, *self._after.table.services]):
            for origin, before, after in _by_origin(self._before.ranges(service), self._after.ranges(service)):
                rest = bulk.rest(service, before, after, self._tell) if bulk else self._segments(before, after)
                for segment in rest:
                    self._count(service, origin, segment)
                self._done += sum(one.after - one.first for one in (before, after) if one is not None)
                self._tell(0)
        counted = {key: cell for key, cell in self._cells.items() if cell.all}
        percents = {region: lanes for region, lanes in self._percents.items() if lanes}
        return TableDifference(self._before.table.axis, counted, self._changes, percents)

    def _bulk(self, limits: ComparisonLimits) -> "BulkComparison | None":
        """What compares many segments at once; None without the library, and for numbers that it has no room for."""
        try:
            from portes.tables.bulk.comparing import BulkComparison
        except ModuleNotFoundError:
            return None
        if not (BulkComparison.fits(self._before) and BulkComparison.fits(self._after)):
            return None
        tallies = self._changes, self._percents
        return BulkComparison(self._before, self._after, self._pieces, self._cell, tallies, limits.few, limits.together)

    def _segments(self, before: OriginRanges | None, after: OriginRanges | None) -> Iterator[Segment]:
        first, second = (own.first if own else 0 for own in (before, after))
        for count, segment in enumerate(_segments(self._before, before, self._after, after)):
            if not count % _EACH:
                self._tell(max(segment.before - first, 0) + max(segment.after - second, 0))
            yield segment

    def _tell(self, ranges: int) -> None:
        """Tell how far the comparison is, so many ranges into what prices a service from some origins."""
        tell("compared", min(self._done + ranges, self._total), self._total)

    def _count(self, service: str, origin: int, segment: Segment) -> None:
        one = NONE if segment.before == NONE else self._before.group(segment.before)
        other = NONE if segment.after == NONE else self._after.group(segment.after)
        if (segment.before != NONE and one == NONE) or (segment.after != NONE and other == NONE):
            self._count_chained(service, origin, segment)
            return
        ladder = NONE if one == NONE else self._before.ladder(one)
        later = NONE if other == NONE else self._after.ladder(other)
        pieces = self._pieces(ladder, later)
        first = NONE if one == NONE else self._before.firsts[one]
        second = NONE if other == NONE else self._after.firsts[other]
        lanes, cells = segment.last - segment.first + 1, self._cells_of(service, segment.region, ladder, later)
        for piece, cell in zip(pieces, cells, strict=True):
            was = _charged(self._before, ladder, first, piece.before, beyond=piece.before_beyond)
            now = _charged(self._after, later, second, piece.after, beyond=piece.after_beyond)
            self._add(cell, segment.region, lanes, was, now, piece)

    def _count_chained(self, service: str, origin: int, segment: Segment) -> None:
        """Count codes that several ranges of a table hold: what prices them is found as for a shipment."""
        borders = {-1}
        for side, at in ((self._before, segment.before), (self._after, segment.after)):
            if at != NONE:
                group = side.group(at)
                borders |= side.borders(at, group)
        lanes, ends = segment.last - segment.first + 1, sorted(borders)
        for low, high in pairwise([*ends, ends[-1] + FAR]):
            beyond = low == ends[-1]
            piece = Piece(0, 0, max(low, 0), ENDLESS if beyond or high >= ENDLESS else high)
            was, now = (
                None if at == NONE else _found(side, service, segment.first, high, origin)
                for side, at in ((self._before, segment.before), (self._after, segment.after))
            )
            if was is not None or now is not None:
                self._add(self._cell(service, segment.region, piece), segment.region, lanes, was, now, piece)

    def _add(
        self,
        cell: CellDifference,
        region: str,
        lanes: int,
        was: "_RowCharge | None",
        now: "_RowCharge | None",
        piece: Piece,
    ) -> None:
        if was is None or now is None:
            if was is not None:
                cell.lost += lanes
            elif now is not None:
                cell.gained += lanes
            return
        if was.per_kg or now.per_kg:
            ends = (piece.low + 1, piece.high if piece.high < ENDLESS else piece.low + FAR)
            change = max((_change(was.at(weight), now.at(weight)) for weight in ends), key=lambda one: (abs(one), one))
        else:
            change = _change(was.price, now.price)
        if change > 0:
            cell.dearer += lanes
            cell.rise = max(cell.rise, change)
        elif change < 0:
            cell.cheaper += lanes
            cell.fall = min(cell.fall, change)
        else:
            cell.same += lanes
        self._changes[coarse(change)] += lanes
        self._percents[region][percent_begun(change)] += lanes
        if was.days != now.days:
            if now.days > was.days:
                cell.slower += lanes
            else:
                cell.faster += lanes
        if was.others != now.others:
            cell.otherwise += lanes

    def _made_pieces(self, ladder: int, later: int) -> tuple[Piece, ...]:
        """The pieces of two ladders, by their numbers; `NONE` for a table without the range."""
        before = None if ladder == NONE else self._before.rungs(ladder)
        after = None if later == NONE else self._after.rungs(later)
        borders = sorted(
            {border for rungs in (before, after) if rungs for border in (*rungs.floors, *rungs.limits)} | {-1}
        )
        pieces = []
        for low, high in pairwise([*borders, ENDLESS] if borders[-1] < ENDLESS else borders):
            one, one_beyond = _rung(self._before, before, low, high)
            other, other_beyond = _rung(self._after, after, low, high)
            if one != NONE or other != NONE:
                pieces.append(Piece(one, other, max(low, 0), high, one_beyond, other_beyond))
        return tuple(pieces)

    def _made_cells(self, service: str, region: str, ladder: int, later: int) -> tuple[CellDifference, ...]:
        return tuple(self._cell(service, region, piece) for piece in self._pieces(ladder, later))

    def _cell(self, service: str, region: str, piece: Piece) -> CellDifference:
        return self._cells.setdefault((service, region, (piece.low, piece.high)), CellDifference())


def _change(was: int, now: int) -> int:
    """The change of a price in hundredths of a percent, one begun counted whole: so a bound holds exactly."""
    if was == now:
        return 0
    rest = (now - was) * WHOLE
    return FROM_NOTHING if not was else -(-rest // was) if rest > 0 else rest // was


def _rung(side: TableSide, rungs: LadderRungs | None, low: int, high: int) -> tuple[int, bool]:
    """The rung that a span of weights lies in, or `NONE`; and whether it is above the highest."""
    if rungs is None:
        return NONE, False
    rung = bisect_left(rungs.limits, high)
    if rung == len(rungs.limits):
        return (rung - 1, True) if side.charges_extra else (NONE, False)
    if rungs.floors[rung] > low and not side.fills:
        return NONE, False
    return rung, False


def _charged(side: TableSide, ladder: int, first: int, rung: int, *, beyond: bool) -> _RowCharge | None:
    """What a rung of a group charges; None where it has no price."""
    if rung == NONE:
        return None
    row = first + rung
    price = side.prices[row]
    if price < 0:
        return None
    terms = side.terms_of[row]
    per_kg = side.per_kg[terms]
    extra_from = side.extra_from(ladder, rung) if per_kg else 0
    if beyond and (not per_kg or extra_from < side.rungs(ladder).limits[rung] * 1000):
        return None
    return _RowCharge(price, extra_from, per_kg, side.steps[terms], side.days_max[terms], side.others(terms))


def _found(side: TableSide, service: str, code: int, weight: int, origin: int) -> _RowCharge | None:
    found = side.found(service, code, weight, origin)
    if found is None:
        return None
    terms = found.terms
    return _RowCharge(
        found.price, found.extra_from, terms.extra_per_kg, terms.extra_step, terms.days_max, others_of(terms)
    )


def _by_origin(
    before: Sequence[OriginRanges], after: Sequence[OriginRanges]
) -> Iterator[tuple[int, OriginRanges | None, OriginRanges | None]]:
    """The first origin of each segment of origins, and the ranges of both tables from there."""
    borders = sorted({border for one in (*before, *after) for border in (one.origin_first, one.origin_last + 1)})
    for first, _ in pairwise(borders):
        pair = tuple(
            next((one for one in side if one.origin_first <= first <= one.origin_last), None)
            for side in (before, after)
        )
        if any(pair):
            yield first, pair[0], pair[1]


def _segments(
    before: TableSide, one: OriginRanges | None, after: TableSide, other: OriginRanges | None
) -> Iterator[Segment]:
    """The segments of two tables, in order."""
    at, end = (one.first, one.after) if one else (0, 0)
    later, later_end = (other.first, other.after) if other else (0, 0)
    spans = iter(region_spans(before.table.country))
    span = next(spans)
    code = 0
    while at < end or later < later_end:
        one_first, one_last = (before.starts[at], before.ends[at]) if at < end else (_FARTHEST, _FARTHEST)
        other_first, other_last = (
            (after.starts[later], after.ends[later]) if later < later_end else (_FARTHEST, _FARTHEST)
        )
        code = max(code, min(one_first, other_first))
        while span.last < code:
            span = next(spans)
        in_one, in_other = one_first <= code, other_first <= code
        last = min(one_last if in_one else one_first - 1, other_last if in_other else other_first - 1, span.last)
        yield Segment(code, last, at if in_one else NONE, later if in_other else NONE, span.region)
        code = last + 1
        at += code > one_last
        later += code > other_last


_FARTHEST: Final = 10**30
"""A code beyond all."""
