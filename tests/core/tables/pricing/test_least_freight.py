"""In which order a price is worked out, and what is missing to the least freight."""

import pytest
from tariffs import brl, charged, component, fee, load, parts, row

from portes.tables import Component, Tariff, tariff_fault


def test_parts_come_in_the_usual_order_whatever_the_order_of_row_and_tariff() -> None:
    fees = [fee("extra", amount="1"), fee("toll", amount="1"), fee("ad_valorem", amount="1")]
    components = (component("own", amount="1"), component("document", amount="1"), component("risk", amount="1"))

    names = list(parts(row("1", fees, minimum="20"), load(), *components))

    assert names == ["base", "ad_valorem", "toll", "document", "risk", "own", "extra", "minimum"]


def test_an_order_comes_before_the_usual_one_and_base_stays_first() -> None:
    components = (component("ad_valorem", amount="1"), component("toll", amount="1"), component("dispatch", amount="1"))

    names = list(parts(row("1"), load(), *components, order=("toll", "ad_valorem")))

    assert names == ["base", "toll", "ad_valorem", "dispatch"]


def test_what_is_missing_to_the_least_freight_is_a_part_of_its_own() -> None:
    assert parts(row("10"), load(), component("toll", amount="5"), least_freight=brl("40"))["minimum"] == "25.00"
    assert "minimum" not in parts(row("38"), load(), component("toll", amount="5"), least_freight=brl("40"))


@pytest.mark.parametrize(("of_row", "of_tariff"), [("40", "30"), ("30", "40")])
def test_the_larger_least_of_row_and_tariff_counts(of_row: str, of_tariff: str) -> None:
    assert charged(row("10", minimum=of_row), load(), least_freight=brl(of_tariff)).cost == 40_00


@pytest.mark.parametrize(
    "membership", [{"outside_least": ("toll",)}, {"least_of": ("base", "dispatch")}, {"order": ("minimum", "toll")}]
)
def test_what_is_outside_the_least_freight_is_added_on_top(membership: dict[str, tuple[str, ...]]) -> None:
    components = (component("dispatch", amount="3"), component("toll", amount="5"))

    found = parts(row("10"), load(), *components, least_freight=brl("40"), **membership)

    assert (found["minimum"], found["toll"]) == ("27.00", "5.00")


def test_a_percentage_after_the_minimum_is_of_the_minimum_too() -> None:
    extra = component("extra", "10")

    assert parts(row("10"), load(), extra, least_freight=brl("40"))["extra"] == "1.00"
    assert parts(row("10"), load(), extra, least_freight=brl("40"), order=("minimum", "extra"))["extra"] == "4.00"


FREIGHT = Component("toll")
ONLY_HERE = component("toll", amount="1", states=frozenset(["AM"]))


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (
            Tariff((Component("risk", 0, percent=1, of=("extra",)),)),
            "risk is a percentage of extra, which does not come",
        ),
        (Tariff((Component("risk", 0, percent=1, of=("risk",)),)), "risk is a percentage of risk, which does not come"),
        (Tariff((Component("risk", 0, percent=1, of=("tol",)),)), "risk is a percentage of tol, which is no component"),
        (Tariff((Component("own", percent=1),)), 'what the percentage of own is of is not said; write of = "value"'),
        (Tariff((FREIGHT, ONLY_HERE)), "a second component toll never applies"),
        (Tariff(order=("toll", "toll")), "order names toll twice"),
        (Tariff(order=("tol",)), "order names tol, which is no component"),
        (Tariff(order=("tax",)), "order names tax, which is no component"),
        (Tariff(least_of=("minimum",)), "least_of names minimum, which is no component"),
        (Tariff(outside_least=("tol",)), "outside_least names tol, which is no component"),
        (Tariff(least_of=("base",), outside_least=("toll",)), "least_of and outside_least say the same"),
        (
            Tariff(least_of=("toll",), order=("minimum", "toll")),
            "toll counts towards the least freight and comes after",
        ),
    ],
)
def test_a_tariff_that_contradicts_itself_is_told_with_the_fix(tariff: Tariff, words: str) -> None:
    fault = tariff_fault(tariff)

    assert words in fault
    assert "; " in fault


@pytest.mark.parametrize(
    "tariff",
    [
        Tariff(),
        Tariff((ONLY_HERE, FREIGHT), order=("toll", "minimum", "extra"), outside_least=("toll",)),
        Tariff((Component("risk", percent=1, of=("base", "toll", "minimum")),), order=("minimum", "risk")),
    ],
)
def test_a_sound_tariff_has_no_fault(tariff: Tariff) -> None:
    assert tariff_fault(tariff) == ""
