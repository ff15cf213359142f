"""What a shipment costs by a random table, looked for lane by lane and counted with fractions."""

from collections.abc import Sequence
from fractions import Fraction

from random_tables.nouns import Asked, Bracket, Lane, RandomTable

Told = tuple[int, tuple[int, int]] | str
"""Cents and days; or why there is no price."""


def price_of(table: RandomTable, asked: Asked) -> Told:
    """What a table says of a shipment."""
    lanes = [lane for lane in table.lanes if lane.service == asked.service]
    if not lanes:
        return "no such service"
    lanes = [lane for lane in lanes if _leaves(lane, asked.origin)]
    if not lanes:
        return "not from there"
    lanes = [lane for lane in lanes if lane.spot.first <= asked.code <= lane.spot.last]
    if not lanes:
        return "not to there"
    lanes.sort(key=lambda lane: -lane.spot.depth)
    for fills in (False, True) if table.fills else (False,):
        for lane in lanes:
            bracket = _bracket(lane, asked.measure(table.axis), table.excess, fills=fills)
            if bracket:
                return _charged(table, lane, bracket, asked)
    reasons = {_missing(lane, asked.measure(table.axis)) for lane in lanes}
    return reasons.pop() if len(reasons) == 1 else "in a hole"


def _leaves(lane: Lane, origin: str) -> bool:
    return lane.origin is None or (origin != "" and lane.origin[0] <= origin <= lane.origin[1])


def _bracket(lane: Lane, measure: int, excess: str, *, fills: bool) -> Bracket | None:
    for one in lane.brackets:
        if (one.up_to is None or measure <= one.up_to) and (fills or one.above < measure):
            return one
    last = lane.brackets[-1]
    return last if excess == "last" and lane.per_kg and measure > last.above else None


def _missing(lane: Lane, measure: int) -> str:
    if measure <= lane.brackets[0].above:
        return "below the lowest"
    last = lane.brackets[-1].up_to
    return "above the highest" if last is not None and measure > last else "in a hole"


def _charged(table: RandomTable, lane: Lane, bracket: Bracket, asked: Asked) -> Told:
    if bracket.price is None:
        return "on request"
    if lane.max_volume and asked.cm3 > lane.max_volume:
        return "too large"
    if lane.share and asked.value is None:
        return "without a value"
    parts = [*_freight(table, lane, bracket, asked.grams), Fraction(lane.fixed), Fraction(lane.per_unit * asked.units)]
    parts.append(max(Fraction(lane.share * (asked.value or 0), 10_000), Fraction(lane.least)))
    subtotal = max(sum(map(rounded, parts)), lane.minimum)
    return rounded(Fraction(subtotal * 100, 100 - lane.tax)), lane.days


def _freight(table: RandomTable, lane: Lane, bracket: Bracket, grams: int) -> Sequence[Fraction]:
    """The price of the bracket, and what the excess comes to, in cents."""
    price = bracket.price or 0
    if table.excess == "whole":
        return [Fraction(price * grams, 1000)]
    begin = bracket.low if table.excess == "start" else bracket.up_to or grams
    return [Fraction(price), Fraction(lane.per_kg * max(0, grams - begin), 1000) if table.excess else Fraction(0)]


def rounded(amount: Fraction) -> int:
    """Whole cents, half of one up."""
    return int(amount + Fraction(1, 2))
