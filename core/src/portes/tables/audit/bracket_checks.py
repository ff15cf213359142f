"""What is odd about the brackets of one lane: twins, overlaps, holes, tops, prices that fall, borders of no other."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import gcd
from typing import Final, NamedTuple

from portes.tables.audit.findings import FindingCollector
from portes.tables.audit.kinds import Severity
from portes.tables.audit.lanes import AuditLanes, LaneBracket, price_of
from portes.tables.protocol import NO_LIMIT

_FEWEST_GAPS: Final = 3
"""Gaps of one width that make a way of printing."""
_MOSTLY: Final = 90
"""Percent of the borders of a table that are printed so."""
_USUAL: Final = 60
"""Percent of the lanes of a service that make what they do the usual thing."""
_FEWEST_LANES: Final = 5
_FACTORS: Final = (10, 100, 1000)
_OF_HOLES: Final[dict[str, Severity]] = {"reject_table": "error", "fail": "warning", "next_bracket": "advice"}
"""How bad a hole is, by what is declared of holes."""


class BracketGap(NamedTuple):
    """Two neighbouring brackets of a shape that do not touch: positions, lower first, and whole units between them."""

    lower: int
    upper: int
    width: int
    """Negative where they overlap."""


class BracketChecks:
    """The checks of lanes, shape by shape where prices do not matter."""

    def __init__(self, lanes: AuditLanes, found: FindingCollector) -> None:
        self._lanes = lanes
        self._rows = lanes.rows
        self._found = found
        self._step = lanes.rows.gathered.border_step
        self._doubted: set[int] = set()
        """Lanes with a border of no other lane, so that what follows from it is not told again."""
        self._widest = 0

    def run(self) -> None:
        """Find all of it."""
        gaps = [[*self._gaps(shape)] for shape in self._lanes.shapes]
        printed = self._printed_step
        self._check_borders([bool(faults) for faults in gaps])
        for lane, rows in self._lanes.each():
            if lane in self._doubted:
                continue
            shape = self._lanes.shape_of[lane]
            for gap in gaps[shape]:
                self._tell(rows[gap.lower], rows[gap.upper], gap.width, printed)
            if self._lanes.shapes[shape][0].low // 1000 > self._step:
                self._found.add("hole-bottom", rows[0])
            self._check_prices(rows)
        self._check_tops()
        self._found.say("hole-printed", step=self._measure(printed))
        self._found.say("hole", widest=self._measure(self._widest))

    def _gaps(self, shape: Sequence[LaneBracket]) -> Iterator[BracketGap]:
        """Neighbouring brackets that do not touch; twins are told by their rows."""
        kept = [0]
        for at in range(1, len(shape)):
            if shape[at][:2] != shape[kept[-1]][:2]:
                kept.append(at)
        for lower, upper in pairwise(kept):
            width = shape[upper].low // 1000 - shape[lower].high // 1000
            if width > self._step or width < -self._step or shape[upper].high // 1000 == shape[lower].high // 1000:
                yield BracketGap(lower, upper, width)

    @cached_property
    def _printed_step(self) -> int:
        """The width of the gaps that are a way of printing, in whole units; 0 where there is none."""
        widths: Counter[int] = Counter()
        borders: set[int] = set()
        for number, lanes in Counter(self._lanes.shape_of).items():
            shape = self._lanes.shapes[number]
            borders |= {border // 1000 for one in shape for border in one[:2] if border < NO_LIMIT}
            for lower, upper in pairwise(shape):
                widths[upper.low // 1000 - lower.high // 1000] += lanes
        if not widths:
            return 0
        width, times = widths.most_common(1)[0]
        often = times >= _FEWEST_GAPS and times * 100 >= widths.total() * _MOSTLY
        return width if width > self._step and often and width == gcd(*borders) else 0

    def _tell(self, lower: int, upper: int, width: int, printed: int) -> None:
        rows = self._rows
        words = {"below": rows.bracket(lower), "other": rows.bracket(lower), "line": rows.line(lower)}
        if width <= self._step:
            self._found.add("bracket-overlap", upper, words)
            return
        code = "hole-printed" if width == printed else "hole"
        self._widest = max(self._widest, width) if code == "hole" else self._widest
        severity = _OF_HOLES[rows.options.hole]
        self._found.add(code, upper, words, severity=severity, value=rows.highs[lower], worst=width)

    def _check_prices(self, lane: Sequence[int]) -> None:
        """Find twins of a lane, and brackets that are cheaper than the one below."""
        rows = self._rows
        for lower, upper in pairwise(lane):
            if (
                rows.lows[lower] // 1000 == rows.lows[upper] // 1000
                and rows.highs[lower] // 1000 == rows.highs[upper] // 1000
            ):
                self._tell_twins(*sorted((lower, upper)))
            elif rows.prices[lower] >= 0 and rows.prices[upper] >= 0:
                self._check_fall(lower, upper)

    def _tell_twins(self, one: int, other: int) -> None:
        rows = self._rows
        prices = rows.prices[one], rows.prices[other]
        same = prices[0] == prices[1] and rows.terms_of[one] == rows.terms_of[other]
        apart = percent_apart(*prices)
        self._found.add(
            "duplicate-same" if same else "duplicate-different",
            other,
            {"line": rows.line(one), "other": rows.price_words(one)},
            value=one,
            worst=apart,
        )

    def _check_fall(self, lower: int, upper: int) -> None:
        """Find a bracket that begins cheaper than the one below ends, where all other charges are the same."""
        rows = self._rows
        if {lower, upper} & self._found.suspects:
            return
        below, above = rows.terms_at(lower), rows.terms_at(upper)
        if below is not above and (below.fees != above.fees or below.tax != above.tax):
            return
        end = price_of(rows, lower, rows.highs[lower])
        begin = price_of(rows, upper, max(rows.lows[upper], rows.highs[lower]) + 1000)
        if begin >= end:
            return
        plain = rows.prices[upper] < rows.prices[lower] and end == max(rows.prices[lower], below.minimum)
        # a rate for each kg of the whole weight that falls by bracket is a usual tariff: people round their weight up
        by_rate = above.extra_per_kg and rows.extras_from[upper] < rows.lows[upper]
        self._found.add(
            "price-falls" if plain else "price-falls-excess",
            upper,
            {"price": rows.money(begin), "below": rows.bracket(lower), "other": rows.money(end)},
            severity="advice" if by_rate else None,
            value=rows.prices[lower],
            worst=(end - begin) * 100 // end,
        )

    def _check_tops(self) -> None:
        """Find lanes that end at a lower weight than most others of their service."""
        lanes, rows = self._lanes, self._rows
        by_service: dict[int, array[int]] = {}
        for lane in range(len(lanes)):
            scope = rows.scopes[rows.scope_of[lanes.first(lane)]]
            if not scope.rank:
                by_service.setdefault(scope.service, array("I")).append(lane)
        lowest = NO_LIMIT
        for of_service in by_service.values():
            tops = Counter(map(lanes.top, of_service))
            usual, times = max(tops.items(), key=lambda one: one[1])
            if times * 100 < len(of_service) * _USUAL or len(of_service) < _FEWEST_LANES:
                continue
            for lane in of_service:
                if (top := lanes.top(lane)) < usual and lane not in self._doubted:
                    lowest = min(lowest, top)
                    words = {"top": self._measure_words(top), "usual": self._measure_words(usual)}
                    at = lanes.of(lane)[-1]
                    self._found.add("top-low", at, words)
                    self._found.say("top-low", usual=words["usual"], worst_weight=self._measure_words(lowest))

    def _check_borders(self, faulty: Sequence[bool]) -> None:
        """Find lanes that differ from the usual ladder of their scope in one border, by a power of ten.

        Only lanes whose brackets do not touch, by shape: a ladder that is sound and ends lower is another ladder.
        """
        lanes = self._lanes
        for of_scope in lanes.of_scope:
            shapes = Counter(lanes.shape_of[lane] for lane in of_scope)
            if len(of_scope) < _FEWEST_LANES or len(shapes) < 2:
                continue
            usual, times = shapes.most_common(1)[0]
            if times * 100 < len(of_scope) * _USUAL:
                continue
            doubtful = (shape for shape in shapes if faulty[shape])
            odd = {shape: one for shape in doubtful if (one := _odd_border(lanes.shapes[shape], lanes.shapes[usual]))}
            for lane in of_scope:
                if lanes.shape_of[lane] in odd:
                    self._tell_border(lane, *odd[lanes.shape_of[lane]])

    def _tell_border(self, lane: int, position: int, border: int, bracket: LaneBracket) -> None:
        at = self._lanes.of(lane)[position]
        usual = self._rows.gathered.measure(*bracket[:2])
        self._doubted.add(lane)
        self._found.add("weight-decimal", at, {"usual": usual}, value=border)

    def _measure(self, whole: int) -> str:
        return self._rows.gathered.measure(whole * 1000)

    def _measure_words(self, border: int) -> str:
        return "any weight" if border >= NO_LIMIT else self._rows.gathered.measure(border)


def _odd_border(shape: Sequence[LaneBracket], usual: Sequence[LaneBracket]) -> tuple[int, int, LaneBracket] | None:
    """The one bracket of a shape whose border is another's shifted by a power of ten.

    Its position, the border that the others have (an upper one positive, a lower one negative), and their bracket.
    """
    odd, missing = (
        {one[:2] for one in shape} - {one[:2] for one in usual},
        [one for one in usual if one[:2] not in {each[:2] for each in shape}],
    )
    if len(odd) != 1 or len(missing) != 1:
        return None
    (low, high), meant = odd.pop(), missing[0]
    position = next(at for at, one in enumerate(shape) if one[:2] == (low, high))
    if low == meant.low and shifted(high, meant.high):
        return position, meant.high, meant
    if high == meant.high and shifted(low, meant.low):
        return position, -meant.low, meant
    return None


def shifted(one: int, other: int) -> bool:
    """Whether two numbers differ by a power of ten and nothing else."""
    return any(one == other * factor or one * factor == other for factor in _FACTORS)


def percent_apart(one: int, other: int) -> int:
    """How much dearer the dearer of two prices is, in percent; 0 where one of them is none, or nothing."""
    low, high = sorted((one, other))
    return (high - low) * 100 // low if low > 0 else 0
