"""How parts and cost are rounded, and how they add up all the same."""

import pytest
from tariffs import brl, charged, component, fee, load, parts, percent, row

from portes.contract.rounding import Rounding
from portes.tables import Tax, percentage

TWELVE = Tax("inside", {("*", "*"): percent("12")})


@pytest.mark.parametrize(("rounding", "share"), [("half_up", "28.41"), ("down", "28.40"), ("up", "28.41")])
def test_each_part_is_rounded_once_as_told(rounding: Rounding, share: str) -> None:
    found = row("0", [fee("ad_valorem", "0.316")])

    assert parts(found, load(value="8990"), component_rounding=rounding)["ad_valorem"] == share


def test_a_component_may_be_rounded_in_its_own_way_the_base_too() -> None:
    found = row("66.1074", [fee("ad_valorem", "0.316"), fee("toll", amount="3.2")])
    components = (component("base", rounding="down"), component("toll", unit=brl("1"), rounding="up"))

    assert parts(found, load(value="8990"), *components) == {"base": "66.10", "ad_valorem": "28.41", "toll": "4.00"}


def test_parts_finer_than_a_cent_are_rounded_only_at_the_end() -> None:
    fees = [fee(name, amount="0.004") for name in ("toll", "dispatch", "document")]

    assert parts(row("1", fees), load()) == {"base": "1.00"}
    assert parts(row("1", fees), load(), component_unit=1) == {"base": "1.00", "rounding": "0.01"}


def test_what_rounding_takes_away_is_taken_from_the_base() -> None:
    fees = [fee(name, amount="0.006") for name in ("toll", "dispatch", "document")]

    found = parts(row("1", fees), load(), component_unit=1)

    assert found == {"base": "0.99", "toll": "0.01", "dispatch": "0.01", "document": "0.01"}


def test_and_from_the_largest_part_where_there_is_no_base() -> None:
    found = row("0", [fee("toll", amount="0.30"), fee("dispatch", amount="0.90")])

    assert parts(found, load(), step=brl("1"), rounding="down") == {"base": "0.00", "toll": "0.30", "dispatch": "0.70"}
    assert parts(row("0.80", [fee("toll", amount="5.90")]), load(), step=brl("5"), rounding="down") == {
        "base": "0.00",
        "toll": "5.00",
    }


@pytest.mark.parametrize(
    ("step", "rounding", "cost", "rest"),
    [("0.05", "up", 401_40, "0.05"), ("1", "up", 402_00, "0.65"), ("1", "half_up", 401_00, None)],
)
def test_the_cost_is_rounded_to_a_step_and_the_rest_is_named(
    step: str, rounding: Rounding, cost: int, rest: str | None
) -> None:
    """353.19 / 0.88 is 401.3522…"""
    charge = charged(row("353.19"), load(), tax=TWELVE, step=brl(step), rounding=rounding)

    assert charge.cost == cost
    if rest:
        tax_and_rest = charge.parts["tax"] + charge.parts["rounding"]
        assert charge.parts["base"] == 353_19
        assert tax_and_rest == cost - 353_19
    else:
        assert charge.parts == {"base": 352_84, "tax": 48_16}


@pytest.mark.parametrize(("rounding", "tax"), [("half_up", "48.16"), ("down", "48.16"), ("up", "48.17")])
def test_the_tax_is_the_cost_less_the_subtotal(rounding: Rounding, tax: str) -> None:
    assert parts(row("353.19"), load(), tax=TWELVE, rounding=rounding) == {"base": "353.19", "tax": tax}


@pytest.mark.parametrize(("rounding", "cents"), [("half_up", 2), ("down", 1), ("up", 2)])
def test_a_percentage_of_an_amount_is_rounded_as_told(rounding: Rounding, cents: int) -> None:
    assert percentage(150, 1_000_000, rounding) == cents
    assert percentage(101, 1_000_000, rounding) == (2 if rounding == "up" else 1)


def test_half_a_cent_goes_up_by_default() -> None:
    assert [percentage(amount, 1_000_000) for amount in (49, 50, 149, 150)] == [0, 1, 1, 2]
