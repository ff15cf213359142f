"""What goes in at the plan and must come out at the quote, one sentence each; the oracle tries their mixtures."""

from typing import Any

import pytest
from offers import made
from shop import EXPRESS, brl, failure, item, member, origin, quoted, rate, refusal, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, Quote
from portes.rules.free_shipping import FreeShipping


def shelf(**entries: Any) -> Catalogue:
    return Catalogue({sku: CatalogueEntry(**fields) for sku, fields in entries.items()})


def prices(quote: Quote) -> list[list[int]]:
    return [[offer.price.minor for offer in line.offers] for line in quote.lines]


def test_a_cart_is_free_by_the_values_that_only_the_catalogue_states() -> None:
    stock = shelf(x={"declared_value": brl(6000)}, y={"declared_value": brl(4000)})
    free = [made(FreeShipping, threshold="100.00")]

    assert prices(quoted(request(item("x"), item("y")), catalogue=stock, cart_rules=free)) == [[0], [0]]


def test_a_cart_is_free_by_the_tags_that_only_the_catalogue_states() -> None:
    free = [made(FreeShipping, tags=["summer"])]

    assert prices(quoted(request(item("x")), catalogue=shelf(x={"tags": ("summer",)}), cart_rules=free)) == [[0]]


def test_the_type_that_becomes_free_is_the_cheapest_to_the_shopper_and_not_to_the_shop() -> None:
    billed_less = service("e", EXPRESS, extra_cost=5000)
    carrier = member("a", lambda _: [rate("n", cost=1000), rate("e", cost=500)], service("n"), billed_less)
    quote = quoted(request(), carrier, cart_rules=[made(FreeShipping, regions=["0"])])

    assert [(offer.delivery, offer.price.minor) for offer in quote.lines[0].offers] == [("normal", 0), (EXPRESS, 5500)]


@pytest.mark.parametrize("quick", [(1, 3), (2, 4)], ids=["earlier last day", "earlier first day"])
def test_of_two_offers_that_cost_the_shop_the_same_the_quicker_becomes_free(quick: tuple[int, int]) -> None:
    slow = member("slow", lambda _: [rate(days=(3, 4))])
    quick_and_dear = member("quick", lambda _: [rate(days=quick)], service(extra_cost=250))
    quote = quoted(request(), slow, quick_and_dear, cart_rules=[made(FreeShipping, regions=["0"])])

    assert [(offer.carrier, offer.price.minor) for offer in quote.lines[0].offers] == [("quick", 0), ("slow", 1000)]


@pytest.mark.parametrize("answered", [["x", "n", "y"], ["y", "n", "x"]], ids=["as asked", "backwards"])
def test_offers_alike_in_price_and_days_stand_in_the_order_of_the_settings_whatever_their_types(
    answered: list[str],
) -> None:
    services = (service("x", EXPRESS), service("n"), service("y", EXPRESS))
    both = [member(key, lambda _: [rate(code) for code in answered], *services) for key in ("a", "b")]
    (line,) = quoted(request(), *both).lines

    expected = [(key, code) for key in ("a", "b") for code in ("x", "n", "y")]
    assert [(offer.carrier, offer.rate.service) for offer in line.offers] == expected


def test_of_two_equally_cheap_rates_of_a_fallback_the_quicker_stands_in() -> None:
    failing = member("live", lambda _: [failure()], fallback="table")
    both = [rate("slow", days=(2, 9)), rate("quick", days=(2, 3))]
    table = member("table", lambda _: both, service("slow"), service("quick"), fallback_only=True)
    (line,) = quoted(request(), failing, fallbacks={"table": table}).lines

    assert [(offer.rate.service, offer.lead_time.max) for offer in line.offers] == [("n", 3)]


def test_a_line_with_two_of_the_origins_chosen_leaves_the_one_it_prefers() -> None:
    stock = shelf(x={"origins": (1,)}, y={"origins": (2,)}, z={"origins": (2, 1)})
    quote = quoted(
        request(item("x"), item("y"), item("z")), origins=[origin(1), origin(2)], catalogue=stock, lines="together"
    )

    assert [line.offers[0].origin_id for line in quote.lines] == [1, 2, 2]


def test_a_joint_price_is_apportioned_with_the_stores_own_cubic_divisor() -> None:
    cube = Dimensions(length=100, width=100, height=100)  # a litre: 167 g by 6000, and a kilogram by 1000
    asked = request(item("dense", weight=1000, size=cube), item("light", weight=1, size=cube))
    carrier = member("a", lambda _: [rate(cost=3000)])

    assert prices(quoted(asked, carrier, lines="together", cubic_divisor=1000)) == [[1500], [1500]]


@pytest.mark.parametrize("decision", ["refuse", "unknown"])
def test_a_sku_that_is_in_no_catalogue_is_told_with_no_origin_and_for_every_service(decision: str) -> None:
    members = [member("a", None, service("n"), service("e", EXPRESS)), member("b", None, service("f"))]
    (line,) = quoted(request(item("new")), *members, catalogue=shelf(x={}), unknown_sku=decision).lines
    said = line.refusals if decision == "refuse" else line.failures

    assert [(one.carrier, one.delivery, one.origin_id) for one in said] == [
        ("a", "normal", 0), ("a", "express", 0), ("b", "normal", 0),
    ]  # fmt: skip
    assert len(line.refusals) + len(line.failures) == len(said)


def test_refusals_and_failures_are_told_with_the_origin_they_are_about() -> None:
    both = member("a", lambda _: [refusal("n"), failure("e")], service("n"), service("e", EXPRESS))
    (line,) = quoted(request(), both, origins=[origin(7)]).lines

    assert [said.origin_id for said in line.refusals] == [7]
    assert [said.origin_id for said in line.failures] == [7]
