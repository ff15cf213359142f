"""The verdict algebra against a slow, obviously right reference: every way the failures might have turned out."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shop import EXPRESS, NORMAL, SUPER_EXPRESS

from portes.contract import DeliveryType, Verdict
from portes.engine.decide import judge

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


def reference(cart: Sequence[Line]) -> tuple[Verdict, Types]:
    certain = common([offered for offered, _ in cart])
    if certain:
        return Verdict.SERVED, certain
    could_be = any(common(completed) for completed in completions(cart))
    return (Verdict.UNKNOWN if could_be else Verdict.NOT_SERVED), NONE


def judged(cart: Sequence[Line]) -> tuple[Verdict, Types]:
    return judge([offered for offered, _ in cart], [offered | failed for offered, failed in cart])


@given(carts)
@example([(N, NONE), (NONE, E)])
def test_the_verdict_is_what_every_completion_of_the_failures_agrees_on(cart: list[Line]) -> None:
    assert judged(cart) == reference(cart)


@pytest.mark.parametrize(
    ("cart", "verdict", "offered"),
    [
        pytest.param([(N, NONE), (NONE, E)], Verdict.NOT_SERVED, NONE, id="one line only N, the other only a failed E"),
        pytest.param([(N, NONE), (NONE, N)], Verdict.UNKNOWN, NONE, id="the failure could have been the common type"),
        pytest.param([(N | E, NONE), (N | S, NONE)], Verdict.SERVED, N, id="only the common type"),
        pytest.param([(N, NONE), (E, NONE)], Verdict.NOT_SERVED, NONE, id="nothing in common"),
        pytest.param([(N, E), (N, NONE)], Verdict.SERVED, N, id="a failure beside a common type changes nothing"),
        pytest.param([(N, NONE), (NONE, NONE)], Verdict.NOT_SERVED, NONE, id="one line out of coverage"),
        pytest.param([(NONE, N)], Verdict.UNKNOWN, NONE, id="all we know is a failure"),
    ],
)
def test_a_named_cart_has_its_verdict(cart: list[Line], verdict: Verdict, offered: Types) -> None:
    assert judged(cart) == (verdict, offered)
    assert reference(cart) == (verdict, offered)
