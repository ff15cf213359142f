"""Prices raised, lowered and rounded."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from shop import EXPRESS, brl

from portes.errors import SettingsError
from portes.rules.markup import Markup

ROUNDINGS = {"up": ROUND_UP, "half_up": ROUND_HALF_UP, "down": ROUND_DOWN}

prices = st.integers(0, 10_000_000)
percents = st.decimals(Decimal("-99.99"), 900, places=2)
amounts = st.decimals(-500, 500, places=2)
steps = st.none() | st.decimals(Decimal("0.01"), 50, places=2)


def marked(price: int, **keys: Any) -> int:
    (after,) = made(Markup, **keys)([offer(price)], occasion())
    minor: int = after.price.minor
    return minor


@pytest.mark.parametrize(
    ("price", "keys", "after"),
    [
        (2000, {"fixed": "3.00"}, 2300),
        (2000, {"fixed": "-3.00"}, 1700),
        (2000, {"percent": 5}, 2100),
        (2000, {"percent": "2.5"}, 2050),
        (2000, {"percent": -10}, 1800),
        (2000, {"percent": 10, "fixed": "3.00"}, 2500),
        (1299, {"percent": 5}, 1364),  # 13.6395
        (1299, {"percent": 5, "rounding": "half_up"}, 1364),
        (1299, {"percent": 5, "rounding": "down"}, 1363),
        (1234, {"round_to": "0.10"}, 1240),
        (1240, {"round_to": "0.10"}, 1240),
        (1235, {"round_to": "0.10", "rounding": "half_up"}, 1240),
        (1234, {"round_to": "0.10", "rounding": "half_up"}, 1230),
        (1239, {"round_to": "0.10", "rounding": "down"}, 1230),
        (1201, {"round_to": "1.00"}, 1300),
        (1000, {"percent": "33.333", "round_to": "0.05"}, 1335),
        (200, {"fixed": "-3.00"}, 0),
        (0, {"percent": 50}, 0),
        (2000, {"fixed": "1,000.00"}, 102_000),
        (2000, {"percent": 0}, 2000),
    ],
)
def test_a_price_is_raised_then_rounded(price: int, keys: dict[str, Any], after: int) -> None:
    assert after == marked(price, **keys)


def test_only_the_price_changes() -> None:
    before = offer(2000)
    (after,) = made(Markup, fixed="3.00")([before], occasion())

    assert before.model_copy(update={"price": brl(2300)}) == after
    assert brl(2000) == after.rate.cost


@pytest.mark.parametrize(
    ("keys", "raised"),
    [
        ({"carriers": ["a"]}, ["a normal", "a express"]),
        ({"carriers": ["b", "c"]}, ["b normal"]),
        ({"delivery_types": ["express"]}, ["a express"]),
        ({"carriers": ["a"], "delivery_types": ["normal"]}, ["a normal"]),
        ({"regions": ["01"]}, ["a normal", "a express", "b normal"]),
        ({"regions": ["69"]}, []),
        ({"storefronts": ["NS"]}, ["a normal", "a express", "b normal"]),
        ({"storefronts": ["ZT"]}, []),
        ({"regions": ["01"], "storefronts": ["ZT"]}, []),
        ({"regions": ["01"], "carriers": ["b"]}, ["b normal"]),
    ],
)
def test_a_markup_applies_where_every_key_agrees(keys: dict[str, Any], raised: list[str]) -> None:
    offers = [offer(carrier="a"), offer(carrier="a", delivery=EXPRESS), offer(carrier="b")]
    after = made(Markup, fixed="3.00", **keys)(offers, occasion(to="01512651", storefront="NS"))

    assert raised == [f"{one.carrier} {one.delivery}" for one in after if one.price == brl(1300)]
    assert len(after) == 3


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"fixed": "3.005"}, ["fixed"]),
        ({"round_to": "0.001"}, ["round_to"]),
        ({"fixed": "0.001", "round_to": "0.001"}, ["fixed", "round_to"]),
    ],
)
def test_an_amount_finer_than_the_currency_is_refused(keys: dict[str, str], named: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        made(Markup, **keys)

    assert named == [problem.where for problem in caught.value.problems]


def test_amounts_have_the_places_of_their_currency() -> None:
    assert made(Markup, "JPY", fixed="3")([offer(2000)], occasion())[0].price.minor == 2003
    assert made(Markup, "KWD", fixed="0.001")([offer(2000)], occasion())[0].price.minor == 2001


@given(prices, percents, amounts, steps, st.sampled_from(sorted(ROUNDINGS)))
def test_a_marked_price_is_the_exact_one_rounded_and_never_negative(
    price: int, percent: Decimal, fixed: Decimal, step: Decimal | None, rounding: str
) -> None:
    keys = {"percent": percent, "fixed": fixed, "rounding": rounding} | ({} if step is None else {"round_to": step})
    exact = max(Decimal(0), brl(price).amount * (100 + percent) / 100 + fixed)
    unit = step or Decimal("0.01")
    expected = (exact / unit).to_integral_value(ROUNDINGS[rounding]) * unit

    after = marked(price, **keys)

    assert after >= 0
    assert brl(after).amount == expected


@given(prices, prices, percents, amounts, steps, st.sampled_from(sorted(ROUNDINGS)))
def test_a_markup_never_makes_the_dearer_offer_the_cheaper(
    one: int, other: int, percent: Decimal, fixed: Decimal, step: Decimal | None, rounding: str
) -> None:
    keys = {"percent": percent, "fixed": fixed, "rounding": rounding} | ({} if step is None else {"round_to": step})

    assert marked(min(one, other), **keys) <= marked(max(one, other), **keys)
