"""Checks of random tables, held against a naive recount of all that they tell."""

from decimal import Decimal
from fractions import Fraction

import pytest
from drifting import SMALL, PricedRow, ask, asked, report, table_of, write_shop
from hypothesis import given
from hypothesis import strategies as st
from shop import item

from portes.contingency.drift.regions import StateParts
from portes.contingency.drift.report import DriftSide
from portes.contingency.drift.tally import Comparisons, TallyKey, tolerance_of

PRICES = st.integers(1, 5000)
PLACES = st.sampled_from(["01310100", "05999999", "06000000", "20040002", "30130000", "69900000"])


@given(st.lists(st.tuples(PLACES, PRICES, PRICES | st.none()), min_size=1, max_size=40), st.integers(0, 20))
def test_the_loss_is_that_of_a_naive_recount(cases: list[tuple[str, int, int | None]], tolerance: int) -> None:
    parts, found = StateParts("BR"), Comparisons()
    for code, live, price in cases:
        tally = found.tally(TallyKey("normal", parts.of(code), 0))
        if price is None:
            tally.uncovered += 1
        else:
            tally.add(live, price, tolerance_of(Decimal(tolerance)))

    side = DriftSide.of(found, "BR")

    priced = [(live, price) for _, live, price in cases if price is not None]
    off = [Fraction(price - live, live) * 100 for live, price in priced]
    assert side.total.loss == sum(max(0, live - price) for live, price in priced)
    assert side.total.excess == sum(max(0, price - live) for live, price in priced)
    assert side.total.cheaper == sum(one < -tolerance for one in off)
    assert side.total.dearer == sum(one > tolerance for one in off)
    assert side.total.uncovered == len(cases) - len(priced)
    differences = sorted(price - live for live, price in priced)
    assert side.total.median == (differences[(len(differences) - 1) // 2] if differences else None)
    assert sum(area.figures.loss for area in side.areas) == side.total.loss


CODES = st.integers(0, 99_999_999).map(lambda number: f"{number:08}")
CENTS = st.integers(100, 9999)


@st.composite
def ladders(draw: st.DrawFn) -> list[PricedRow]:
    """A random table: a few ranges one behind the other, holes between them, each with a few brackets."""
    borders = sorted(draw(st.lists(CODES, min_size=2, max_size=8, unique=True)))
    rows: list[PricedRow] = []
    for first, last in zip(borders[::2], borders[1::2], strict=False):
        weights = sorted(draw(st.sets(st.integers(1, 40_000), min_size=1, max_size=3)))
        for low, high in zip([0, *weights], weights, strict=False):
            rows.append(("normal", first, last, low, high, _words(draw(CENTS))))
    return rows


def _words(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _naive(rows: list[PricedRow], code: str, grams: int) -> int | None:
    for _, first, last, low, high, price in rows:
        if first <= code <= last and low < grams <= high:
            return int(price.replace(",", ""))
    return None


@given(ladders(), ladders(), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 50_000)), min_size=1, max_size=12))
def test_a_check_of_random_stores_and_tables_is_a_naive_recount(
    tmp_path_factory: pytest.TempPathFactory,
    live: list[PricedRow],
    table: list[PricedRow],
    picks: list[tuple[int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    file = write_shop(folder, live)
    ends = [code for row in (*live, *table) for code in row[1:3]]
    lanes = [(ends[at % len(ends)], grams) for at, grams in picks]
    ask(file, *(asked(item(weight=grams, size=SMALL), to=code) for code, grams in lanes))

    total = report(file, table_of(folder, table), tolerance="0").against_receipts.total

    both = [(_naive(live, *lane), _naive(table, *lane)) for lane in lanes]
    served = [(now, then) for now, then in both if now is not None]
    priced = [(now, then) for now, then in served if then is not None]
    assert (total.compared, total.uncovered) == (len(priced), len(served) - len(priced))
    assert total.loss == sum(max(0, now - then) for now, then in priced)
    assert total.excess == sum(max(0, then - now) for now, then in priced)
    assert (total.cheaper, total.dearer) == (sum(t < n for n, t in priced), sum(t > n for n, t in priced))
