"""What a seller adds to the prices of a table."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portes.contingency.prices import PriceTerms
from portes.tables import MICROS, REFUSED, Row, Terms


def row(price: int) -> Row:
    return Row(0, "normal", "01000000", "01999999", 0, 1_000_000, price, 1_000_000, Terms(1, 2))


def test_a_price_is_raised_by_the_margin_then_rounded_up_to_a_step_and_never_below_the_least() -> None:
    terms = PriceTerms(Decimal("2.5"), step=10, least=1_500)

    assert [each.price // MICROS for each in terms.priced([row(2_000 * MICROS), row(100 * MICROS)])] == [2_050, 1_500]
    assert terms.of(2_001 * MICROS) == 2_060 * MICROS


def test_a_refusal_stays_a_refusal_whatever_the_least_price() -> None:
    assert [each.price for each in PriceTerms(least=1_000).priced([row(REFUSED)])] == [REFUSED]


@given(price=st.integers(0, 10**7), margin=st.decimals(0, 50, places=2), step=st.sampled_from([1, 5, 10, 100]))
def test_a_price_is_never_below_the_live_one_and_less_than_a_step_above_its_margin(
    price: int, margin: Decimal, step: int
) -> None:
    made = PriceTerms(margin, step).of(price * MICROS)

    assert made % (step * MICROS) == 0
    assert 0 <= Decimal(made) / MICROS - price * (1 + margin / 100) < step


def test_a_price_of_nothing_is_a_price_that_the_least_one_holds_for() -> None:
    terms = PriceTerms(Decimal(10), step=5, least=990)

    assert [each.price for each in terms.priced([row(0)])] == [990 * MICROS]


def test_a_margin_of_less_than_a_percent_counts_and_a_discount_lowers() -> None:
    assert PriceTerms(Decimal("0.5")).of(1_000 * MICROS) == 1_005 * MICROS
    assert PriceTerms(Decimal("-0.05")).of(1_000 * MICROS) == 1_000 * MICROS  # 999.5, rounded up
    assert PriceTerms(Decimal(-10)).of(1_000 * MICROS) == 900 * MICROS


def test_a_fraction_of_a_step_is_a_whole_one() -> None:
    assert PriceTerms(step=10).of(1_000 * MICROS + 1) == 1_010 * MICROS
    assert PriceTerms(Decimal("0.00000000005")).of(1_000 * MICROS) == 1_001 * MICROS  # less than a millionth
