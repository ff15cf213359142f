"""What follows from the brackets that were asked about, and what does not."""

from small_worlds import rising

from portes.contingency.sampling import LanePrice, Outcome
from portes.contingency.sampling.curves import Curve, filled_in

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
