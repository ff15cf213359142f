"""`cheapest`, `fastest`, `preferred`: one offer stays; and the order of those that stay."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from shop import EXPRESS

from portes.contract import Offer
from portes.rules.cheapest import Cheapest
from portes.rules.fastest import Fastest
from portes.rules.order import order
from portes.rules.preferred import Preferred

CHEAP, QUICK, DEAR = offer(900, "cheap", (4, 7)), offer(1100, "quick", (1, 2)), offer(1500, "dear", (3, 3))

some_offers = st.lists(
    st.builds(
        lambda price, carrier, days: offer(price, carrier, (days[0], days[1])),
        st.integers(0, 5).map(lambda price: price * 100),
        st.sampled_from("abc"),
        st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted),
    ),
    max_size=6,
)
recorders = st.sampled_from([made(Cheapest), made(Fastest), made(Preferred, carriers=["b", "a"])])


def kept(plugin: Any, offers: Sequence[Offer], **keys: Any) -> list[str]:
    return [one.carrier for one in made(plugin, **keys)(offers, occasion())]


def test_the_cheapest_stays() -> None:
    assert kept(Cheapest, [DEAR, QUICK, CHEAP]) == ["cheap"]


def test_the_fastest_stays_by_its_latest_day() -> None:
    assert kept(Fastest, [CHEAP, DEAR, QUICK]) == ["quick"]
    assert kept(Fastest, [offer(500, "perhaps", (1, 9)), offer(900, "sure", (3, 4))]) == ["sure"]


def test_of_equally_cheap_offers_the_faster_stays() -> None:
    assert kept(Cheapest, [offer(900, "a", (2, 5)), offer(900, "b", (2, 4)), offer(900, "c", (3, 4))]) == ["b"]


def test_of_equally_fast_offers_the_cheaper_stays() -> None:
    assert kept(Fastest, [offer(900, "a", (2, 4)), offer(800, "b", (2, 4)), offer(700, "c", (3, 4))]) == ["b"]


@pytest.mark.parametrize("plugin", [Cheapest, Fastest])
def test_of_equal_offers_the_first_in_the_settings_stays(plugin: Any) -> None:
    assert kept(plugin, [offer(carrier="a"), offer(carrier="b")]) == ["a"]
    assert kept(plugin, [offer(carrier="b"), offer(carrier="a")]) == ["b"]


def test_the_most_preferred_carrier_that_offers_stays_whatever_it_costs() -> None:
    assert kept(Preferred, [CHEAP, QUICK, DEAR], carriers=["dear", "cheap"]) == ["dear"]
    assert kept(Preferred, [CHEAP, QUICK], carriers=["dear", "cheap"]) == ["cheap"]


def test_of_two_offers_of_the_preferred_carrier_the_cheaper_stays() -> None:
    offers = [offer(900, "b"), offer(1200, "a"), offer(1100, "a")]

    assert [offers[2]] == made(Preferred, carriers=["a"])(offers, occasion())


def test_without_any_preferred_carrier_all_offers_stay() -> None:
    assert kept(Preferred, [CHEAP, QUICK], carriers=["dear"]) == ["cheap", "quick"]


def test_a_carrier_named_twice_counts_where_it_is_named_first() -> None:
    assert kept(Preferred, [offer(100, "b"), offer(200, "a")], carriers=["a", "b", "a"]) == ["a"]


@pytest.mark.parametrize(
    "keys", [{"regions": ["69"]}, {"storefronts": ["ZT"]}, {"delivery_types": ["express", "super_express"]}]
)
@pytest.mark.parametrize("rule", [(Cheapest, {}), (Fastest, {}), (Preferred, {"carriers": ["dear"]})])
def test_out_of_its_scope_a_rule_keeps_everything(rule: tuple[Any, dict[str, Any]], keys: dict[str, Any]) -> None:
    plugin, own = rule

    assert kept(plugin, [CHEAP, QUICK, DEAR], **own, **keys) == ["cheap", "quick", "dear"]


def test_an_offer_out_of_scope_is_no_rival() -> None:
    offers = [CHEAP, QUICK, offer(100, "express", delivery=EXPRESS)]

    assert kept(Cheapest, offers, delivery_types=["normal"]) == ["cheap", "express"]


def test_a_preferred_carrier_out_of_scope_decides_nothing() -> None:
    offers = [CHEAP, QUICK, offer(100, "dear", delivery=EXPRESS)]

    assert kept(Preferred, offers, carriers=["dear"], delivery_types=["normal"]) == ["cheap", "quick", "dear"]


@given(recorders, some_offers)
def test_a_keeping_rule_keeps_one_of_what_it_got_or_all_it_does_not_know(rule: Any, offers: list[Offer]) -> None:
    left = rule(offers, occasion())

    assert all(any(one is before for before in offers) for one in left)
    assert len(left) <= 1 or left == offers
    assert bool(left) == bool(offers)
    assert left == rule(left, occasion())


@given(some_offers)
def test_the_cheapest_is_the_first_in_order(offers: list[Offer]) -> None:
    assert order(offers)[:1] == list(made(Cheapest)(offers, occasion()))


def test_offers_stand_cheaper_first_then_faster_then_as_the_settings_stand() -> None:
    first, second, third = offer(900, "c", (2, 3)), offer(900, "d", (3, 3)), offer(900, "a", (1, 4))
    twin = offer(900, "b", (1, 4))

    assert [first, second, third, twin, DEAR] == order([DEAR, third, twin, second, first])
