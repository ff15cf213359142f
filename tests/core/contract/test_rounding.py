"""How fractions become whole numbers, alike for decimals and for quotients."""

from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract.rounding import Rounding, cube_root, quotient, rounded, square_root

WAYS = st.sampled_from(get_args(Rounding))


@pytest.mark.parametrize(
    ("amount", "up", "half_up", "down"),
    [("2", 2, 2, 2), ("2.4", 3, 2, 2), ("2.5", 3, 3, 2), ("2.6", 3, 3, 2), ("-2.5", -2, -3, -3), ("-2.4", -2, -2, -3)],
)
def test_a_fraction_becomes_the_whole_number_that_its_rounding_says(
    amount: str, up: int, half_up: int, down: int
) -> None:
    assert [rounded(Decimal(amount), way) for way in ("up", "half_up", "down")] == [up, half_up, down]


@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 2, 5, 8, 10, 250, 10**6]), WAYS)
def test_a_quotient_is_rounded_as_the_decimal_of_the_same_worth(amount: int, divisor: int, way: Rounding) -> None:
    assert quotient(amount, divisor, way) == rounded(Decimal(amount) / divisor, way)


@given(st.integers(0, 10**40), st.integers(1, 10**20))
def test_a_quotient_is_exact_however_large_it_is(amount: int, divisor: int) -> None:
    whole, rest = divmod(amount, divisor)

    assert quotient(amount, divisor, "down") == whole
    assert quotient(amount, divisor, "up") == whole + bool(rest)
    assert quotient(amount, divisor, "half_up") == whole + (2 * rest >= divisor)


@pytest.mark.parametrize("root", [0, 1, 2, 3, 10, 208_063, 2_000_000, 10**25 + 1])
@pytest.mark.parametrize(("taken", "degree"), [(square_root, 2), (cube_root, 3)])
def test_a_root_of_a_power_is_exact_and_of_one_more_is_the_next(
    taken: Callable[[int], int], degree: int, root: int
) -> None:
    assert taken(root**degree) == root
    assert taken(root**degree + 1) == root + 1


@given(st.integers(1, 10**200))
def test_a_root_is_the_smallest_number_whose_power_reaches_the_amount(amount: int) -> None:
    assert (square_root(amount) - 1) ** 2 < amount <= square_root(amount) ** 2
    assert (cube_root(amount) - 1) ** 3 < amount <= cube_root(amount) ** 3
