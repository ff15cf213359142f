"""What follows from the brackets that were asked about, and what does not."""

import pytest
from small_worlds import rising

from portes.contingency.sampling import LanePrice, Outcome
from portes.contingency.sampling.curves import (
    Curve,
    brackets_to_ask,
    dearest,
    estimated,
    filled_in,
    telling_bracket,
    tops_of_steps,
)

LADDER = dict(enumerate(rising(1000, [0, 100, 250, 300, 450, 700], 2)))
"""A complete curve of another place."""
EVERY_TOP = range(6)


def above(more: int, *brackets: int) -> dict[int, Outcome]:
    """The ladder's brackets, dearer by an amount."""
    return {at: LADDER[at]._replace(price=LADDER[at].price + more) for at in brackets}


def filled(known: Curve) -> set[int]:
    return {*filled_in(known, [LADDER], EVERY_TOP)} - {*known}


def test_between_equal_ends_nothing_has_to_be_asked() -> None:
    flat = LanePrice(900, 2, 3)

    assert filled_in({0: flat, 4: flat}, [], EVERY_TOP) == dict.fromkeys(range(5), flat)


def test_a_curve_beside_another_at_three_brackets_goes_on_beside_it() -> None:
    assert filled_in(above(70, 0, 4, 5), [LADDER], EVERY_TOP) == above(70, *range(6))


def test_two_brackets_beside_another_curve_may_be_chance() -> None:
    assert filled(above(70, 0, 5)) == set()
    assert filled({**above(70, 0, 4), 5: LanePrice(9_999, 2, 3)}) == set()


def test_the_third_bracket_may_be_the_lightest() -> None:
    assert filled(above(70, 0, 1, 4)) == {2, 3}


def test_what_lies_below_a_step_costs_what_its_top_does() -> None:
    known: Curve = {4: LADDER[4]}

    assert filled_in(known, [], {1, 4, 5}) == dict.fromkeys((2, 3, 4), LADDER[4])


def prices(*amounts: int | None) -> dict[int, Outcome]:
    """A curve from the lightest bracket on, of equal days; 0 is a bracket that is not known."""
    known = {at: None if amount is None else LanePrice(amount, 2, 4) for at, amount in enumerate(amounts)}
    return {at: outcome for at, outcome in known.items() if outcome is None or outcome.price}


@pytest.mark.parametrize(
    ("curve", "references", "closed"),
    [
        (prices(10, 0, 0, 40), [], prices(10, 40, 40, 40)),  # dearer rather than cheaper
        (prices(10, 0, 0, None), [], prices(10, 10, 10, None)),
        (prices(10, 20, 0, 0), [], prices(10, 20)),  # nobody knows what is above
        (prices(0, 0, 30, 40), [], prices(30, 30, 30, 40)),
        ({}, [prices(10, 20, 30, 40)], {}),
        (prices(12, 24, 0, 0), [prices(10, 20, None, None)], prices(12, 24, None, None)),
        (prices(12, 0, 50, 60), [prices(10, None, 40, 50)], prices(12, 50, 50, 60)),
        (prices(100, 0), [prices(100, 200)], prices(100, 200)),
        (prices(150, 0), [prices(100, 200)], prices(150, 300)),  # scaled rather than moved
        (prices(50, 0), [prices(100, 200)], prices(50, 150)),  # moved rather than scaled
        (prices(5, 0), [prices(3, 10)], prices(5, 17)),  # rounded up
        (prices(10, 0, 50), [prices(10, 100, 100)], prices(10, 50, 50)),  # no more than what is heavier
        (prices(100, 0, 200), [prices(100, 40, 200)], prices(100, 100, 200)),  # no less than what is lighter
        (prices(100, 200, 0), [prices(100, None, 9_000), prices(300, 600, 900)], prices(100, 200, 500)),
        (prices(100, 200, 0), [prices(500, 900, 2_000), prices(110, 200, 300)], prices(100, 200, 300)),
    ],
)
def test_holes_of_a_curve_are_closed_dearer_rather_than_cheaper(
    curve: Curve, references: list[Curve], closed: Curve
) -> None:
    assert estimated(curve, 4, references) == closed


def test_an_estimate_has_the_days_that_its_reference_is_slower_by() -> None:
    like: Curve = {0: LanePrice(10, 2, 4), 1: LanePrice(20, 3, 7), 2: LanePrice(30, 1, 1)}

    closed = estimated({0: LanePrice(10, 5, 6)}, 3, [like])

    assert [(each.days_min, each.days_max) for each in closed.values() if each] == [(5, 6), (6, 9), (5, 6)]


def test_the_ladder_of_a_carrier_is_known_from_three_curves_on() -> None:
    stepped = prices(10, 10, 20, 20)

    assert tops_of_steps([stepped] * 2, 4) == {0, 1, 2, 3}
    assert tops_of_steps([stepped] * 3, 4) == {1, 3}
    assert tops_of_steps([stepped, stepped, prices(5, 6, 6, 6)], 4) == {0, 1, 3}


@pytest.mark.parametrize(
    ("known", "tops", "free", "asked"),
    [
        ({}, EVERY_TOP, EVERY_TOP, [0, 5]),
        ({}, EVERY_TOP, [3], [3]),
        (prices(0, 0, 0, 10), EVERY_TOP, EVERY_TOP, [0, 5]),
        (prices(10), EVERY_TOP, EVERY_TOP, [5]),
        (prices(0, 0, 0, 0, 0, 60), EVERY_TOP, EVERY_TOP, [0]),
        (prices(10, 0, 0, 0, 0, 60), EVERY_TOP, EVERY_TOP, [2]),  # the lighter one of two in the middle
        (prices(10, 0, 0, 0, 0, 60), [4], EVERY_TOP, [4]),
        (prices(10, 0, 0, 0, 0, 60), EVERY_TOP, [1, 4], [1]),
        (prices(10, 0, 30, 0, 0, 60), EVERY_TOP, EVERY_TOP, [1, 3]),
        (prices(10, 20, 30, 40, 50, 60), EVERY_TOP, EVERY_TOP, []),
    ],
)
def test_the_ends_of_a_curve_are_asked_first_and_then_the_middle_of_each_hole(
    known: Curve, tops: list[int], free: list[int], asked: list[int]
) -> None:
    assert brackets_to_ask(known, known, 6, tops, lambda at: at in free) == asked


def test_the_bracket_that_tells_most_curves_apart_is_the_heaviest_of_several() -> None:
    curves = [prices(10, 20, 30, 40), prices(10, 21, 30, 41), prices(10, 22, 31, 42)]

    assert telling_bracket(curves, 4, lambda _: True) == 3
    assert telling_bracket(curves, 4, lambda at: at < 3) == 1
    assert telling_bracket(curves, 4, lambda _: False) is None


def test_in_doubt_the_highest_price_goes_with_the_most_days_and_no_is_said_where_all_say_so() -> None:
    assert dearest([LanePrice(5, 1, 9), None, LanePrice(7, 3, 4)]) == LanePrice(7, 3, 9)
    assert dearest([None, None]) is None
