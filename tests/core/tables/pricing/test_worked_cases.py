"""Prices that others published or billed, to the cent."""

from decimal import Decimal

import pytest
from tariffs import brl, charged, component, fee, load, parts, percent, row

from portes.tables import Component, Fee, Lane, Tax, Tier

SOUTH = Lane("SC", "PR")
TWELVE = Tax("inside", {("*", "*"): percent("12")})


def southern_proposal() -> dict[str, object]:
    """The conditions of a southern LTL proposal of 2025, every part cut to cents."""
    north = frozenset(["AM", "AP", "PA", "RR", "TO"])
    dear = north | {"AC", "ES", "MT", "MS", "RJ", "RO"}
    return {
        "components": (
            component("ad_valorem", states=north, tiers=(Tier(2158_00, brl("8.63")), Tier())),
            component("ad_valorem", tiers=(Tier(1383_23, brl("4.37")), Tier())),
            component("risk_management", "0.30", least="2.47", states=dear),
            component(
                "risk_management", least="1.55", tiers=(Tier(10_000_00, 0, percent("0.10")), Tier(percent=230_000))
            ),
            component("toll", amount="8.63", per="started_100_kg", states=north),
            component("toll", amount="6.46"),
            component("administration", amount="5.66", states=frozenset(["MG", "GO", "DF", "AC", "MS", "MT", "RO"])),
            component("administration", amount="8.63", states=north),
        ),
        "tax": TWELVE,
        "component_rounding": "down",
        "rounding": "down",
    }


def by_proposal(price: str, per_kg: str, weight: str, value: str, lane: Lane) -> dict[str, str]:
    terms = southern_proposal()
    components: tuple[Component, ...] = terms.pop("components")  # type: ignore[assignment]
    found = row(price, [fee("ad_valorem", "0.316")], above="100", per_kg=per_kg)
    return parts(found, load(weight, value), *components, lane=lane, **terms)


def test_a_real_transport_document_of_2025_from_santa_catarina_to_parana() -> None:
    """165 kg in 1.787544 m³ at 200 kg/m³ are 357.5088 kg; invoice of 8990.00; 353.19 before tax, 401.35 with it."""
    assert by_proposal("86.60", "0.865", "357.5088", "8990.00", SOUTH) == {
        "base": "86.60",
        "excess_weight": "222.74",
        "ad_valorem": "28.40",
        "risk_management": "8.99",
        "toll": "6.46",
        "tax": "48.16",
    }


@pytest.mark.parametrize(
    ("price", "per_kg", "weight", "value", "to", "expected"),
    [
        ("38.49", "0.865", "12.5", "2500.00", "SC", ["38.49", "7.90", "2.50", "6.46", "7.54"]),
        ("173.22", "1.732", "120", "15000.00", "RJ", ["173.22", "34.64", "47.40", "45.00", "6.46", "41.82"]),
    ],
)
def test_cases_derived_from_the_same_proposal(
    price: str, per_kg: str, weight: str, value: str, to: str, expected: list[str]
) -> None:
    """62.89 and 348.54 in all."""
    assert list(by_proposal(price, per_kg, weight, value, Lane("SC", to)).values()) == expected


def test_the_proposals_fixed_charge_up_to_an_invoice_and_its_dearer_tier_above_one() -> None:
    small = by_proposal("38.49", "0.865", "12.5", "1383.23", SOUTH)
    large = by_proposal("38.49", "0.865", "12.5", "10000.01", SOUTH)
    north = by_proposal("38.49", "0.865", "250", "1000.00", Lane("SC", "PA"))

    assert (small["ad_valorem"], small["risk_management"]) == ("4.37", "1.55")
    assert (large["ad_valorem"], large["risk_management"]) == ("31.60", "23.00")
    assert (north["ad_valorem"], north["risk_management"], north["toll"], north["administration"]) == (
        "8.63",
        "3.00",
        "25.89",
        "8.63",
    )


NET = {
    "toll": ("7.79", "8.37634409"),
    "risk_management": ("2.33607", "2.51190323"),
    "administration": ("6.51", "7.00000000"),
    "base": ("183.586024", "197.40432688"),
    "ad_valorem": ("7.397555", "7.95436022"),
}


def test_a_carriers_published_breakdown_with_tax_inside_each_part() -> None:
    """7.79 / 0.93 = 8.37634409 and so on, kept with eight decimals; 223.25 in all."""
    fees = [fee(name, amount=net) for name, (net, _) in NET.items() if name != "base"]
    seven = Tax("inside", {("*", "*"): percent("7")}, whole=False)

    charge = charged(row(NET["base"][0], fees), load(), tax=seven, component_unit=1)

    assert charge.cost == 223_25
    assert charge.parts == {
        "base": 197_40,
        "ad_valorem": 7_95,
        "risk_management": 2_51,
        "toll": 8_38,
        "administration": 7_00,
        "rounding": 1,
    }


@pytest.mark.parametrize(("net", "gross"), NET.values())
def test_each_part_of_the_breakdown_comes_out_to_its_eighth_decimal(net: str, gross: str) -> None:
    """A million times the part shows its eighth decimal in whole cents."""
    seven = Tax("inside", {("*", "*"): percent("7")}, whole=False)

    alone = charged(row(f"{Decimal(net) * 10**6}"), load(), tax=seven, component_unit=1)

    assert alone.cost == int(Decimal(gross) * 10**8)


def test_vtex_documents_a_minimum_of_insurance_that_replaces_the_percentage() -> None:
    """10 + max(10 % of 100, 15) = 25."""
    assert charged(row("10", [fee("ad_valorem", "10", least="15")]), load(value="100")).cost == 25_00


@pytest.mark.parametrize(
    ("price", "fees", "above", "value", "cents"),
    [("10", [fee("ad_valorem", "5")], "5", "180", 26_40), ("15", [fee("dispatch", amount="6")], "0", "0", 23_10)],
)
def test_vtex_documents_a_store_wide_percentage_over_everything(
    price: str, fees: list[Fee], above: str, value: str, cents: int
) -> None:
    """(10 + 5 % of 180 + 5 of extra weight) + 10 % = 26.40, and (15 + 6) + 10 % = 23.10."""
    found = row(price, fees, per_kg=above)

    assert charged(found, load("1", value), component("extra", "10", of="freight")).cost == cents


@pytest.mark.parametrize(("weight", "toll"), [("100", "10.00"), ("101", "20.00"), ("200", "20.00"), ("250", "30.00")])
def test_a_toll_for_each_started_hundred_kilograms(weight: str, toll: str) -> None:
    assert parts(row("0"), load(weight), component("toll", amount="10", per="started_100_kg"))["toll"] == toll


def test_six_tenths_of_a_percent_of_an_invoice() -> None:
    """An article on the steps of the hauliers' association: 725.00 at 0.60 % is 4.35."""
    assert parts(row("0", [fee("ad_valorem", "0.60")]), load(value="725.00"))["ad_valorem"] == "4.35"


@pytest.mark.parametrize(
    ("weight", "value", "insurance", "fixed", "per_kg", "customs", "tax", "cost"),
    [
        ("7", "50", "3", "13", "12", "0", "6", 104_79),
        ("7", "50", "2", "0", "14.5", "0", "6", 109_05),
        ("80", "120.5", "3", "5", "10", "0", "6", 860_23),
        ("80", "120.5", "2", "0", "7.5", "6", "7", 686_62),
        ("25", "200", "3", "7", "10", "0", "6", 279_79),
        ("25", "200", "3", "0", "13.5", "2", "7", 376_75),
        ("0.5", "1000", "2", "12", "7", "0", "6", 37_77),
        ("0.5", "1000", "2", "0", "10", "0", "6", 26_60),
    ],
)
def test_a_published_test_of_two_tables_rounded_up_once_at_the_end(
    weight: str, value: str, insurance: str, fixed: str, per_kg: str, customs: str, tax: str, cost: int
) -> None:
    """Insurance, a fixed charge, so much a kg, customs on all of it, then tax: 98.50 / 0.94 is 104.79."""
    fees = [fee("ad_valorem", insurance), fee("dispatch", amount=fixed), fee("customs", customs)]
    found = row("0", fees, per_kg=per_kg, tax=percent(tax))

    charge = charged(found, load(weight, value), Component("customs", of="freight"), component_unit=1, rounding="up")

    assert charge.cost == cost
