"""What is counted in bounded memory, and drawn from a stream."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contingency.drift.sample import Reservoir
from portes.contingency.drift.tally import Spread, Tally, per_thousand, tolerance_of

WIDE = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30)


def spread(values: list[int]) -> Spread:
    made = Spread()
    for value in values:
        made.add(value)
    return made


def middle(values: list[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]


@given(WIDE)
def test_the_middle_of_few_values_is_exact(values: list[int]) -> None:
    assert (spread(values).middle(), spread(values).step) == (middle(values), 1)


@given(st.integers(-(10**6), 10**6), st.integers(1, 999), st.integers(1100, 5000))
def test_the_middle_of_many_values_is_known_to_within_a_step(start: int, stride: int, count: int) -> None:
    values = [start + (stride * number) % (7 * count) for number in range(count)]
    made = spread(values)

    found = made.middle()

    assert found is not None
    assert 0 <= middle(values) - found < made.step


@given(WIDE, WIDE)
def test_two_spreads_together_are_the_spread_of_all(one: list[int], other: list[int]) -> None:
    both = spread(one)
    both.include(spread(other))

    assert both.middle() == middle(one + other)


def test_values_that_differ_too_much_are_told_apart_no_more() -> None:
    made = spread(list(range(0, 3_000_000, 3)))

    assert made.step > 1


def test_nothing_has_no_middle_and_costs_nothing() -> None:
    assert (Spread().middle(), per_thousand(5, 0)) == (None, 0)


def test_a_draw_holds_what_was_offered_and_is_the_same_again() -> None:
    def drawn(count: int) -> list[int]:
        reservoir = Reservoir[int](10)
        for number in range(count):
            reservoir.offer(number)
        return reservoir.drawn

    assert drawn(7) == list(range(7))
    assert drawn(1000) == drawn(1000)
    assert len(set(drawn(1000))) == 10
    assert max(drawn(1000)) > 500


@pytest.mark.parametrize(
    ("table", "meant", "cheaper", "dearer"),
    [
        (905, None, 0, 0),
        (904, None, 1, 0),
        (1095, None, 0, 0),
        (1096, None, 0, 1),
        (1314, 1200, 0, 0),
        (1315, 1200, 0, 1),
        (1000, 1200, 0, 0),
        (724, 800, 0, 0),
        (723, 800, 1, 0),
    ],
)
def test_the_tolerance_is_of_the_live_price_or_of_what_was_meant(
    table: int, meant: int | None, cheaper: int, dearer: int
) -> None:
    tally = Tally()

    tally.add(1000, table, tolerance_of(Decimal("9.5")), meant)

    assert (tally.cheaper, tally.dearer) == (cheaper, dearer)
