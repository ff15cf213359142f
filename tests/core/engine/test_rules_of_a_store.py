"""Rules in a whole quote: order is the policy, joint prices are shared out to the cent, promises move with days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made
from shop import EXPRESS, brl, item, member, origin, quoted, rate, request, service

from portes.contract import Offer, Quote, Verdict
from portes.rules.days import DaysRule
from portes.rules.exclude import Exclude
from portes.rules.free_shipping import Free
from portes.rules.keep import Keep
from portes.rules.not_slower_than import NotSlowerThan
from portes.rules.price import Price
from portes.rules.protocol import RulePlugin
from portes.rules.subsidy import Subsidy

NEVER = {"regions": ["69"]}
ACTIONS: Sequence[tuple[type[RulePlugin], dict[str, Any]]] = (
    (Price, {"percent": "-33.3", "fixed": "-1.07"}),
    (Price, {"per_kg": "1.99", "ending": "0.90"}),
    (Price, {"set": "7.77"}),
    (Price, {"least": "9.99", "most": "12.01"}),
    (DaysRule, {"more": 2}),
    (Keep, {"which": "cheapest"}),
    (Keep, {"which": "fastest"}),
    (Exclude, {"when": {"services": ["n"], "carriers": ["b"], "delivery_types": ["normal"]}}),
)


def carriers(*costs: int) -> list[Any]:
    """Carriers a, b, … with one normal service each, and an express one that costs twice as much."""
    return [
        member(
            "abcd"[number],
            lambda _, cost=cost, number=number: [rate("n", cost, (2 + number, 4)), rate("x", 2 * cost, (1, 1))],  # type: ignore[misc]
            service("n"),
            service("x", EXPRESS),
        )
        for number, cost in enumerate(costs)
    ]


def answered(rules: Sequence[Any], *costs: int, lines: int = 3, **more: Any) -> Quote:
    """What a store with these rules on shipments says of some lines that travel together."""
    asked = request(*(item(f"sku-{number}", number + 1, 400 + 133 * number) for number in range(lines)))
    return quoted(asked, *carriers(*costs), lines="together", shipment_rules=rules, **more)


def totals(quote: Quote) -> dict[tuple[str, str], int]:
    """What each service costs for all lines together."""
    sums: dict[tuple[str, str], int] = {}
    for line in quote.lines:
        for each in line.offers:
            key = each.carrier, each.rate.service
            sums[key] = sums.get(key, 0) + each.price.minor
    return sums


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=3),
    st.lists(st.sampled_from(ACTIONS), max_size=4),
    st.integers(1, 4),
)
def test_a_joint_price_is_shared_out_to_the_cent_after_whatever_rules(
    costs: list[int], actions: list[tuple[type[RulePlugin], dict[str, Any]]], lines: int
) -> None:
    rules = [made(plugin, **keys) for plugin, keys in actions]

    alone, shared = answered(rules, *costs, lines=1), answered(rules, *costs, lines=lines)

    weights = {1: 400, 2: 1466, 3: 3464, 4: 6660}
    if not any("per_kg" in keys for _, keys in actions) or weights[lines] == weights[1]:
        assert totals(shared) == totals(alone)
    assert all(each.price.minor >= 0 for line in shared.lines for each in line.offers)
    assert len({tuple((each.carrier, each.rate) for each in line.offers) for line in shared.lines}) == 1


@pytest.mark.parametrize(("plugin", "keys"), ACTIONS[:-1])
def test_without_conditions_a_rule_applies_everywhere_and_with_unmet_ones_nowhere(
    plugin: type[RulePlugin], keys: dict[str, Any]
) -> None:
    plain = answered([], 1000, 1500)

    assert answered([made(plugin, **keys)], 1000, 1500).lines != plain.lines
    assert answered([made(plugin, **keys, when=NEVER)], 1000, 1500).lines == plain.lines


def test_the_order_of_the_rules_is_the_policy() -> None:
    dearer = made(Price, percent=100, when={"carriers": ["a"]})
    keep = made(Keep, which="cheapest")

    first = totals(answered([dearer, keep], 1000, 1500))
    last = totals(answered([keep, dearer], 1000, 1500))

    assert first == {("b", "n"): 1500, ("b", "x"): 3000}
    assert last == {("a", "n"): 2000, ("a", "x"): 4000}


def test_days_that_a_rule_adds_are_promised_and_seen_by_the_rules_behind_it() -> None:
    later, limit = made(DaysRule, more=2, when={"carriers": ["a"]}), made(NotSlowerThan, days=5)
    plain = {each.carrier: each.lead_time for each in normal(answered([], 1000, 1500))}

    told = {each.carrier: each.lead_time for each in normal(answered([later], 1000, 1500))}

    assert plain["a"].max == 4
    assert (told["a"].min, told["a"].max) == (plain["a"].min + 2, plain["a"].max + 2)
    assert (plain["a"].latest, told["a"].latest) == (date(2026, 3, 6), date(2026, 3, 10))
    assert told["b"] == plain["b"]
    assert [each.carrier for each in normal(answered([later, limit], 1000, 1500))] == ["b"]
    assert [each.carrier for each in normal(answered([limit, later], 1000, 1500))] == ["a", "b"]


def normal(quote: Quote) -> list[Offer]:
    return [each for each in quote.lines[0].offers if each.rate.service == "n"]


def test_a_condition_on_the_cart_sees_every_line_of_a_store_whose_lines_travel_alone() -> None:
    two = request(item("a", declared_value=brl(6000)), item("b", declared_value=brl(6000)))
    doubled = [made(Price, percent=100, when={"value_from": "120.00"})]
    alone = [made(Price, percent=100, when={"line_value_from": "120.00"})]

    assert [line.offers[0].price.minor for line in quoted(two, shipment_rules=doubled).lines] == [2000, 2000]
    assert [line.offers[0].price.minor for line in quoted(two, shipment_rules=alone).lines] == [1000, 1000]


def test_a_rule_of_an_origin_concerns_what_leaves_from_there() -> None:
    rules = [made(Exclude, when={"origins": [1]})]

    assert quoted(request(), plan_rules=rules).verdict is Verdict.NOT_SERVED
    assert quoted(request(), origins=[origin(2)], plan_rules=rules).verdict is Verdict.SERVED


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=3), st.integers(1, 20_000), st.integers(1, 4))
def test_a_subsidy_is_paid_once_a_cart_and_type_to_the_cent(costs: list[int], most: int, lines: int) -> None:
    paid = made(Subsidy, up_to=f"{most // 100}.{most % 100:02}")

    before, after = (
        totals(answered([], *costs, lines=lines)),
        totals(answered([], *costs, lines=lines, cart_rules=[paid])),
    )

    for number in ("n", "x"):
        cheapest = min((price, key) for key, price in before.items() if key[1] == number)
        lowest = sum(
            min(each.price.minor for each in line.offers if each.rate.service == number)
            for line in answered([], *costs, lines=lines).lines
        )
        assert cheapest[0] - after[cheapest[1]] == min(most, lowest)
    assert min(after.values()) >= 0


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        ({"up_to": "3.00", "when": {"carriers": ["b"]}}, ("b", 800)),
        ({"up_to": "3.00", "when": {"delivery_types": ["express"]}}, ("a", 1000)),
        ({"up_to": "12.00", "when": {"delivery_types": ["express"]}}, ("a", 800)),
        ({"up_to": "1.00", "when": {"carriers": ["b"]}}, ("a", 1000)),
    ],
)
def test_what_a_subsidy_makes_the_cheapest_stands_first(keys: dict[str, Any], first: tuple[str, int]) -> None:
    (line,) = answered([], 1000, 1100, lines=1, cart_rules=[made(Subsidy, **keys)]).lines

    prices = [each.price.minor for each in line.offers]
    assert (line.offers[0].carrier, line.offers[0].price.minor) == first
    assert prices == sorted(prices)


def test_an_offer_that_becomes_free_stands_first_whoever_else_offers() -> None:
    free = made(Free, when={"carriers": ["b", "c"], "delivery_types": ["normal"]})
    (line,) = answered([], 900, 1000, 1100, lines=1, cart_rules=[free]).lines

    assert (line.offers[0].carrier, line.offers[0].price.minor) == ("b", 0)


def test_lines_that_leave_together_go_on_to_be_offered_by_one_carrier_whatever_cents_a_subsidy_leaves_them() -> None:
    for most in range(1, 60):
        paid = made(Subsidy, up_to=f"0.{most:02}", when={"carriers": ["b"]})
        quote = answered([], 1000, 1030, cart_rules=[paid])
        firsts = [next(each for each in line.offers if each.delivery == "normal") for line in quote.lines]

        cheaper = "b" if 1030 - most < 1000 else "a"
        assert [each.carrier for each in firsts] == [cheaper] * 3, most


def test_a_rule_of_the_cart_that_finds_nothing_to_do_leaves_every_offer_in_its_place() -> None:
    def nothing(lines: Sequence[Sequence[Offer]], _: Any) -> Sequence[Sequence[Offer]]:
        return [[one.model_copy() for one in line] for line in lines]

    quick = member("quick", lambda _: [rate("x", 999, (1, 1))], service("x", EXPRESS))
    slow = member("slow", lambda _: [rate("n", 998, (2, 4))], service("n"))
    lines = request(item("heavy", 1, 40_000), item("feather", 1, 100))

    plain = quoted(lines, quick, slow, lines="together")
    ruled = quoted(lines, quick, slow, lines="together", cart_rules=[nothing])

    cheaper, dearer = plain.lines[1].offers
    assert (cheaper.carrier, cheaper.price) == ("slow", dearer.price)  # their shares differ by less than a cent
    assert plain.lines == ruled.lines


CONDITIONS: dict[str, Sequence[Any]] = {
    "carriers": [["a"], ["b"], ["a", "c"]],
    "services": [["n"], ["b:x", "a:n"]],
    "delivery_types": [["normal"], ["express"]],
    "regions": [["01"], ["BR/interior"]],
    "origins": [[1], [2]],
    "weight_from": [1000, 5000],
    "line_units_from": [2, 4],
    "weekdays": [["mon"], ["tue"]],
    "value_from": ["0.00"],
    "channels": [["test"], ["native"]],
}


def freed(when: dict[str, Any]) -> set[tuple[int, str, str]]:
    """Line, carrier and service of every offer that a rule with these conditions gives away."""
    quote = answered([made(Price, set="0.00", when=when)], 1000, 1100, 1200)
    offers = [(number, each) for number, line in enumerate(quote.lines) for each in line.offers]
    return {(number, each.carrier, each.rate.service) for number, each in offers if not each.price.minor}


SINGLE = [{key: value} for key, values in CONDITIONS.items() for value in values]


@pytest.mark.parametrize("one", SINGLE, ids=str)
def test_a_second_condition_never_widens_a_rule_of_a_quote(one: dict[str, Any]) -> None:
    alone = freed(one)

    assert [other for other in SINGLE if not freed({**other, **one}) <= alone] == []


def test_without_a_condition_a_rule_concerns_every_offer_of_every_line() -> None:
    assert len(freed({})) == 18


@given(st.lists(st.sampled_from(SINGLE), max_size=4), st.sampled_from(SINGLE))
def test_one_condition_more_never_widens_a_rule_of_a_quote(some: list[dict[str, Any]], more: dict[str, Any]) -> None:
    fewer = {key: value for each in some for key, value in each.items()}

    assert freed({**more, **fewer}) <= freed(fewer)
