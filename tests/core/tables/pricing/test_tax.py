"""The tax on a price: inside it, by lane, and what it is worked out on."""

from collections.abc import Mapping

import pytest
from tariffs import brl, charged, component, fee, load, parts, percent, row

from portes.tables import FactNeededError, Lane, Tariff, TariffPricer, Tax

ROW = row("88")


def inside(rates: Mapping[str, str], **more: object) -> Tax:
    lanes = {lane.partition("-")[::2]: percent(rate) for lane, rate in rates.items()}
    return Tax("inside", lanes, **more)  # type: ignore[arg-type]


def rate(tax: Tax, origin: str, destination: str) -> int:
    """The rate in whole percent that a price of 100.00 shows."""
    charge = charged(row("100"), load(), lane=Lane(origin, destination), tax=tax)
    return round(charge.parts.get("tax", 0) * 100 / charge.cost)


def test_the_tax_is_inside_the_price_and_comes_after_the_least_freight() -> None:
    tax = inside({"SC-PR": "12"})

    assert parts(row("10"), load(), lane=Lane("SC", "PR"), tax=tax, least_freight=brl("88")) == {
        "base": "10.00",
        "minimum": "78.00",
        "tax": "12.00",
    }


@pytest.mark.parametrize("kind", ["included", "none"])
def test_a_price_that_includes_its_tax_or_has_none_stays_as_it_is(kind: str) -> None:
    assert parts(row("88", tax=percent("12")), load(), tax=Tax(kind)) == {"base": "88.00"}  # type: ignore[arg-type]


def test_without_a_tax_in_the_settings_only_a_row_that_states_its_rate_is_taxed() -> None:
    assert parts(row("88", tax=percent("12")), load())["tax"] == "12.00"
    assert parts(ROW, load()) == {"base": "88.00"}


def test_the_rate_of_a_row_wins_over_the_lanes_and_needs_none() -> None:
    lane = Lane("SC", "PR")

    assert charged(row("93", tax=percent("7")), load(), lane=lane, tax=inside({"SC-PR": "12"})).cost == 100_00
    assert charged(row("93", tax=percent("7")), load(), lane=lane, tax=inside({})).cost == 100_00
    assert charged(row("93", tax=0), load(), lane=lane, tax=inside({"SC-PR": "12"})).cost == 93_00


def test_the_most_specific_lane_gives_the_rate() -> None:
    tax = inside({"*-*": "1", "*-PR": "2", "SC-*": "3", "SC-PR": "4"})

    assert [rate(tax, *lane) for lane in (("SC", "PR"), ("SC", "SP"), ("RS", "PR"), ("RS", "SP"))] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        ("SC", "PR", 12),
        ("SP", "MG", 12),
        ("SP", "ES", 7),
        ("SP", "BA", 7),
        ("RS", "AM", 7),
        ("RJ", "GO", 7),
        ("ES", "SP", 12),
        ("ES", "BA", 12),
        ("BA", "SP", 12),
        ("AM", "GO", 12),
    ],
)
def test_between_states_of_brazil_the_general_rates_hold(origin: str, destination: str, expected: int) -> None:
    assert rate(inside({}, interstate="BR"), origin, destination) == expected


def test_a_lane_that_is_written_wins_over_the_general_rates_and_any_lane_does_not() -> None:
    tax = inside({"SC-*": "3", "*-*": "18"}, interstate="BR")

    assert [rate(tax, *lane) for lane in (("SC", "PR"), ("RS", "PR"), ("RS", "RS"))] == [3, 12, 18]


def test_within_a_state_its_own_rate_is_asked_for_by_its_key() -> None:
    with pytest.raises(FactNeededError, match='no rate of tax is given for SP-SP; write "SP-SP" = "…"'):
        charged(ROW, load(), lane=Lane("SP", "SP"), tax=inside({"SC-PR": "12"}, interstate="BR"))


@pytest.mark.parametrize("lane", [Lane("", "PR"), Lane("SC", ""), Lane()])
def test_a_lane_of_a_state_that_nobody_knows_has_no_general_rate(lane: Lane) -> None:
    with pytest.raises(FactNeededError, match="state of a postal code is not known"):
        charged(ROW, load(), lane=lane, tax=inside({}, interstate="BR"))


def test_one_rate_for_any_lane_asks_for_no_state() -> None:
    tax = inside({"*-*": "12"})

    assert not TariffPricer(Tariff(tax=tax)).needs_states
    assert charged(ROW, load(), tax=tax).cost == 100_00
    assert TariffPricer(Tariff(tax=inside({"SC-PR": "12"}))).needs_states


def test_taxed_by_part_each_part_shows_its_tax_and_there_is_no_part_tax() -> None:
    tax = inside({"*-*": "12"}, whole=False)
    found = row("44", [fee("toll", amount="22")], minimum="88")

    assert parts(found, load(), component("toll"), tax=tax) == {"base": "50.00", "toll": "25.00", "minimum": "25.00"}


def test_a_tax_on_nothing_is_nothing() -> None:
    assert parts(row("0"), load(), tax=inside({"*-*": "12"})) == {"base": "0.00"}
