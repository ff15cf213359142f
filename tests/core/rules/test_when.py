"""The table `when`: each condition alone, all of them together, and why one is not met."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from shop import EXPRESS, NORMAL, brl, item, origin

from portes.contract import Offer
from portes.rules.conditions import conditions_of
from portes.rules.exclude import Exclude
from portes.rules.free_shipping import Free
from portes.rules.keep import Keep
from portes.rules.price import Price
from portes.rules.protocol import Occasion, Phase
from portes.rules.when import Binding, When

VASE = item("vase", 2, 1500, tags=("glass", "fragile"), declared_value=brl(8000))
SHIRT = item("shirt", 1, 300, declared_value=brl(4000))
UNPRICED = item("gift", 1, 300)
BLACK_FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
CART = (VASE, SHIRT)
OFFERS = [
    offer(1000, "a", service="n", notes=("risk_area",)),
    offer(1200, "b", service="n", notes=("sample_tariff",)),
    offer(1500, "b", service="x"),
]
CALLED = {("a", "n"): "an", ("b", "n"): "bn", ("b", "x"): "bx"}


def here(**more: Any) -> Occasion:
    """A vase is sent to São Paulo on a Friday in November, in a cart with a shirt."""
    asked = {"storefront": "NS", "moment": BLACK_FRIDAY, "cart": CART, "origin": origin(2), **more}
    return occasion(*asked.pop("items", (VASE,)), **asked)


def touched(when: dict[str, Any], there: Occasion, offers: list[Offer] = OFFERS) -> str:
    """The offers whose price a rule with these conditions sets to nothing, in short: `an bx`."""
    after = made(Price, set="0.00", when=when)(offers, there)
    return " ".join(CALLED[one.carrier, one.rate.service] for one in after if not one.price.minor)


@pytest.mark.parametrize(
    ("when", "covered"),
    [
        ({}, "an bn bx"),
        ({"carriers": ["b"]}, "bn bx"),
        ({"carriers": ["a", "b"]}, "an bn bx"),
        ({"services": ["n"]}, "an bn"),
        ({"services": ["b:n"]}, "bn"),
        ({"services": ["a:x"]}, ""),
        ({"delivery_types": ["normal"]}, "an bn bx"),
        ({"delivery_types": ["express"]}, ""),
        ({"notes": ["risk_area"]}, "an"),
        ({"notes": ["risk_area", "sample_tariff"]}, "an bn"),
        ({"notes": ["risk_area"], "carriers": ["b"]}, ""),
        ({"services": ["n"], "carriers": ["b"]}, "bn"),
    ],
)
def test_conditions_on_offers_choose_the_offers_that_a_rule_sees(when: dict[str, Any], covered: str) -> None:
    assert touched(when, here()) == covered


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"channels": ["test"]}, True),
        ({"channels": ["netshoes"]}, False),
        ({"storefronts": ["NS", "ZT"]}, True),
        ({"storefronts": ["ZT"]}, False),
        ({"origins": [2, 3]}, True),
        ({"origins": [1]}, False),
        ({"regions": ["01"]}, True),
        ({"regions": ["BR-SP/capital"]}, True),
        ({"regions": ["BR-SP/interior"]}, False),
        ({"regions": ["BR/capital"]}, True),
        ({"regions": ["BR/interior", "69"]}, False),
        ({"tags": ["fragile", "liquid"]}, True),
        ({"tags": ["Fragile"]}, False),
        ({"skus": ["vase"]}, True),
        ({"skus": ["shirt"]}, False),
        ({"tags": ["glass"], "skus": ["shirt"]}, False),
        ({"value_from": "200.00"}, True),
        ({"value_from": "200.01"}, False),
        ({"value_to": "200.00"}, True),
        ({"value_to": "199.99"}, False),
        ({"weight_from": 3300, "weight_to": 3300}, True),
        ({"weight_from": 3301}, False),
        ({"weight_to": 3299}, False),
        ({"units_from": 3, "units_to": 3}, True),
        ({"units_from": 4}, False),
        ({"longest_side_from": 250, "longest_side_to": 250}, True),
        ({"longest_side_to": 249}, False),
        ({"line_value_from": "160.00"}, True),
        ({"line_value_from": "160.01"}, False),
        ({"line_weight_from": 3000, "line_weight_to": 3000}, True),
        ({"line_weight_to": 2999}, False),
        ({"line_units_from": 2}, True),
        ({"line_units_from": 3}, False),
        ({"line_longest_side_from": 251}, False),
        ({"date_from": "2026-11-27", "date_to": "2026-11-27"}, True),
        ({"date_from": "2026-11-28"}, False),
        ({"date_to": "2026-11-26"}, False),
        ({"seasons": ["11-20..12-24"]}, True),
        ({"seasons": ["11-20..11-27"]}, True),
        ({"seasons": ["11-28..11-20"]}, False),
        ({"seasons": ["11-27..01-06"]}, True),
        ({"weekdays": ["fri"]}, True),
        ({"weekdays": ["mon", "sat"]}, False),
        ({"weekdays": ["fri"], "seasons": ["12-01..12-24"]}, False),
    ],
)
def test_conditions_on_the_question_hold_or_not(when: dict[str, Any], *, holds: bool) -> None:
    assert touched(when, here()) == ("an bn bx" if holds else "")


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"tags": ["fragile"]}, True),
        ({"tags": ["fragile"], "needs": "all"}, False),
        ({"skus": ["vase", "shirt"], "needs": "all"}, True),
        ({"tags": ["fragile"], "line_weight_to": 300}, False),
        ({"line_units_from": 1, "needs": "all"}, True),
        ({"line_units_from": 2, "needs": "all"}, False),
    ],
)
def test_one_line_meets_all_conditions_on_lines_or_every_line_does(when: dict[str, Any], *, holds: bool) -> None:
    assert touched(when, here(items=CART)) == ("an bn bx" if holds else "")


@pytest.mark.parametrize("key", ["value_from", "value_to"])
def test_a_condition_on_a_value_that_nobody_stated_is_not_met(key: str) -> None:
    amount = "0.00" if key == "value_from" else "9999.00"

    assert touched({key: amount}, here()) == "an bn bx"
    assert touched({key: amount}, here(cart=(*CART, UNPRICED))) == ""
    assert touched({f"line_{key}": amount}, here(items=(UNPRICED,))) == ""
    assert touched({f"line_{key}": amount}, here(items=(UNPRICED, SHIRT))) == "an bn bx"
    assert touched({f"line_{key}": amount, "needs": "all"}, here(items=(UNPRICED, SHIRT))) == ""


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({"value_from": "0.00"}, 'when.value_from: the declared value of "gift" is not known'),
        (
            {"line_value_from": "0.00", "needs": "all"},
            'when.line_value_from: the declared value of "gift" is not known',
        ),
        ({"weight_from": 9000}, "when.weight_from: the cart has 3600 g, which is below 9000 g"),
        ({"units_to": 2}, "when.units_to: the cart has 4 units, which is above 2 units"),
        ({"channels": ["netshoes"]}, 'when.channels: "test" is not among "netshoes"'),
        ({"origins": [1]}, "when.origins: 2 is not among 1"),
        ({"regions": ["69"]}, 'when.regions: BR 01512651 lies outside "69"'),
        ({"seasons": ["01-01..02-28"]}, "when.seasons: it was asked on fri 2026-11-27"),
        ({"weekdays": ["fri"], "date_to": "2026-01-01"}, "when.date_to: it was asked on fri 2026-11-27"),
        ({"skus": ["shoe"]}, 'when.skus: the line of "gift" is not among "shoe"'),
        ({"tags": ["soft"]}, 'when.tags: the line of "gift" has none of "soft"'),
        ({"notes": ["collect_at_office"]}, 'when.notes: the rate of a n has none of "collect_at_office"'),
        ({"services": ["b:y"]}, 'when.services: "a:n" is not among "b:y"'),
        ({"carriers": ["c"], "channels": ["netshoes"]}, 'when.channels: "test" is not among "netshoes"'),
        ({"channels": ["test"], "carriers": ["a"]}, ""),
    ],
)
def test_the_first_condition_that_is_not_met_is_told_with_what_is_so(when: dict[str, Any], why: str) -> None:
    conditions = conditions_of([Binding(When(**when))], "BRL", Phase.SHIPMENT)

    told = conditions.unmet(here(items=(UNPRICED,), cart=(*CART, UNPRICED)), OFFERS)

    assert told == why


CONDITIONS: dict[str, list[Any]] = {
    "carriers": [["a"], ["b"], ["c"]],
    "services": [["n"], ["b:x"]],
    "notes": [["risk_area"]],
    "regions": [["01"], ["69"], ["BR/capital"]],
    "tags": [["glass"], ["soft"]],
    "skus": [["vase"], ["shirt"]],
    "value_from": ["100.00", "300.00"],
    "line_units_from": [1, 2],
    "weekdays": [["fri"], ["mon"]],
    "seasons": [["11-01..11-30"]],
    "needs": ["all", "any"],
}
tables = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in CONDITIONS.items()})


@given(tables, st.sampled_from(sorted(CONDITIONS)), st.data())
def test_one_condition_more_never_widens_a_rule(when: dict[str, Any], key: str, data: st.DataObject) -> None:
    if key == "needs":
        fewer, more = {**when, "needs": "any"}, {**when, "needs": "all"}
    else:
        fewer = {name: value for name, value in when.items() if name != key}
        more = {**fewer, key: data.draw(st.sampled_from(CONDITIONS[key]))}
    there = here(items=CART)

    assert set(touched(more, there).split()) <= set(touched(fewer, there).split())


@given(tables, tables)
def test_two_sets_of_conditions_cover_what_both_cover(one: dict[str, Any], other: dict[str, Any]) -> None:
    bindings = [Binding(When(**one)), Binding(When(**other))]
    both, there = conditions_of(bindings, "BRL", Phase.SHIPMENT), here(items=CART)
    covered = {CALLED[each.carrier, each.rate.service] for each in OFFERS if both.hold(there) and both.cover(each)}

    assert covered == set(touched(one, there).split()) & set(touched(other, there).split())


def test_a_rule_that_keeps_one_offer_chooses_among_those_that_its_conditions_cover() -> None:
    offers = [offer(1000, "a"), offer(1300, "b"), offer(1200, "c"), offer(1100, "d")]

    kept = made(Keep, which="cheapest", when={"carriers": ["b", "c"]})(offers, here())

    assert [one.carrier for one in kept] == ["a", "c", "d"]


def test_a_rule_of_the_cart_covers_the_offers_of_its_origins() -> None:
    lines = [[offer(900, "a", origin=1)], [offer(900, "a", origin=2)]]

    assert made(Free, when={"origins": [1]})(lines, here()) == lines
    assert all(not one.price.minor for line in made(Free, when={"origins": [1, 2]})(lines, here()) for one in line)


def test_exclude_by_what_only_an_answer_tells_drops_the_offers_that_it_covers() -> None:
    asked_not = made(Exclude, when={"carriers": ["a"], "regions": ["01"]})
    dropped = made(Exclude, when={"notes": ["risk_area"], "regions": ["01"]})

    assert [asked_not(carrier, here()) for carrier in "ab"] == [False, True]
    assert [one.carrier for one in dropped(OFFERS, here())] == ["b", "b"]
    assert dropped(OFFERS, here(to="69005010")) == OFFERS


def test_both_the_table_and_the_short_keys_bind_a_short_form() -> None:
    asked_not = made(Exclude, regions=["01"], when={"weekdays": ["fri"]})

    assert not asked_not("a", here())
    assert asked_not("a", here(to="69005010"))
    assert asked_not("a", here(moment=datetime(2026, 11, 26, 15, 0, tzinfo=UTC)))


def test_a_type_of_delivery_is_a_condition_of_offers() -> None:
    offers = [offer(1000, "a", delivery=EXPRESS), offer(1000, "b", delivery=NORMAL)]

    after = made(Price, set="0.00", when={"delivery_types": ["express"]})(offers, here())

    assert [one.price.minor for one in after] == [0, 1000]
