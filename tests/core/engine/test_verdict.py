"""The verdict algebra against a slow, obviously right reference: every way the failures might have turned out."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shop import EXPRESS, NORMAL, SUPER_EXPRESS

from portes.contract import DeliveryType, Verdict
from portes.engine.decide import judge, judge_apart

Types = frozenset[DeliveryType]
Line = tuple[Types, Types]
"""Types offered, and types of its failures."""

types = st.frozensets(st.sampled_from(DeliveryType))
carts = st.lists(st.tuples(types, types), min_size=1, max_size=4)
N, E, S = frozenset({NORMAL}), frozenset({EXPRESS}), frozenset({SUPER_EXPRESS})
NONE: Types = frozenset()


def subsets(of: Types) -> list[Types]:
    return [
        frozenset(kept for kept, take in zip(of, taken, strict=True) if take)
        for taken in product((0, 1), repeat=len(of))
    ]


def completions(cart: Sequence[Line]) -> Iterator[list[Types]]:
    """Each failure might have been a rate or a refusal: all carts that could have come of it."""
    for turned in product(*(subsets(failed) for _, failed in cart)):
        yield [offered | rates for (offered, _), rates in zip(cart, turned, strict=True)]


def common(cart: Sequence[Types]) -> Types:
    return frozenset(delivery for delivery in DeliveryType if all(delivery in line for line in cart))


def reference(cart: Sequence[Line]) -> tuple[Verdict, Types, Types]:
    certain = common([offered for offered, _ in cart])
    uncertain = frozenset[DeliveryType]().union(*(common(completed) for completed in completions(cart))) - certain
    if certain:
        return Verdict.SERVED, certain, uncertain
    return (Verdict.UNKNOWN if uncertain else Verdict.NOT_SERVED), NONE, uncertain


def judged(cart: Sequence[Line]) -> tuple[Verdict, Types, Types]:
    return judge([offered for offered, _ in cart], [offered | failed for offered, failed in cart])


@given(carts)
@example([(N, NONE), (NONE, E)])
def test_the_verdict_is_what_every_completion_agrees_on_and_uncertain_what_only_some_have(cart: list[Line]) -> None:
    assert judged(cart) == reference(cart)


@pytest.mark.parametrize(
    ("cart", "verdict", "offered", "uncertain"),
    [
        pytest.param([(N, NONE), (NONE, E)], Verdict.NOT_SERVED, NONE, NONE, id="one line N, the other a failed E"),
        pytest.param([(N, NONE), (NONE, N)], Verdict.UNKNOWN, NONE, N, id="the failure might be the common type"),
        pytest.param([(N | E, NONE), (N | S, NONE)], Verdict.SERVED, N, NONE, id="only the common type"),
        pytest.param([(N, NONE), (E, NONE)], Verdict.NOT_SERVED, NONE, NONE, id="nothing in common"),
        pytest.param([(N, E), (N, NONE)], Verdict.SERVED, N, NONE, id="a failure beside a common type changes nothing"),
        pytest.param([(N, NONE), (NONE, NONE)], Verdict.NOT_SERVED, NONE, NONE, id="one line out of coverage"),
        pytest.param([(NONE, N)], Verdict.UNKNOWN, NONE, N, id="all we know is a failure"),
        pytest.param([(E, N), (N | E, NONE)], Verdict.SERVED, E, N, id="a failed N beside an E on all lines"),
        pytest.param([(E, N), (E, NONE)], Verdict.SERVED, E, NONE, id="a failed N that another line has not"),
        pytest.param([(E, N), (E, N), (E, S)], Verdict.SERVED, E, NONE, id="failures of different types"),
    ],
)
def test_a_named_cart_has_its_verdict(cart: list[Line], verdict: Verdict, offered: Types, uncertain: Types) -> None:
    assert judged(cart) == (verdict, offered, uncertain)
    assert reference(cart) == (verdict, offered, uncertain)


def judged_apart(cart: Sequence[Line]) -> tuple[Verdict, Types, Types]:
    return judge_apart([offered for offered, _ in cart], [offered | failed for offered, failed in cart])


def reference_apart(cart: Sequence[Line]) -> tuple[Verdict, Types, Types]:
    """Each line judged as a cart of its own."""
    alone = [reference([line]) for line in cart]
    offered = frozenset[DeliveryType]().union(*[each[1] for each in alone])
    uncertain = frozenset[DeliveryType]().union(*[each[2] for each in alone])
    verdicts = {each[0] for each in alone}
    order = [Verdict.SERVED, Verdict.UNKNOWN, Verdict.NOT_SERVED]
    return next(verdict for verdict in order if verdict in verdicts), offered, uncertain


@given(carts)
def test_lines_that_are_answered_apart_are_judged_as_carts_of_their_own(cart: list[Line]) -> None:
    assert judged_apart(cart) == reference_apart(cart)


@given(st.tuples(types, types))
def test_one_line_has_the_same_verdict_apart_and_together(line: Line) -> None:
    assert judged_apart([line]) == judged([line])


@pytest.mark.parametrize(
    ("cart", "verdict", "offered", "uncertain"),
    [
        pytest.param([(N, NONE), (NONE, NONE)], Verdict.SERVED, N, NONE, id="one line served is enough"),
        pytest.param([(N, NONE), (NONE, E)], Verdict.SERVED, N, E, id="a failure of another line stays uncertain"),
        pytest.param([(N, NONE), (NONE, N)], Verdict.SERVED, N, N, id="one has for certain what the other might"),
        pytest.param([(NONE, NONE), (NONE, E)], Verdict.UNKNOWN, NONE, E, id="one failure decides"),
        pytest.param([(NONE, NONE), (NONE, NONE)], Verdict.NOT_SERVED, NONE, NONE, id="all refused"),
    ],
)
def test_a_named_cart_whose_lines_are_answered_apart_has_its_verdict(
    cart: list[Line], verdict: Verdict, offered: Types, uncertain: Types
) -> None:
    assert judged_apart(cart) == (verdict, offered, uncertain)
