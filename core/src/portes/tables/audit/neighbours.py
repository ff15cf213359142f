"""Prices and days beside those of their neighbours: the same bracket in other places, other brackets of the same lane.

Robust measures only: medians, the median of deviations from them, and whether a value stands alone. A place that is
dear in every bracket has a surcharge and no fault, so a price is compared with what its lane makes one expect: the
median of its bracket, times how dear the lane's other brackets are beside theirs. All of it is whole numbers.
"""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final, TypeVar

from portes.contract.states import state_name
from portes.tables.audit.findings import FindingCollector
from portes.tables.audit.lanes import AuditLanes
from portes.tables.audit.neighbourhood import ALONE, FEWEST, PARTS, ExpectedPrice, Neighbourhood
from portes.tables.audit.range_checks import state_spans
from portes.tables.audit.row_checks import cents
from portes.tables.protocol import MICROS

_FACTORS: Final = (10, 100, 1000)
_FAR: Final = 3
"""How many times off a price must be by its lane."""
_OFF: Final = 1500
"""How many thousandths off it must be by its bracket as well."""
_ENOUGH: Final = 3
"""Other brackets of a lane that outvote one whose price is wrong."""
_LOST: Final = 5
"""How many times off a price must be whose decimal sign is doubted by its brackets alone."""
_MAD: Final = 8
"""How many median deviations off a value is far."""
_FEWEST_COLUMN: Final = 10
_BEYOND_DOUBT: Final = 8
"""Prices of a bracket beside which a lost decimal sign is more than likely."""

Group = TypeVar("Group", bound=tuple[int, ...])

Key = tuple[int, int, int]
"""Scope, state and bracket; state -1 is the whole scope."""


class NeighbourChecks:
    """Compares every price and every number of days with those around it."""

    def __init__(self, lanes: AuditLanes, found: FindingCollector) -> None:
        self._lanes = lanes
        self._rows = lanes.rows
        self._found = found
        self._spans = state_spans(lanes.rows.options.country)
        self._brackets: dict[tuple[int, int], int] = {}
        self._by_state: dict[Key, Neighbourhood] = {}
        self._by_scope: dict[Key, Neighbourhood] = {}
        self._days: dict[tuple[int, int], Neighbourhood] = {}
        self._far: dict[Key, list[tuple[int, int, int]]] = {}
        """By bracket, rows that are far off, what is expected of each, and how many times off it is."""

    def run(self) -> None:
        """Find all of it."""
        self._gather()
        self._check_columns()
        for lane, rows in self._lanes.each():
            state = self._state(lane)
            self._check_days(rows, state)
            priced = [at for at in rows if self._rows.prices[at] > 0]
            if priced:
                self._check_lane(priced, state)
        self._tell_all_far()

    def _state(self, lane: int) -> int:
        """The place in the list of spans of the state that a lane begins in; -2 where that is unknown."""
        first = self._rows.firsts[self._lanes.first(lane)]
        at = bisect_right(self._spans, first, key=itemgetter(0)) - 1
        return _number(self._spans[at].state) if at >= 0 else -2

    def _gather(self) -> None:
        by_state: dict[Key, array[int]] = {}
        days: dict[tuple[int, int], array[int]] = {}
        rows = self._rows
        for lane, positions in self._lanes.each():
            state = self._state(lane)
            scope = rows.scope_of[positions[0]]
            days.setdefault((scope, state), array("I")).append(rows.terms_at(positions[-1]).days_max)
            for at in positions:
                if (price := rows.prices[at]) > 0:
                    by_state.setdefault((scope, state, self._bracket(at)), array("q")).append(price)
        by_scope: dict[Key, array[int]] = {}
        for (scope, _, bracket), prices in by_state.items():
            by_scope.setdefault((scope, -1, bracket), array("q")).extend(prices)
        self._by_state, self._by_scope, self._days = _sorted(by_state), _sorted(by_scope), _sorted(days)

    def _bracket(self, at: int) -> int:
        rows = self._rows
        borders = rows.lows[at], rows.highs[at]
        number = self._brackets.get(borders)
        if number is None:
            number = self._brackets[borders] = len(self._brackets)
        return number

    def _key(self, at: int) -> Key:
        return self._rows.scope_of[at], -1, self._bracket(at)

    def _around(self, at: int, state: int) -> Neighbourhood | None:
        """The same bracket in the same state, else in the whole scope; None where neither can be compared with."""
        scope, _, bracket = key = self._key(at)
        for one in (self._by_state.get((scope, state, bracket)), self._by_scope[key]):
            if one is not None and one.together:
                return one
        return None

    def _check_lane(self, rows: Sequence[int], state: int) -> None:
        around = [self._around(at, state) for at in rows]
        ratios = [
            0 if one is None else max(1, self._rows.prices[at] * PARTS // one.median_without(self._rows.prices[at]))
            for at, one in zip(rows, around, strict=True)
        ]
        if min(ratios) * _FAR > max(*ratios, PARTS) and max(ratios) < PARTS * _FAR:
            return  # as dear as its neighbours in every bracket, as nearly all lanes are
        told = Neighbourhood(sorted(filter(None, ratios)))
        for place, here in enumerate(around):
            if here is None:
                self._check_by_weight(rows, place)
                continue
            others = len(told.values) - 1
            dear = told.median_without(ratios[place]) if others else PARTS
            off_lane = ratios[place] * PARTS // dear
            usual = here.median_without(self._rows.prices[rows[place]])
            expected = ExpectedPrice(usual * dear // PARTS, ratios[place], off_lane, others)
            self._judge(rows, place, expected, here)

    def _judge(self, rows: Sequence[int], place: int, expected: ExpectedPrice, here: Neighbourhood) -> None:
        at = rows[place]
        price = self._rows.prices[at]
        off = expected.by_lane >= _ENOUGH or abs(_times(expected.off_bracket, expected.off_lane)) >= _OFF
        factor = _factor(price, expected.price) if off else 0
        if factor and self._fits(rows, place, _mended(price, factor)) and (expected.by_lane or here.alone(price)):
            self._tell_decimal(at, factor, expected.price, here)
        elif off and expected.times >= PARTS * _FAR:
            near = abs(price - here.median) <= _MAD * here.deviation or not here.alone(price)
            if expected.by_lane or not near:
                self._far.setdefault(self._key(at), []).append((at, expected.price, expected.times // PARTS))
        elif expected.by_lane and expected.times * 2 < PARTS * _FAR:
            self._judge_lane(at, price, here)

    def _judge_lane(self, at: int, price: int, here: Neighbourhood) -> None:
        """Doubt a price that is usual for its lane, where the whole lane is a power of ten off and stands alone."""
        factor = _factor(price, here.median)
        if factor and here.alone(price) and here.deviation * 4 < here.median:
            self._tell_decimal(at, factor, here.median, here)

    def _tell_all_far(self) -> None:
        """Tell of prices that are far off, but where so many of a bracket are that it must be meant."""
        for key, cases in self._far.items():
            if len(cases) <= max(1, len(self._by_scope[key].values) // ALONE):
                for case in cases:
                    self._tell_far(*case)

    def _fits(self, rows: Sequence[int], place: int, price: int) -> bool:
        """Whether a mended price lies between those of the brackets below and above, loosely."""
        prices = self._rows.prices
        below = prices[rows[place - 1]] if place else 0
        above = prices[rows[place + 1]] if place + 1 < len(rows) else price
        return not (below * 4 > price * 5 * _FAR or price * 4 > above * 5 * _FAR)

    def _check_by_weight(self, rows: Sequence[int], place: int) -> None:
        """Doubt the decimal sign of a price that only the brackets around it speak of."""
        prices, at = self._rows.prices, rows[place]
        price = prices[at]
        below = prices[rows[place - 1]] if place else 0
        above = prices[rows[place + 1]] if place + 1 < len(rows) else 0
        if not below or not above or above < below:
            return
        factor = next((one for one in _FACTORS if below * 4 <= price * 5 // one and price // one * 4 <= above * 5), 0)
        if factor and price > _LOST * above:
            self._tell_decimal(at, factor, (below + above) // 2)
            return
        factor = next((one for one in _FACTORS if below * 4 <= price * one * 5 and price * one * 4 <= above * 5), 0)
        if factor and price * _LOST < below:
            self._tell_decimal(at, -factor, (below + above) // 2)

    def _tell_decimal(self, at: int, factor: int, expected: int, here: Neighbourhood | None = None) -> None:
        rows = self._rows
        fixed = _mended(rows.prices[at], factor)
        many = here is not None and len(here.values) >= _BEYOND_DOUBT
        strong = here is not None and many and (abs(factor) > _FACTORS[0] or here.deviation * 4 < here.median)
        self._found.suspects.add(at)
        self._found.add(
            "decimal-lost",
            at,
            {"expected": rows.money(_rounded(expected))},
            severity="error" if strong else "warning",
            value=factor,
        )
        self._found.say("decimal-lost", fixed=f"{rows.price_words(at)} is {rows.money(fixed)}")

    def _tell_far(self, at: int, expected: int, times: int) -> None:
        rows = self._rows
        self._found.suspects.add(at)
        words = {"expected": rows.money(_rounded(expected))}
        self._found.add("price-far", at, words, worst=times)

    def _check_days(self, lane: Sequence[int], state: int) -> None:
        rows, at = self._rows, lane[-1]
        around = self._days[(rows.scope_of[at], state)]
        days, usual = rows.terms_at(at).days_max, around.median
        far = days > _FAR * usual + FEWEST and days - usual > _MAD * around.deviation
        if far and len(around.values) >= FEWEST and around.alone(days):
            country = self._rows.options.country
            code = next((span.state for span in self._spans if _number(span.state) == state), "")
            name = state_name(country, code) or "the country"
            self._found.add(
                "days-far",
                at,
                {"state": name, "usual": f"{usual} days"},
                worst=days,
            )

    def _check_columns(self) -> None:
        """Find brackets whose prices are all whole, where those of other brackets have cents."""
        whole = cents(self._rows)
        by_scope: dict[int, list[tuple[int, int]]] = {}
        for (low, high), bracket in sorted(self._brackets.items(), key=lambda one: one[0][1]):
            del low
            for scope in range(len(self._rows.scopes)):
                if (scope, -1, bracket) in self._by_scope:
                    by_scope.setdefault(scope, []).append((high, bracket))
        for scope, columns in by_scope.items():
            around = [self._by_scope[(scope, -1, bracket)] for _, bracket in columns]
            integer = [_all_whole(one.values, whole) for one in around]
            if not any(integer) or sum(integer) * 2 > len(integer):
                continue
            for place, (_, bracket) in enumerate(columns):
                if integer[place]:
                    self._tell_column(scope, bracket, *_beside(around, place))

    def _tell_column(self, scope: int, bracket: int, factor: int, expected: int) -> None:
        rows = self._rows
        if not factor and len(self._by_scope[(scope, -1, bracket)].values) < _FEWEST_COLUMN:
            return
        code = "column-decimal" if factor else "column-integers"
        borders = next(one for one, number in self._brackets.items() if number == bracket)
        words = {"expected": rows.money(_rounded(expected))}
        for at in range(len(rows)):
            if (rows.lows[at], rows.highs[at]) == borders and rows.scope_of[at] == scope and rows.prices[at] > 0:
                if factor:
                    self._found.suspects.add(at)
                self._found.add(code, at, words, value=factor, worst=factor)


def _sorted(values: "Mapping[Group, array[int]]") -> dict[Group, Neighbourhood]:
    return {key: Neighbourhood(array(held.typecode, sorted(held))) for key, held in values.items()}


def _number(state: str) -> int:
    """A state's code as a number that no other state has."""
    return int(state, 36)


def _times(bracket: int, lane: int) -> int:
    """How many times off a price is by both ratios, in thousandths; negative for too cheap, 0 where they disagree."""
    if bracket > PARTS and lane > PARTS:
        return min(bracket, lane)
    if 0 < bracket < PARTS and 0 < lane < PARTS:
        return -min(PARTS * PARTS // bracket, PARTS * PARTS // lane)
    return 0


def _mended(price: int, factor: int) -> int:
    """A price with its decimal sign moved back."""
    return price // factor if factor > 0 else price * -factor


def _factor(price: int, expected: int) -> int:
    """The power of ten that a price is too dear by, within four fifths and five fourths twice; negative: too cheap."""
    for factor in _FACTORS:
        if 3 * expected * factor <= 5 * price and 3 * price <= 5 * expected * factor:
            return factor
        if 3 * expected <= 5 * price * factor and 3 * price * factor <= 5 * expected:
            return -factor
    return 0


def _all_whole(prices: Sequence[int], whole: int) -> bool:
    """Whether several different prices of a bracket are all without cents."""
    return len(prices) >= FEWEST and prices[0] != prices[-1] and not any(price % whole for price in prices)


def _beside(around: Sequence[Neighbourhood], place: int) -> tuple[int, int]:
    """The power of ten by which a bracket is too dear for those below and above it, and what they make one expect."""
    here = around[place].median
    below = around[place - 1].median if place else 0
    above = around[place + 1].median if place + 1 < len(around) else 0
    if above and here <= _LOST * above:
        return 0, here
    if not above and (not below or here <= 2 * _LOST * below):
        return 0, here
    for factor in _FACTORS:
        fixed = here // factor
        if below * 4 <= fixed * 5 and (fixed * 4 <= above * 5 if above else fixed <= _LOST * below):
            return factor, (below + above) // 2 if below and above else fixed
    return 0, here


def _rounded(price: int) -> int:
    """An expected price to whole minor units: more would say more than is known."""
    return price // MICROS * MICROS
