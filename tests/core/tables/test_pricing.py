"""What a row comes to: the published cases, and the roundings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract.rounding import Rounding
from portes.tables import MICROS, Charge, Fee, FoundRow, Terms, ValueNeededError, charge, percentage


def row(
    price: int, extra_from: int = 0, percent: int = 0, least: int = 0, per_kg: int = 0, minimum: int = 0
) -> FoundRow:
    """A row whose amounts are given in minor units."""
    fees = (Fee("ad_valorem", percent=percent, least=least * MICROS),)
    terms = Terms(3, 5, extra_per_kg=per_kg, minimum=minimum * MICROS, fees=fees)
    return FoundRow(price * MICROS, extra_from * 1000, terms)


def test_the_minimum_of_a_percentage_replaces_it_when_it_is_more() -> None:
    """VTEX's documents: 10 + max(10 % of 100, 15) = 25."""
    found = row(1000, percent=10_000_000, least=1500)

    assert charge(found, 1, 100_00) == Charge(base=1000, ad_valorem=1500)


def test_a_store_wide_percentage_goes_over_everything() -> None:
    """VTEX's documents: (10 + 5 % of 180 + 5 of extra weight) + 10 % = 26.40, and (15 + 6) + 10 % = 23.10."""
    total = sum(charge(row(1000, percent=5_000_000, per_kg=500_000_000), 1000, 180_00))

    assert total + percentage(total, 10_000_000) == 2640
    assert 2100 + percentage(2100, 10_000_000) == 2310


def test_excess_and_ad_valorem_of_a_real_transport_document() -> None:
    """A Brazilian CT-e of 2025: 357.5088 kg over 100 kg at 0.865, 0.316 % of 8990.00, every part cut to cents."""
    found = row(8660, extra_from=100_000, per_kg=86_500_000, percent=316_000)

    assert charge(found, 357_509, 8990_00, "down") == Charge(base=8660, excess_weight=222_74, ad_valorem=28_40)


@pytest.mark.parametrize(
    ("weight", "value", "expected"),
    [
        (12_500, 2500_00, Charge(base=3849, ad_valorem=790)),
        (120_000, 15_000_00, Charge(base=17_322, excess_weight=3464, ad_valorem=4740)),
    ],
)
def test_cases_derived_from_a_real_proposal(weight: int, value: int, expected: Charge) -> None:
    """Cut to cents: 100 kg is the last bracket, above it 0.865 or 1.732 a kg, and 0.316 % of the value."""
    per_kg = {3849: 86_500_000, 17_322: 173_200_000}[expected.base]
    found = row(expected.base, extra_from=100_000, per_kg=per_kg, percent=316_000)

    assert charge(found, weight, value, "down") == expected


def test_six_tenths_of_a_percent() -> None:
    """An article on the NTC steps: 725.00 at 0.60 % is 4.35."""
    assert percentage(725_00, 600_000) == 435


@pytest.mark.parametrize(("rounding", "cents"), [("half_up", 2841), ("down", 2840), ("up", 2841)])
def test_each_part_is_rounded_once_as_told(rounding: Rounding, cents: int) -> None:
    assert charge(row(0, percent=316_000), 1, 899_000, rounding).ad_valorem == cents


@pytest.mark.parametrize(("rounding", "cents"), [("half_up", 2), ("down", 1), ("up", 2)])
def test_a_percentage_of_an_amount_is_rounded_as_told(rounding: Rounding, cents: int) -> None:
    assert percentage(150, 1_000_000, rounding) == cents
    assert percentage(101, 1_000_000, rounding) == (2 if rounding == "up" else 1)


def test_half_a_cent_goes_up_by_default() -> None:
    assert [percentage(amount, 1_000_000) for amount in (49, 50, 149, 150)] == [0, 1, 1, 2]


def test_a_percentage_without_a_value_is_never_taken_for_nothing() -> None:
    with pytest.raises(ValueNeededError):
        charge(row(1000, percent=1), 1, None)


def test_a_minimum_of_a_percentage_that_is_zero_needs_no_value() -> None:
    assert charge(row(1000, least=155), 1, None) == Charge(base=1000, ad_valorem=155)


def test_what_is_missing_to_the_minimum_is_added() -> None:
    found = row(1000, percent=1_000_000, minimum=2000)

    assert charge(found, 1, 100_00) == Charge(base=1000, ad_valorem=100, minimum=900)
    assert charge(found, 1, 1000_000) == Charge(base=1000, ad_valorem=10_000)


@given(
    st.integers(0, 10**7), st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**10), st.integers(0, 10**8)
)
def test_parts_are_what_exact_decimals_say(price: int, per_kg: int, weight: int, value: int, percent: int) -> None:
    got = charge(row(price, extra_from=1000, per_kg=per_kg, percent=percent), weight, value, "down")

    excess = Decimal(max(0, weight - 1000)) / 1000 * per_kg / 1_000_000
    assert got == (price, int(excess), int(Decimal(value) * percent / 100_000_000), 0)
