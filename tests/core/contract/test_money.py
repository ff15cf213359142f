"""Laws of money: whole minor units, one currency, nothing lost when it is split."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from portes.contract import Money
from portes.contract.money import JsonAmount, exponent, total
from portes.contract.numbers import parse_number
from portes.contract.rounding import Rounding
from portes.errors import RequestError

currencies = st.sampled_from(["BRL", "EUR", "JPY", "CLP", "KWD"])
minors = st.integers(-(10**14), 10**14)
amounts = st.builds(Money, minor=minors, currency=currencies)
PRICE: TypeAdapter[Decimal] = TypeAdapter(JsonAmount)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


@given(minors, minors, currencies)
def test_amounts_of_one_currency_add_and_subtract_by_their_minor_units(one: int, other: int, currency: str) -> None:
    left, right = Money(minor=one, currency=currency), Money(minor=other, currency=currency)

    assert (left + right).minor == one + other
    assert left + right - right == left
    assert (left < right, left <= right) == (one < other, one <= other)


@given(amounts, amounts)
def test_currencies_never_mix(one: Money, other: Money) -> None:
    if one.currency == other.currency:
        other = Money(minor=other.minor, currency="USD")

    for mix in (lambda: one + other, lambda: one - other, lambda: one < other, lambda: one <= other):
        with pytest.raises(TypeError, match="does not mix"):
            mix()
    assert one != other


def test_a_bare_number_does_not_mix_with_money() -> None:
    with pytest.raises(TypeError, match="does not mix with int"):
        brl(5) + 5  # type: ignore[operator]  # what a careless host would write


@pytest.mark.parametrize("times", [1.5, True, Decimal(2), "2"])
def test_only_a_whole_number_multiplies_money(times: object) -> None:
    with pytest.raises(TypeError):
        brl(100) * times  # type: ignore[operator]  # what a careless host would write


@given(st.lists(minors), currencies)
def test_a_total_is_the_sum_of_its_minor_units(parts: list[int], currency: str) -> None:
    assert total((Money(minor=part, currency=currency) for part in parts), currency) == Money(
        minor=sum(parts), currency=currency
    )


@given(amounts, weights)
def test_apportioned_parts_add_up_to_the_whole(amount: Money, by: list[int]) -> None:
    parts = amount.apportion(by)

    assert len(parts) == len(by)
    assert total(parts, amount.currency) == amount


@given(amounts, weights)
def test_each_part_is_less_than_one_minor_unit_from_its_exact_share(amount: Money, by: list[int]) -> None:
    fair = by if any(by) else [1] * len(by)

    for part, weight in zip(amount.apportion(by), fair, strict=True):
        assert abs(part.minor - Fraction(amount.minor * weight, sum(fair))) < 1


@given(amounts, weights)
def test_a_heavier_line_never_gets_a_smaller_part(amount: Money, by: list[int]) -> None:
    by_weight = sorted(zip(by, (abs(part.minor) for part in amount.apportion(by)), strict=True))

    assert all(lighter[1] <= heavier[1] for lighter, heavier in pairwise(by_weight) if lighter[0] < heavier[0])


@given(amounts, weights.filter(any))
def test_a_line_without_weight_gets_nothing_beside_one_with_weight(amount: Money, by: list[int]) -> None:
    parts = amount.apportion(by)

    assert all(part.minor == 0 for part, weight in zip(parts, by, strict=True) if weight == 0)


@given(amounts, weights)
def test_a_refund_is_apportioned_as_the_charge_was(amount: Money, by: list[int]) -> None:
    negative = Money(minor=-amount.minor, currency=amount.currency)

    assert [-part.minor for part in negative.apportion(by)] == [part.minor for part in amount.apportion(by)]


def test_weights_of_zero_make_equal_parts_and_the_earlier_line_gets_the_odd_cent() -> None:
    assert brl(100).apportion([0, 0, 0]) == (brl(34), brl(33), brl(33))


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert brl(100).apportion([1, 5, 3]) == (brl(11), brl(56), brl(33))


@pytest.mark.parametrize("by", [[], [1, -1]])
def test_apportion_refuses_no_weights_and_negative_ones(by: list[int]) -> None:
    with pytest.raises(ValueError, match="needs weights, none of them negative"):
        brl(100).apportion(by)


@given(amounts)
def test_an_amount_round_trips_through_its_decimal(amount: Money) -> None:
    assert Money.of(amount.amount, amount.currency) == amount
    assert amount.amount.as_tuple().exponent == -exponent(amount.currency)


@given(amounts)
def test_an_amount_is_read_back_from_its_own_text(amount: Money) -> None:
    """The exception is a dinar's three decimals, which a lone dot could also mean as thousands."""
    assert Money.parse(str(amount), amount.currency, decimal=".") == amount


@given(st.integers(0, 10**12))
def test_brazilian_and_english_grouping_are_both_read(minor: int) -> None:
    english = f"{minor // 100:,}.{minor % 100:02}"
    brazilian = english.translate(str.maketrans(",.", ".,"))

    assert Money.parse(english, "BRL") == brl(minor)
    assert Money.parse(brazilian, "BRL") == brl(minor)
    assert Money.parse(f"R$ {brazilian}", "BRL", decimal=",") == brl(minor)


@pytest.mark.parametrize("text", ["10000000000000001.00", "-10000000000000001.00", "9999999999999999999999999999"])
def test_more_than_any_amount_comes_to_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(RequestError) as refused:
        Money.parse(text, "BRL")

    assert [(found.value, found.cause) for found in refused.value.problems] == [
        (f"{Decimal(text)}", "is more than any amount comes to")
    ]


def test_the_largest_amount_stays_exact() -> None:
    assert str(brl(10**18 - 1)) == "9999999999999999.99 BRL"
    assert Money.parse("-10000000000000000.00", "BRL") == brl(-(10**18))


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("0", 0),
        ("20", 2000),
        ("R$ 20", 2000),
        ("R$\N{NO-BREAK SPACE}20", 2000),
        ("R$8,49", 849),
        ("8,49", 849),
        ("12.9", 1290),
        (" 12.90 ", 1290),
        (",5", 50),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1.234.567", 123456700),
        ("1,234,567", 123456700),
        ("1.234.567,8", 123456780),
        ("20 BRL", 2000),
        ("BRL 20", 2000),
        ("-8,49", -849),
        ("-R$ 8,49", -849),
        ("R$ -8,49", -849),
    ],
)
def test_money_is_read_as_price_sheets_write_it(text: str, minor: int) -> None:
    assert Money.parse(text, "BRL") == brl(minor)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("12%", "is a percentage"),
        ("0,30%", "is a percentage"),
        ("", "is not a number"),
        ("R$", "is not a number"),
        ("on request", "is not a number"),
        ("1,234", "may mean thousands or three decimals"),
        ("1.234", "may mean thousands or three decimals"),
        ("129.900", "may mean thousands or three decimals"),
        ("0.125", "is no whole number of BRL minor units"),
        ("8,495", "may mean thousands or three decimals"),
        ("66.1024", "is no whole number of BRL minor units"),
        ("1.234.56", "is not a number"),
        ("1,23,456", "is not a number"),
        ("0.123.456", "is not a number"),
        ("5.", "is not a number"),
        ("1e3", "is not a number"),
        ("1_000", "is not a number"),
        ("NaN", "is not a number"),
        ("--5", "is not a number"),
        ("€ 20", "is not a number"),
        ("US$ 20", "is not a number"),
        ("20 EUR", "is not a number"),
        ("\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT ZERO}", "is not a number"),
        ("9" * 29, "is longer than the 28 characters of any number in use"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_cause_the_text_and_the_fix(text: str, cause: str) -> None:
    with pytest.raises(RequestError) as refused:
        Money.parse(text, "BRL")

    (problem,) = refused.value.problems
    assert problem.cause == cause
    assert problem.where == "money"
    assert "write an amount of BRL" in problem.fix


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("1,234", ".", "1234"),
        ("12,5", ",", "12.5"),
        (",5", ",", "0.5"),
    ],
)
def test_a_declared_decimal_sign_leaves_nothing_to_guess(text: str, sign: str, number: str) -> None:
    assert parse_number(text, decimal=sign) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sign"), [("12.5", ","), ("12,5", "."), ("1.23,4", ","), ("0.123,4", ","), ("5,", ",")]
)
def test_a_number_that_contradicts_the_declared_sign_is_refused(text: str, sign: str) -> None:
    with pytest.raises(ValueError, match="as its decimal sign"):
        parse_number(text, decimal=sign)


@pytest.mark.parametrize("text", ["1.500", "1,500"])
def test_a_doubt_about_thousands_offers_both_readings(text: str) -> None:
    with pytest.raises(RequestError) as refused:
        Money.parse(text, "BRL")

    assert refused.value.problems[0].fix == "write an amount of BRL that means one thing: 1500 or 1.50"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_nothing_is_rounded_without_being_told(amount: Decimal) -> None:
    if amount * 100 == (amount * 100).to_integral_value():
        assert Money.of(amount, "BRL").amount == amount
    else:
        with pytest.raises(RequestError, match="no whole number of BRL minor units"):
            Money.of(amount, "BRL")


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-999999"])
def test_an_amount_out_of_all_reason_is_refused(amount: str) -> None:
    with pytest.raises(RequestError, match="no whole number of BRL minor units"):
        Money.of(Decimal(amount), "BRL")


@pytest.mark.parametrize(
    ("amount", "rounding", "minor"),
    [("28.408", "down", 2840), ("104.781", "up", 10479), ("0.125", "half_up", 13)],
)
def test_a_computed_amount_is_rounded_as_its_table_says(amount: str, rounding: Rounding, minor: int) -> None:
    assert Money.rounded(Decimal(amount), "BRL", rounding) == brl(minor)


@pytest.mark.parametrize("minor", [1.0, True, "100", Decimal(1), None])
def test_only_a_whole_number_is_a_count_of_minor_units(minor: object) -> None:
    with pytest.raises(ValidationError, match="minor"):
        Money.model_validate({"minor": minor, "currency": "BRL"})


@pytest.mark.parametrize("currency", ["brl", "R$", "BRLL", "BRL\n", ""])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError, match="currency"):
        Money(minor=0, currency=currency)


@given(st.decimals(min_value=0, max_value=10**10 - 1, places=5))
def test_a_price_that_comes_as_a_number_of_json_keeps_every_digit(amount: Decimal) -> None:
    assert PRICE.validate_json(str(amount)) == amount
    assert PRICE.validate_json(f'"{amount}"') == amount


@pytest.mark.parametrize("body", ["-0.01", "10000000000", "NaN", "1e999", "true", "null", '"12,90"'])
def test_a_price_of_json_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        PRICE.validate_json(body)
