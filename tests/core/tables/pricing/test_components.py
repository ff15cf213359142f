"""What one component of a price comes to, and which of several applies."""

import pytest
from tariffs import brl, charged, component, fee, kg, load, parts, percent, row

from portes.tables import Component, FactNeededError, Lane, Per, Tier, ValueNeededError

ROW = row("10")


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("shipment", "2.00"),
        ("parcel", "6.00"),
        ("unit", "14.00"),
        ("kg", "240.50"),
        ("started_kg", "242.00"),
        ("100_kg", "2.41"),
        ("started_100_kg", "4.00"),
    ],
)
def test_an_amount_is_charged_for_each_of_what_it_says(per: Per, expected: str) -> None:
    assert parts(ROW, load("120.25", parcels=3, units=7), component("toll", amount="2", per=per))["toll"] == expected


def test_an_amount_for_each_unit_is_never_guessed_from_parcels() -> None:
    with pytest.raises(FactNeededError, match='write packer = "single" or "totals"'):
        charged(row("10", [fee("toll", amount="2", per="unit")]), load(parcels=3))


def test_an_amount_and_a_percentage_add_up_and_have_a_least_and_a_most() -> None:
    both = component("risk", "1", amount="2", least="5", most=brl("9"))

    assert [parts(ROW, load(value=value), both)["risk"] for value in ("100", "400", "900")] == ["5.00", "6.00", "9.00"]


def test_a_percentage_of_named_components_leaves_others_out() -> None:
    components = (
        component("toll", amount="4"),
        component("dispatch", amount="100"),
        component("restricted_traffic", "10", of=("base", "toll")),
    )

    assert parts(ROW, load(), *components)["restricted_traffic"] == "1.40"


def test_a_percentage_of_a_component_that_is_not_charged_here_is_of_nothing() -> None:
    components = (component("toll", amount="4", states=frozenset(["SP"])), component("risk", "10", of=("base", "toll")))

    assert parts(ROW, load(), *components, lane=Lane("SC", "PR"))["risk"] == "1.00"


def test_a_percentage_of_the_freight_is_of_all_that_comes_before_it_and_of_nothing_after() -> None:
    components = (component("extra", "10"), component("toll", amount="4"), component("hard_delivery", "50"))

    assert parts(ROW, load(), *components) == {
        "base": "10.00",
        "toll": "4.00",
        "hard_delivery": "7.00",
        "extra": "2.10",
    }


@pytest.mark.parametrize(("value", "share"), [("10000.00", "10.00"), ("10000.01", "23.00"), ("20000", "46.00")])
def test_a_tier_charges_the_whole_value_and_holds_its_upper_end(value: str, share: str) -> None:
    tiers = (Tier(10_000_00, percent=percent("0.10")), Tier(percent=percent("0.23")))

    assert parts(ROW, load(value=value), Component("risk_management", tiers=tiers))["risk_management"] == share


def test_by_slices_each_tier_charges_what_lies_within_it() -> None:
    tiers = (Tier(10_000_00, percent=percent("0.10")), Tier(20_000_00, percent=percent("0.20")), Tier(percent=10_000))
    sliced = Component("risk_management", tiers=tiers, marginal=True)

    found = [parts(ROW, load(value=value), sliced)["risk_management"] for value in ("5000", "10000", "15000", "30000")]

    assert found == ["5.00", "10.00", "20.00", "31.00"]


@pytest.mark.parametrize(("weight", "amount"), [("60", "20.00"), ("60.000001", "35.00")])
def test_tiers_may_be_of_the_taxable_weight(weight: str, amount: str) -> None:
    tiers = (Tier(kg("60"), brl("20")), Tier(amount=brl("35")))

    assert parts(ROW, load(weight), Component("metropolitan", tiers=tiers, tiers_by="weight"))["metropolitan"] == amount


def test_slices_of_weight_charge_so_much_a_kilogram_each() -> None:
    tiers = (Tier(kg("100"), brl("1")), Tier(amount=brl("0.5")))
    sliced = Component("toll", per="kg", tiers=tiers, tiers_by="weight", marginal=True)

    assert [parts(ROW, load(weight), sliced)["toll"] for weight in ("40", "140")] == ["40.00", "120.00"]


def test_a_tier_that_says_nothing_leaves_the_charge_to_the_row() -> None:
    tiers = (Tier(1383_23, brl("4.37")), Tier())
    found = row("10", [fee("ad_valorem", "0.316")])

    charges = [parts(found, load(value=v), Component("ad_valorem", tiers=tiers)) for v in ("1383.23", "8990")]

    assert [one["ad_valorem"] for one in charges] == ["4.37", "28.41"]


def test_a_row_s_amounts_come_before_those_of_the_component_which_keeps_base_rounding_and_place() -> None:
    shaped = component("risk", "50", amount="9", of=("base",), rounding="up")

    assert parts(row("10.01", [fee("risk", "10")]), load(), shaped)["risk"] == "1.01"
    assert parts(row("10.01"), load(), shaped)["risk"] == "14.01"


def test_a_component_s_least_and_most_bound_what_a_row_states() -> None:
    bounded = component("toll", least="3", most=brl("5"))

    found = [parts(row("10", [fee("toll", amount=amount)]), load(), bounded)["toll"] for amount in ("1", "4", "8")]

    assert found == ["3.00", "4.00", "5.00"]


def test_two_fees_of_one_name_are_one_part() -> None:
    fees = [fee("toll", amount="3"), fee("toll", amount="2", per="kg")]

    assert parts(row("10", fees), load("2")) == {"base": "10.00", "toll": "7.00"}


def test_the_first_component_of_a_name_that_applies_to_the_destination_counts() -> None:
    components = (
        component("toll", amount="8.63", states=frozenset(["AM", "PA"])),
        component("toll", amount="6.46"),
    )

    found = [parts(ROW, load(), *components, lane=Lane("SC", to))["toll"] for to in ("PA", "PR")]

    assert found == ["8.63", "6.46"]


def test_where_no_component_of_a_name_applies_nothing_is_charged_but_what_the_row_states() -> None:
    north = component("administration", amount="9", states=frozenset(["AM"]))
    lane = Lane("SC", "PR")

    assert "administration" not in parts(ROW, load(), north, lane=lane)
    assert parts(row("10", [fee("administration", amount="1")]), load(), north, lane=lane)["administration"] == "1.00"


def test_a_condition_on_a_state_that_nobody_knows_is_no_condition_that_fails() -> None:
    with pytest.raises(FactNeededError, match="state of a postal code is not known"):
        charged(ROW, load(), component("toll", amount="9", states=frozenset(["AM"])))


@pytest.mark.parametrize(
    "charge",
    [
        component("ad_valorem", "0.3"),
        Component("risk_management", tiers=(Tier(100, brl("1")), Tier())),
        Component("risk_management", tiers=(Tier(100, percent=1), Tier(percent=2)), marginal=True),
    ],
    ids=["percent", "tiers", "slices"],
)
def test_a_value_that_nobody_stated_is_never_taken_for_nothing(charge: Component) -> None:
    with pytest.raises(ValueNeededError):
        charged(ROW, load(value=None), charge)


def test_a_least_of_a_percentage_that_is_nothing_needs_no_value() -> None:
    assert parts(row("10", [fee("ad_valorem", least="1.55")]), load(value=None))["ad_valorem"] == "1.55"


def test_a_row_s_percentage_of_a_name_nobody_knows_is_never_guessed() -> None:
    found = row("10", [fee("customs", "2")])

    with pytest.raises(FactNeededError, match='write a component name = "customs" with of = "value" or "freight"'):
        charged(found, load(value="100"))
    assert parts(found, load(value="100"), Component("customs", of="value"))["customs"] == "2.00"


@pytest.mark.parametrize(("step", "expected"), [(0, "2.23"), (1_000_000, "2.60")])
def test_excess_weight_is_charged_to_the_milligram_or_for_each_started_kilogram(step: int, expected: str) -> None:
    found = row("10", above="100", per_kg="0.865", extra_step=step)

    assert parts(found, load("102.5753"))["excess_weight"] == expected


def test_excess_begins_above_the_row_s_border() -> None:
    found = row("10", above="100", per_kg="0.865", extra_step=1_000_000)

    assert "excess_weight" not in parts(found, load("100"))
