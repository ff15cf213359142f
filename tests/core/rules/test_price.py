"""What shoppers pay: prices set, raised, bounded, ended; exact, and never below zero."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from pydantic import ValidationError
from shop import item

from portes.errors import SettingsError
from portes.rules.price import Price

FOUR_KILOS = occasion(item("box", 2, 1500), item("pen", 1, 1000))


def priced(price: int, **keys: Any) -> int:
    """What a price of so many cents becomes, for four kilograms of goods."""
    (after,) = made(Price, **keys)([offer(price)], FOUR_KILOS)
    return int(after.price.minor)


@pytest.mark.parametrize(
    ("price", "keys", "becomes"),
    [
        (2000, {"percent": 10}, 2200),
        (2000, {"percent": -100}, 0),
        (2000, {"fixed": "-30.00"}, 0),
        (2000, {"per_kg": "0.50"}, 2200),
        (2000, {"per_kg": "-9.00"}, 0),
        (2000, {"percent": 10, "per_kg": "0.50", "fixed": "1.00"}, 2500),
        (1999, {"percent": 5}, 2099),
        (1999, {"percent": 5, "rounding": "down"}, 2098),
        (2000, {"set": "9.90"}, 990),
        (2000, {"set": "9.90", "least": "12.00"}, 1200),
        (2000, {"most": "15.00"}, 1500),
        (2000, {"least": "15.00"}, 2000),
        (2000, {"round_to": "5.00", "percent": 1}, 2500),
        (2400, {"ending": "0.90"}, 2490),
        (2490, {"ending": "0.90"}, 2490),
        (2491, {"ending": "0.90"}, 2590),
        (2480, {"ending": "0.90", "rounding": "down"}, 2390),
        (2439, {"ending": "0.90", "rounding": "half_up"}, 2390),
        (2440, {"ending": "0.90", "rounding": "half_up"}, 2490),
        (1000, {"ending": "9.90"}, 1990),
        (990, {"ending": "9.90"}, 990),
        (10, {"ending": "0.90", "rounding": "down"}, 90),
        (2495, {"ending": "0.90", "most": "25.00"}, 2500),
    ],
)
def test_a_price_becomes_what_the_rule_says(price: int, keys: dict[str, Any], becomes: int) -> None:
    assert priced(price, **keys) == becomes


@given(
    st.integers(0, 10**9),
    st.decimals(-100, 1000, places=2),
    st.integers(-(10**6), 10**6),
    st.integers(-(10**5), 10**5),
    st.sampled_from(["up", "down"]),
)
def test_the_arithmetic_is_exact_and_rounded_once(
    price: int, percent: Decimal, fixed: int, per_kg: int, rounding: str
) -> None:
    written = {"fixed": str(Decimal(fixed).scaleb(-2)), "per_kg": str(Decimal(per_kg).scaleb(-2))}
    exact = max(Fraction(0), price * (100 + Fraction(str(percent))) / 100 + fixed + Fraction(per_kg) * 4)

    became = priced(price, percent=str(percent), rounding=rounding, **written)

    assert became >= 0
    assert -1 < became - exact < 1
    assert (became >= exact) if rounding == "up" else (became <= exact)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "changes no price"),
        ({"rounding": "down"}, "changes no price"),
        ({"set": "1.00", "percent": 5}, "sets a price and adds to it"),
        ({"ending": "0.90", "round_to": "0.10"}, "two ways to end a price"),
        ({"least": "2.00", "most": "1.00"}, "least above its most"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        made(Price, **keys)


def test_an_amount_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"ending"):
        made(Price, ending="0.905")
