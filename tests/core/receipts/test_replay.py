"""A recorded quote decided again: the same under the same settings, else the first difference; each step told."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keeping import receipt_of
from offers import made
from shop import (
    EXPRESS,
    NORMAL,
    SUPER_EXPRESS,
    FrozenClock,
    failure,
    item,
    member,
    origin,
    policy,
    rate,
    refusal,
    request,
    service,
)

from portes.contract import ParcelLimits, QuoteRequest
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.engine.trace import Derivation, derived
from portes.packing import totals
from portes.receipts.receipt import Receipt
from portes.receipts.replay import Difference, replan, replay_difference
from portes.rules.cheapest import Cheapest
from portes.rules.exclude import Exclude
from portes.rules.free_shipping import FreeShipping
from portes.rules.markup import Markup

SERVICES = (service("n"), service("e", EXPRESS))


def record(shop: Policy, asked: QuoteRequest | None = None) -> Receipt:
    """The receipt of one quote."""
    records: list[QuoteRecord] = []
    quoter = Quoter(shop, clock=FrozenClock(), record=records.append)
    quoter.quote(asked or request())
    quoter.close()
    return receipt_of(records[0])


def moved(kept: Receipt, **later: int) -> Receipt:
    return kept.model_copy(update={"moment": kept.moment + timedelta(**later)})


def two(**more: Any) -> Policy:
    """A shop of two carriers: one cheap, one dear, both with two services."""
    cheap = member("cheap", lambda _: [rate("n", 1000), rate("e", 3000)], *SERVICES)
    dear = member("dear", lambda _: [rate("n", 1200), refusal("e")], *SERVICES)
    return policy(cheap, dear, **more)


def rules(**more: Any) -> dict[str, Any]:
    return {"shipment_rules": [made(Markup, percent=10), made(Cheapest)], **more}


def test_the_same_settings_lead_to_the_same_quote() -> None:
    assert replay_difference(record(two(**rules())), two(**rules())) is None


def test_a_receipt_from_before_parcels_told_their_units_is_replayed() -> None:
    kept = record(two(**rules()))
    older = json.loads(kept.model_dump_json())
    said = [parcel.pop("units") for shipment in older["shipments"] for parcel in shipment["parcels"]]

    assert said == [1]
    assert replay_difference(Receipt.model_validate_json(json.dumps(older)), two(**rules())) is None


def test_other_units_in_a_parcel_are_another_question() -> None:
    kept = json.loads(record(two()).model_dump_json())
    kept["shipments"][0]["parcels"][0]["units"] = 2

    assert replay_difference(Receipt.model_validate_json(json.dumps(kept)), two()) == Difference(
        "shipments.1:0.parcels.0.units", "2", "1"
    )


def test_the_moment_of_the_question_counts_and_not_today_s() -> None:
    late = record(two(origins=[origin(handling_days=1)]))

    assert replay_difference(moved(late, hours=0), two(origins=[origin(handling_days=1)])) is None
    difference = replay_difference(moved(late, days=3), two(origins=[origin(handling_days=1)]))
    assert difference is not None
    assert difference.where == "shipments.1:0.dispatch_date"


def test_another_markup_shows_in_the_first_price() -> None:
    now = two(shipment_rules=[made(Markup, percent=20), made(Cheapest)])

    assert replay_difference(record(two(**rules())), now) == Difference(
        "quote.lines.0.offers.0.price.minor", "1100", "1200"
    )


def test_a_rule_that_drops_an_offer_shows_as_one_that_is_no_longer_there() -> None:
    difference = replay_difference(record(two()), two(shipment_rules=[made(Cheapest)]))

    assert difference is not None
    assert difference.where == "quote.lines.0.offers.1.delivery"


@pytest.mark.parametrize(
    ("now", "where"),
    [
        (two(origins=[origin(handling_days=2)]), "shipments.1:0.origin.handling_days"),
        (policy(member("cheap", None, *SERVICES)), "asked.1"),
        (policy(member("cheap", None, *SERVICES), member("other", None, *SERVICES)), "asked.1"),
        (policy(member("cheap", None, *SERVICES), member("dear", None, service("n"))), "services.dear.0"),
        (two(currency="EUR"), "request"),
        (two(plan_rules=[made(Exclude, carriers=["dear"], regions=["0"])]), "asked.1"),
    ],
)
def test_what_would_be_asked_otherwise_today_is_the_difference(now: Policy, where: str) -> None:
    difference = replay_difference(record(two()), now)

    assert difference is not None
    assert difference.where == where


def test_a_stand_in_s_rate_is_decided_on_again_without_asking_it() -> None:
    fallback = member("table", lambda _: [rate("n", 700)])
    live = member("live", lambda _: [failure("n")], fallback="table")
    shop = policy(live, fallbacks={"table": fallback})
    kept = record(shop)

    assert replay_difference(kept, shop) is None
    assert fallback.carrier.calls == 1  # type: ignore[attr-defined] # the scripted one
    assert live.carrier.calls == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("heavy", [30_000, 10_000], ids=["one shipment", "a shipment each"])
def test_one_stand_in_s_rate_for_two_failed_services_of_a_type_is_decided_on_again(heavy: int) -> None:
    limits = {"n": ParcelLimits(weight=30_000), "m": ParcelLimits(weight=heavy)}
    services = (service("n"), service("m"))
    failed = member(
        "live",
        lambda _: [failure("n"), failure("m")],
        *services,
        fallback="table",
        packer=totals.pack,
        abilities={"service_limits": limits},
    )
    shop = policy(failed, fallbacks={"table": member("table", lambda _: [rate("n", 700)])})
    kept = record(shop, request(item(quantity=9, weight=5000)))

    assert len(kept.answers) == (1 if heavy == 30_000 else 2)
    assert replay_difference(kept, shop) is None


def test_each_rule_s_effect_is_told_in_order() -> None:
    told = tale(two(**rules()))

    (leg,) = told.legs
    normal, express = leg.courses
    assert [(offer.carrier, offer.price.minor) for offer in normal.offers] == [("cheap", 1000), ("dear", 1200)]
    markup, cheapest = normal.effects
    assert [offer.price.minor for offer in markup.after] == [1100, 1320]
    assert [offer.carrier for offer in cheapest.after] == ["cheap"]
    assert (markup.changed, cheapest.changed, express.effects[1].changed) == (True, True, False)
    assert list(told.certain) == [frozenset({NORMAL, EXPRESS})]


def test_offers_are_told_even_where_there_is_no_rule() -> None:
    (leg,) = tale(two()).legs

    assert [[offer.price.minor for offer in course.offers] for course in leg.courses] == [[1000, 1200], [3000]]
    assert [course.effects for course in leg.courses] == [[], []]


def test_the_service_s_own_extras_stand_in_what_the_rules_start_from() -> None:
    told = tale(policy(member("a", None, service("n", extra_cost=250, extra_days=2))))

    (course,) = told.legs[0].courses
    assert [(offer.price.minor, offer.rate.cost.minor) for offer in course.offers] == [(1250, 1000)]


def test_who_was_not_asked_is_told_with_the_rule_that_excluded_it() -> None:
    away = [made(Exclude, carriers=["nobody"], regions=["9"]), made(Exclude, carriers=["dear"], regions=["0"])]

    assert tale(two(plan_rules=away)).legs[0].left_out == [("dear", 1)]


def test_what_the_cart_s_rules_change_is_told_line_by_line() -> None:
    free = made(FreeShipping, skus=["a"], needs="any")

    told = tale(two(cart_rules=[free]), request(item("a"), item("b")))

    assert [[effect.after[0].price.minor for effect in line] for line in told.cart] == [[0], [0]]
    assert [line[0].before[0].price.minor for line in told.cart] == [1000, 1000]


def tale(shop: Policy, asked: QuoteRequest | None = None) -> Derivation:
    kept = record(shop, asked)
    decided = replan(kept, shop)
    return derived(kept.quote.id, decided.plan, decided.answers, shop)


def outcomes(told: Sequence[str]) -> list[Any]:
    says: dict[str, Any] = {"rate": rate, "refusal": refusal, "failure": failure}
    return [says[kind](one.code) for kind, one in zip(told, SERVICES, strict=True)]


def carrier(key: str, told: Sequence[str]) -> Member:
    return member(key, lambda _: outcomes(told), *SERVICES)


kinds = st.tuples(*[st.sampled_from(["rate", "refusal", "failure"])] * 2)


@given(
    first=kinds,
    second=kinds,
    lines=st.sampled_from(["each", "together"]),
    skus=st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3),
    percent=st.integers(-50, 50).filter(bool),
)
def test_a_derivation_ends_in_the_very_quote_that_was_decided(
    first: Sequence[str], second: Sequence[str], lines: Literal["each", "together"], skus: list[str], percent: int
) -> None:
    free = made(FreeShipping, skus=["b"], needs="any")
    marked = [made(Markup, percent=percent, delivery_types=[EXPRESS, SUPER_EXPRESS]), made(Cheapest)]
    shop = policy(carrier("a", first), carrier("b", second), lines=lines, shipment_rules=marked, cart_rules=[free])
    kept = record(shop, request(*map(item, skus)))

    decided = replan(kept, shop)
    told = derived(kept.quote.id, decided.plan, decided.answers, shop)

    assert told.quote == kept.quote
    assert len(told.certain) == len(skus)
