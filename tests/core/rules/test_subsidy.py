"""What the shop pays of a cart's freight."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from shop import EXPRESS, brl, item

from portes.rules.subsidy import Subsidy

CART = occasion(item("a", declared_value=brl(10000)), item("b", declared_value=brl(9000)))


def paid(lines: list[list[Any]], **keys: Any) -> list[list[int]]:
    after = made(Subsidy, **keys)(lines, CART)
    return [[one.price.minor for one in line] for line in after]


@pytest.mark.parametrize(
    ("keys", "prices"),
    [
        ({"up_to": "10.00"}, [[1200], [800]]),
        ({"up_to": "30.00"}, [[0], [0]]),
        ({"up_to": "99.00"}, [[0], [0]]),
        ({"up_to": "20.00", "percent": 50}, [[900], [600]]),
        ({"up_to": "10.00", "percent": 50}, [[1200], [800]]),
        ({"up_to": "10.00", "when": {"value_from": "190.01"}}, [[1800], [1200]]),
        ({"up_to": "10.00", "when": {"value_from": "190.00"}}, [[1200], [800]]),
    ],
)
def test_the_shop_pays_a_part_of_the_cart_and_lines_share_it(keys: dict[str, Any], prices: list[list[int]]) -> None:
    assert paid([[offer(1800)], [offer(1200)]], **keys) == prices


def test_a_dearer_offer_is_lowered_by_as_much_and_each_type_by_its_own() -> None:
    line = [offer(1000, "a"), offer(1500, "b"), offer(3000, "a", delivery=EXPRESS)]

    assert paid([line], up_to="12.00") == [[0, 500, 1800]]


def test_a_type_that_one_line_lacks_is_not_subsidised() -> None:
    lines = [[offer(1000), offer(3000, delivery=EXPRESS)], [offer(1000)]]

    assert paid(lines, up_to="8.00") == [[600, 3000], [600]]


@given(st.lists(st.lists(st.integers(0, 5000), min_size=1, max_size=3), min_size=1, max_size=4), st.integers(1, 9000))
def test_what_the_shop_pays_adds_up_to_the_cent_and_leaves_no_price_below_zero(
    prices: list[list[int]], most: int
) -> None:
    lines = [[offer(price, f"c{number}") for number, price in enumerate(line)] for line in prices]

    after = paid(lines, up_to=f"{most // 100}.{most % 100:02}")

    lowest = sum(map(min, prices))
    assert lowest - sum(map(min, after)) == min(most, lowest)
    assert min(map(min, after)) >= 0
