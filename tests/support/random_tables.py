"""Random freight tables and shipments, and what these come to; it knows no format and no code of the product."""

from itertools import pairwise
from typing import NamedTuple

from hypothesis import strategies as st

_CODES = 10**8


class Tier(NamedTuple):
    """One weight bracket of a lane, above its lower border and up to its upper one."""

    above: int
    """In grams, as `up_to`."""
    up_to: int
    price: int
    """In cents."""
    percent: int
    """Of the declared value, in whole percent."""


class RandomLane(NamedTuple):
    """A range of postal codes with its brackets, which touch each other."""

    first: int
    last: int
    days: int
    tiers: tuple[Tier, ...]


class RandomShipment(NamedTuple):
    """What is asked about."""

    code: int
    grams: int
    value: int
    """In whole units of money, so that whole percents of it are whole cents."""


RandomTable = tuple[RandomLane, ...]


@st.composite
def random_tables(draw: st.DrawFn, tiers: int = 4) -> RandomTable:
    """Tables of up to three ranges that do not overlap, each with up to so many brackets from nothing on."""
    ends = sorted(draw(st.sets(st.integers(1_000_000, _CODES - 1), min_size=2, max_size=6)))
    lanes = [(first, last) for first, last in pairwise(ends)][::2]
    return tuple(RandomLane(first, last, draw(st.integers(0, 60)), _tiers(draw, tiers)) for first, last in lanes)


def _tiers(draw: st.DrawFn, most: int) -> tuple[Tier, ...]:
    borders = [0, *sorted(draw(st.sets(st.integers(1, 9000), min_size=1, max_size=most)))]
    cents, percents = st.integers(1, 10**7), st.integers(0, 20)
    return tuple(Tier(low * 10, high * 10, draw(cents), draw(percents)) for low, high in pairwise(borders))


@st.composite
def random_shipments(draw: st.DrawFn, table: RandomTable) -> RandomShipment:
    """Shipments at and about the borders of a table, and anywhere."""
    codes = [code + by for lane in table for code in (lane.first, lane.last) for by in (-1, 0, 1)]
    weights = [tier.up_to + by for lane in table for tier in lane.tiers for by in (-1, 0, 1)]
    code = draw(st.sampled_from([code for code in codes if code < _CODES]) | st.integers(1_000_000, _CODES - 1))
    return RandomShipment(code, draw(st.sampled_from(weights) | st.integers(1, 100_000)), draw(st.integers(0, 5000)))


def price_of(table: RandomTable, asked: RandomShipment) -> tuple[int, int] | None:
    """Cents and days of a shipment; None where the table has none."""
    for lane in table:
        for tier in lane.tiers:
            if lane.first <= asked.code <= lane.last and tier.above < asked.grams <= tier.up_to:
                return tier.price + tier.percent * asked.value, lane.days
    return None
