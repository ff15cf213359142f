"""Many postal codes of two tables compared at once, as columns of numbers."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from portes.contract.postal import postal_form
from portes.tables.comparison.difference import FROM_NOTHING, WHOLE, CellDifference
from portes.tables.comparison.pieces import ENDLESS, FAR, NONE, Piece, Segment
from portes.tables.comparison.regions import region_spans
from portes.tables.comparison.sides import OTHERS, OriginRanges, TableSide
from portes.tables.index.compiler import FEES, TERMS

_LARGEST_PRICE: Final = 9 * 10**14
"""Millionths of a minor unit: hundredths of a percent of more do not fit into eight bytes."""
_LARGEST_EXTRA: Final = 9 * 10**12
"""The same for each kg."""
_LARGEST_CODE: Final = 2**62
_KG: Final = 10**6

Column = Any
"""A NumPy array of whole numbers."""


class _Window(NamedTuple):
    """Ranges in order, beginning with the one that stands at a place."""

    at: int
    starts: Column
    ends: Column

    def places(self, codes: Column) -> Column:
        """The places of the ranges that hold some codes, or `NONE`."""
        if not len(self.starts):
            return np.full(len(codes), NONE)
        found = np.searchsorted(self.starts, codes, "right") - 1
        return np.where((found >= 0) & (self.ends[np.maximum(found, 0)] >= codes), found + self.at, NONE)


class _RowCharges(NamedTuple):
    """What rows charge in a piece, column by column."""

    price: Column
    terms: Column
    priced: Column
    """Whether there is a price."""
    extra_from: int
    """From where extra weight counts, in milligrams."""


class _Columns:
    """The columns of a table."""

    def __init__(self, side: TableSide) -> None:
        arrays = side.arrays
        self._side = side
        self._starts, self._ends = np.asarray(arrays["starts"]), np.asarray(arrays["ends"])
        self._group_of = np.asarray(arrays["group_of"]) if len(arrays["group_of"]) else None
        self._firsts, self._ladder_of = np.asarray(arrays["firsts"]), np.asarray(arrays["ladder_of"])
        self._prices, self._terms_of = np.asarray(arrays["prices"]), np.asarray(arrays["terms_of"])
        self.terms = {name: np.asarray(arrays[f"terms.{name}"]) for name in TERMS}
        self.fees = {name: np.asarray(arrays[f"fees.{name}"]).astype(np.int64) for name in FEES}
        self.posts = np.asarray(arrays["fee_posts"]).astype(np.int64)
        self.per_kg = self.terms["extra_per_kg"].astype(np.int64)
        self.days = self.terms["days_max"].astype(np.int64)

    def cuts(self, own: OriginRanges | None, most: int) -> Column:
        """The first codes of ranges, of which no more than `most` begin between two."""
        return np.empty(0, np.int64) if own is None else self._starts[own.first : own.after : most].astype(np.int64)

    def window(self, own: OriginRanges | None, first: int, last: int) -> _Window:
        """The ranges that hold a code from the first to the last."""
        if own is None:
            return _Window(0, np.empty(0, np.int64), np.empty(0, np.int64))
        at = max(bisect_right(self._starts, first, own.first, own.after) - 1, own.first)
        after = bisect_right(self._starts, last, at, own.after)
        return _Window(at, self._starts[at:after].astype(np.int64), self._ends[at:after].astype(np.int64))

    def groups(self, places: Column) -> Column:
        """The groups behind ranges; `NONE` for no range and where several may price it."""
        group = places if self._group_of is None else self._group_of[np.maximum(places, 0)].astype(np.int64)
        return np.where((places == NONE) | (group >= len(self._firsts)), NONE, group)

    def ladders(self, groups: Column) -> Column:
        """The ladders of groups, or `NONE`."""
        return np.where(groups == NONE, NONE, self._ladder_of[np.maximum(groups, 0)].astype(np.int64))

    def charges(self, groups: Column, ladder: int, rung: int, *, beyond: bool) -> _RowCharges:
        """What the rows of a rung charge; nothing where there is none."""
        if rung == NONE:
            nothing = np.zeros(len(groups), np.int64)
            return _RowCharges(nothing, nothing, np.zeros(len(groups), np.bool_), 0)
        rows = self._firsts[groups].astype(np.int64) + rung
        price, terms = self._prices[rows], self._terms_of[rows]
        priced = price >= 0
        extra_from = self._side.extra_from(ladder, rung)
        if beyond:
            reaches = extra_from >= self._side.rungs(ladder).limits[rung] * 1000
            priced &= (self.per_kg[terms] > 0) & reaches
        return _RowCharges(price, terms, priced, extra_from)

    def at(self, charges: _RowCharges, weight: int) -> Column:
        """The charges for whole grams, a fraction of a millionth of a minor unit left out."""
        over = np.full(len(charges.price), max(0, weight * 1000 - charges.extra_from))
        step = self.terms["extra_step"][charges.terms].astype(np.int64)
        over = np.where(step > 0, -(-over // np.maximum(step, 1)) * step, over)
        kilos, rest = over // _KG, over % _KG
        per_kg = self.per_kg[charges.terms]
        return charges.price + kilos * per_kg + rest * per_kg // _KG


class BulkComparison:
    """Compares the segments that one group of each table prices, and gives the others back."""

    def __init__(
        self,
        before: TableSide,
        after: TableSide,
        pieces: Callable[[int, int], Sequence[Piece]],
        cell: Callable[[str, str, Piece], CellDifference],
        tallies: tuple[MutableMapping[int, int], Mapping[str, MutableMapping[int, int]]],
        few: int,
        most_ranges: int,
    ) -> None:
        """Take two tables, what makes the pieces of two ladders, what counts a piece's lanes, and the changes.

        `tallies` are the lanes by change, and each region's by percent, as a `TableDifference` has them.
        Fewer than `few` segments on one pair of ladders are left to others; of each table `most_ranges` are looked at
        together.
        """
        self._few, self._most_ranges = few, most_ranges
        self._sides = _Columns(before), _Columns(after)
        self._regions = region_spans(before.table.country)
        self._names = list(dict.fromkeys(span.region for span in self._regions))
        words = [*before.table.compiled.words, *after.table.compiled.words]
        self._words = np.array([words.index(word) for word in after.table.compiled.words], np.int64)
        """Per number of a word in the later table, that in the earlier one, or one that this has not."""
        self._pieces, self._cell = pieces, cell
        self._changes, self._percents = tallies

    @staticmethod
    def fits(side: TableSide) -> bool:
        """Whether a table's codes and amounts are small enough."""
        small = _most(side.prices) < _LARGEST_PRICE and _most(side.per_kg) < _LARGEST_EXTRA
        return small and postal_form(side.table.country).size < _LARGEST_CODE

    def rest(
        self, service: str, one: OriginRanges | None, other: OriginRanges | None, seen: Callable[[int], None]
    ) -> Iterator[Segment]:
        """Compare all codes of a service from some origins; yields the segments that are left to others.

        `seen` is called with the number of ranges that were looked at so far. Some are looked at at once, so that
        memory does not grow with a table's ranges.
        """
        numbers = {name: at for at, name in enumerate(self._names)}
        region_firsts = np.array([span.first for span in self._regions], np.int64)
        region_of = np.array([numbers[span.region] for span in self._regions], np.int64)
        sides = tuple(zip(self._sides, (one, other), strict=True))
        cuts = np.unique(np.concatenate([[0], *(side.cuts(own, self._most_ranges) for side, own in sides)])).tolist()
        ranges = 0
        for low, after in pairwise([*cuts, self._regions[-1].last + 1]):
            windows = [side.window(own, low, after - 1) for side, own in sides]
            borders = np.unique(
                np.concatenate([[low], region_firsts, *(part for w in windows for part in (w.starts, w.ends + 1))])
            )
            firsts = borders[(borders >= low) & (borders < after)]
            lanes = np.diff(firsts, append=after)
            before, later = (window.places(firsts) for window in windows)
            held = (before != NONE) | (later != NONE)
            region = region_of[np.searchsorted(region_firsts, firsts, "right") - 1]
            yield from self._chunk(service, *(part[held] for part in (firsts, lanes, before, later, region)))
            ranges += sum(len(window.starts) for window in windows)
            seen(ranges)

    def _chunk(
        self, service: str, firsts: Column, lanes: Column, before: Column, later: Column, region: Column
    ) -> Iterator[Segment]:
        one, other = (side.groups(places) for side, places in zip(self._sides, (before, later), strict=True))
        chained = ((before != NONE) & (one == NONE)) | ((later != NONE) & (other == NONE))
        ladder, later_ladder = (side.ladders(groups) for side, groups in zip(self._sides, (one, other), strict=True))
        pairs = np.where(chained, NONE, ((ladder + 1) << 32) + later_ladder + 1)
        order = np.argsort(pairs, kind="stable")
        begin = 0
        for end in (np.flatnonzero(np.diff(pairs[order], append=-2)) + 1).tolist():
            some, begin = order[begin:end], end
            if pairs[some[0]] == NONE or len(some) < self._few:
                columns = (firsts[some], firsts[some] + lanes[some] - 1, before[some], later[some], region[some])
                for code, end_code, at, to, name in zip(*(column.tolist() for column in columns), strict=True):
                    yield Segment(code, end_code, at, to, self._names[name])
            else:
                pair = int(ladder[some[0]]), int(later_ladder[some[0]])
                self._pair(service, pair, one[some], other[some], lanes[some], region[some])

    def _pair(
        self, service: str, pair: tuple[int, int], one: Column, other: Column, lanes: Column, region: Column
    ) -> None:
        """Count segments that all stand on the same two ladders."""
        before, after = self._sides
        present = np.unique(region).tolist()
        for piece in self._pieces(*pair):
            was = before.charges(one, pair[0], piece.before, beyond=piece.before_beyond)
            now = after.charges(other, pair[1], piece.after, beyond=piece.after_beyond)
            both = was.priced & now.priced
            change = self._changed(piece, was, now)
            _note(self._changes, np.where(change < WHOLE, change, -(-change // 100) * 100)[both], lanes[both])
            percent = -(-abs(change) // 100)
            counts = self._counted(was, now, both, change)
            for at in present:
                here = region == at
                cell = CellDifference(**{name: int(lanes[which & here].sum()) for name, which in counts.items()})
                cell.rise = _most(change[here & both])
                cell.fall = -_most(-change[here & both])
                if cell.all:
                    self._cell(service, self._names[at], piece).add(cell)
                    _note(self._percents[self._names[at]], percent[here & both], lanes[here & both])

    def _counted(self, was: _RowCharges, now: _RowCharges, both: Column, change: Column) -> Mapping[str, Column]:
        """Which segments count, per number of a cell."""
        before, after = self._sides
        days, later = before.days[was.terms], after.days[now.terms]
        return {
            "dearer": both & (change > 0),
            "cheaper": both & (change < 0),
            "same": both & (change == 0),
            "gained": now.priced & ~was.priced,
            "lost": was.priced & ~now.priced,
            "slower": both & (later > days),
            "faster": both & (later < days),
            "otherwise": both & self._otherwise(was.terms, now.terms),
        }

    def _changed(self, piece: Piece, was: _RowCharges, now: _RowCharges) -> Column:
        """The change of each price, at the end of the piece where it is larger."""
        before, after = self._sides
        low, high = piece.low + 1, piece.high if piece.high < ENDLESS else piece.low + FAR
        one, other = (_changes(before.at(was, weight), after.at(now, weight)) for weight in (low, high))
        larger = (abs(other) > abs(one)) | ((abs(other) == abs(one)) & (other > one))
        return np.where(larger, other, one)

    def _otherwise(self, one: Column, other: Column) -> Column:
        """Which terms differ in what is told together."""
        before, after = self._sides
        differ = np.zeros(len(one), np.bool_)
        for name in OTHERS:
            differ |= before.terms[name][one] != after.terms[name][other]
        counts = [np.diff(columns.posts)[terms] for columns, terms in ((before, one), (after, other))]
        differ |= counts[0] != counts[1]
        for at in range(int(np.minimum(*counts).max(initial=0))):
            some = np.flatnonzero(~differ & (counts[0] > at))
            mine, theirs = before.posts[one[some]] + at, after.posts[other[some]] + at
            for name in FEES:
                left, right = before.fees[name][mine], after.fees[name][theirs]
                unlike = left != self._words[right] if name in {"name", "per"} else left != right
                differ[some] |= unlike
        return differ


def _note(tally: MutableMapping[int, int], changes: Column, lanes: Column) -> None:
    values, places = np.unique(changes, return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, lanes)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        tally[value] += count


def _changes(was: Column, now: Column) -> Column:
    """The changes of prices in hundredths of a percent, one begun counted whole."""
    rest, parts = now - was, np.where(was == 0, 1, was)
    change = np.where(rest > 0, -(-rest * WHOLE // parts), rest * WHOLE // parts)
    return np.where(was == 0, np.where(rest == 0, 0, FROM_NOTHING), change)


def _most(numbers: Column) -> int:
    return int(np.asarray(numbers).max(initial=0))
