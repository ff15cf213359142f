"""Rows put together to lanes: the brackets of one postal range, service and origin, the lowest first."""

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final, NamedTuple

from portes.tables.audit.rows import AuditRows
from portes.tables.index.overlaps import HeldRange
from portes.tables.protocol import NO_LIMIT

_BORDER_BITS: Final = 40


class LaneBracket(NamedTuple):
    """The borders of a row, in thousandths of the axis's unit, as the table prints them."""

    low: int
    high: int
    extra_from: int


class AuditLanes:
    """The lanes of a table in the order of scope and postal code; a lane is a number.

    Rows that hold nothing, or run backwards, are in no lane. What repeats is kept once: a lane's shape is the number
    of its brackets, and its content that of brackets, prices and terms.
    """

    def __init__(self, rows: AuditRows) -> None:
        self.rows = rows
        self.order = array("I")
        """Positions of rows, lane after lane, by their upper border."""
        self._begins = array("I")
        self.shapes: list[tuple[LaneBracket, ...]] = []
        self.shape_of = array("I")
        self.content_of = array("I")
        self.contents: list[int] = []
        """By content, a lane that has it."""
        self._arrange()

    def __len__(self) -> int:
        return len(self.shape_of)

    def of(self, lane: int) -> Sequence[int]:
        """The positions of a lane's rows, the lowest bracket first."""
        return self.order[self._begins[lane] : self._begins[lane + 1]]

    def first(self, lane: int) -> int:
        """The position of a lane's first row."""
        return self.order[self._begins[lane]]

    def held(self, lane: int) -> HeldRange:
        """The lane's postal range as those that overlap are told apart."""
        row = self.first(lane)
        scope = self.rows.scopes[self.rows.scope_of[row]]
        start, end = self.rows.firsts[row], self.rows.lasts[row]
        return HeldRange(-scope.rank, end - start, scope.origin_last - scope.origin_first, lane, start, end)

    @cached_property
    def of_scope(self) -> list[range]:
        """By the number of a scope, its lanes."""
        spans = [range(0)] * len(self.rows.scopes)
        scopes = map(self.rows.scope_of.__getitem__, map(self.order.__getitem__, self._begins[:-1]))
        for scope, lanes in groupby(enumerate(scopes), lambda one: one[1]):
            numbers = [lane for lane, _ in lanes]
            spans[scope] = range(numbers[0], numbers[-1] + 1)
        return spans

    def brackets_of(self, lane: int) -> tuple[LaneBracket, ...]:
        """The brackets of a lane."""
        return self.shapes[self.shape_of[lane]]

    def top(self, lane: int) -> int:
        """The weight up to which a lane has a price; `NO_LIMIT` where it has one for any."""
        return effective_top(self.rows, self.order[self._begins[lane + 1] - 1])

    def price_at(self, content: int, measure: int) -> int | None:
        """What a lane of this content says for a measure, in thousandths: a price, or a mark; None where nothing."""
        rows = self.of(self.contents[content])
        for at in rows:
            if measure <= self.rows.highs[at]:
                return self._price(at, measure) if measure > self.rows.lows[at] or at == rows[0] else None
        top = rows[-1]
        return self._price(top, measure) if effective_top(self.rows, top) == NO_LIMIT else None

    def _price(self, at: int, measure: int) -> int | None:
        if measure < self.rows.lows[at]:
            return None
        return price_of(self.rows, at, measure)

    def _arrange(self) -> None:
        rows, size = self.rows, self.rows.form.size
        keys = [
            ((scope * size + first) * size + last) << _BORDER_BITS | high // 1000
            for scope, first, last, high in zip(rows.scope_of, rows.firsts, rows.lasts, rows.highs, strict=True)
        ]
        sound = (at for at in range(len(rows)) if holds_something(rows, at))
        self.order = array("I", sorted(sound, key=keys.__getitem__))
        shapes: dict[bytes, int] = {}
        contents: dict[bytes, int] = {}
        for _, group in groupby(self.order, lambda at: keys[at] >> _BORDER_BITS):
            lane = array("I", group)
            self._begins.append(self._begins_after)
            self._begins_after += len(lane)
            borders = array("q", [one[at] for one in (rows.lows, rows.highs, rows.extras_from) for at in lane])
            shape = borders.tobytes()
            if shape not in shapes:
                shapes[shape] = len(self.shapes)
                each = (borders[start : start + len(lane)] for start in range(0, 3 * len(lane), len(lane)))
                self.shapes.append(tuple(map(LaneBracket._make, zip(*each, strict=True))))
            self.shape_of.append(shapes[shape])
            priced = array(
                "q", [shapes[shape], *map(rows.prices.__getitem__, lane), *map(rows.terms_of.__getitem__, lane)]
            )
            number = contents.setdefault(priced.tobytes(), len(contents))
            if number == len(self.contents):
                self.contents.append(len(self.shape_of) - 1)
            self.content_of.append(number)
        self._begins.append(self._begins_after)

    _begins_after = 0

    def each(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Every lane with its rows."""
        return ((lane, self.of(lane)) for lane in range(len(self)))


def holds_something(rows: AuditRows, at: int) -> bool:
    """Whether a row can price anything by itself: its range and its bracket run forwards and hold something."""
    return rows.firsts[at] <= rows.lasts[at] and rows.lows[at] // 1000 < rows.highs[at] // 1000


def effective_top(rows: AuditRows, at: int) -> int:
    """Up to where a row of a lane's highest bracket prices: its border, or no limit where extra weight has a price."""
    terms, high = rows.terms_at(at), rows.highs[at]
    return NO_LIMIT if terms.extra_per_kg and rows.extras_from[at] >= high else high


def price_of(rows: AuditRows, at: int, measure: int) -> int:
    """What a row charges for a measure, in thousandths, before fees: base, extra weight and least; or its mark."""
    price, terms = rows.prices[at], rows.terms_at(at)
    if price < 0:
        return price
    over = max(0, measure - rows.extras_from[at])
    if terms.extra_per_kg and terms.extra_step:
        over = -(-over // terms.extra_step) * terms.extra_step
    return max(price + over * terms.extra_per_kg // 1_000_000, terms.minimum)
