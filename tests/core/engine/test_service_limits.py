"""Services of one carrier with limits of their own: each is asked with parcels that it takes, and refuses alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from keeping import receipt_of
from shop import (
    EXPRESS,
    NORMAL,
    ScriptedCarrier,
    failure,
    item,
    member,
    open_quoter,
    policy,
    quoted,
    rate,
    refusal,
    request,
    service,
)

from portes.contract import (
    Dimensions,
    Failure,
    Item,
    ParcelLimits,
    Quote,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
    Verdict,
)
from portes.engine.answered import QuoteRecord
from portes.engine.policy import MOST_PACKINGS, Member
from portes.hooks import Watchers, hookimpl
from portes.packing import totals

HEAVY, LIGHT = ParcelLimits(weight=30_000), ParcelLimits(weight=10_000)


def books(count: int) -> Item:
    """Packs of books of 5 kg."""
    return item("x", count, 5_000, size=Dimensions(length=200, width=200, height=200))


def carrier(says: Any = None, key: str = "a", limits: dict[str, ParcelLimits] | None = None, **more: Any) -> Member:
    services = [service(code, EXPRESS if code == "e" else NORMAL) for code in limits or ()]
    more.setdefault("packer", totals.pack)
    return member(key, says, *services, abilities={"service_limits": limits or {}}, **more)


def asked_of(one: Member) -> list[tuple[tuple[str, ...], list[tuple[int, int]]]]:
    """What a carrier was asked: services, and the parcels with their counts."""
    assert isinstance(one.carrier, ScriptedCarrier)
    return [
        (shipment.services, [(parcel.weight, parcel.count) for parcel in shipment.parcels])
        for shipment in one.carrier.asked
    ]


def offers(quote: Quote) -> list[tuple[str, int]]:
    return [(offer.rate.service, offer.price.minor) for offer in quote.lines[0].offers]


def test_nine_times_five_kilograms_are_two_parcels_for_one_service_and_five_for_the_other() -> None:
    one = carrier(limits={"n": HEAVY, "e": LIGHT})
    quote = quoted(request(books(9)), one)

    assert quote.verdict is Verdict.SERVED
    assert sorted(asked_of(one)) == [(("e",), [(10_000, 4), (5_000, 1)]), (("n",), [(30_000, 1), (15_000, 1)])]


def test_services_whose_parcels_come_out_equal_share_one_question() -> None:
    one = carrier(limits={"n": HEAVY, "e": LIGHT})
    quoted(request(books(2)), one)

    assert asked_of(one) == [((), [(10_000, 1)])]


def test_a_service_that_never_takes_a_unit_is_refused_for_that_alone_and_the_other_is_asked() -> None:
    one = carrier(limits={"n": HEAVY, "e": LIGHT})
    quote = quoted(request(item("x", weight=12_000)), one)
    (no,) = quote.lines[0].refusals

    assert offers(quote) == [("n", 1000)]
    assert (no.refusal.service, no.refusal.kind) == ("e", RefusalKind.TOO_HEAVY)
    assert no.refusal.text == "12000 g; the most is 10000 g"
    assert asked_of(one) == [(("n",), [(12_000, 1)])]


def test_what_no_service_takes_is_refused_without_a_call() -> None:
    one = carrier(limits={"n": HEAVY, "e": LIGHT}, instant=False)
    quote = quoted(request(item("x", weight=31_000)), one)

    assert quote.verdict is Verdict.NOT_SERVED
    assert [no.refusal.service for no in quote.lines[0].refusals] == ["n", "e"]
    assert asked_of(one) == []


def test_a_carrier_is_asked_no_more_than_a_few_questions_however_many_limits_its_services_have() -> None:
    most = {f"s{number}": 30_000 - 1_000 * number for number in range(9)}
    one = carrier(limits={code: ParcelLimits(weight=grams) for code, grams in most.items()})
    quote = quoted(request(item("x", 40, weight=1_000)), one)

    assert len(asked_of(one)) == MOST_PACKINGS
    assert sorted(code for codes, _ in asked_of(one) for code in codes) == sorted(most)
    for codes, parcels in asked_of(one):
        assert max(weight for weight, _ in parcels) <= min(most[code] for code in codes)
    assert len(quote.lines[0].offers) == 9


def test_a_service_that_shares_tighter_limits_is_refused_only_for_parcels_within_its_own() -> None:
    """The fifth set of limits makes two services share parcels of 12 kg: they are more than one of them takes."""
    narrow = {f"s{number}": ParcelLimits(weight=11_000 - 100 * number) for number in range(MOST_PACKINGS - 1)}
    own = {"big": ParcelLimits(weight=60_000, parcels=1), "small": ParcelLimits(weight=12_000, parcels=4)}
    one = carrier(limits=narrow | own)
    quote = quoted(request(item("x", 5, weight=12_000)), one)
    noes = {no.refusal.service: no.refusal.text for no in quote.lines[0].refusals}

    assert offers(quote) == [("big", 1000)]
    assert asked_of(one) == [(("big",), [(60_000, 1)])]
    assert noes.keys() == {*narrow, "small"}
    assert noes["small"] == "5 parcels; the most is 4 in one shipment"


def test_a_fallback_never_undercuts_a_rate_of_another_service_with_other_parcels() -> None:
    def says(_: Shipment) -> Sequence[Rate | Refusal | Failure]:
        return [rate("n", 3000), failure("m")]

    one = carrier(says, limits={"n": HEAVY, "m": LIGHT}, fallback="b")
    spare = member("b", None, service("s"), fallback_only=True)
    quote = quoted(request(books(9)), one, fallbacks={"b": spare})

    assert offers(quote) == [("n", 3000)]
    assert [gap.failure.service for gap in quote.lines[0].failures] == ["m"]


def test_a_fallback_s_rate_stands_once_for_all_services_that_failed_whatever_their_parcels() -> None:
    def says(_: Shipment) -> Sequence[Rate | Refusal | Failure]:
        return [failure("n"), failure("m")]

    one = carrier(says, limits={"n": HEAVY, "m": LIGHT}, fallback="b")
    spare = member("b", lambda _: [rate("s", 700)], service("s"), fallback_only=True)
    quote = quoted(request(books(9)), one, fallbacks={"b": spare})

    assert offers(quote) == [("n", 700)]
    assert quote.lines[0].failures == ()


def test_a_fallback_stands_in_for_the_first_failed_service_of_the_settings_whatever_their_parcels() -> None:
    def says(_: Shipment) -> Sequence[Rate | Refusal | Failure]:
        return [rate("x", 1), failure("n"), failure("m")]

    services = (service("x", EXPRESS), service("n", extra_cost=100), service("m", extra_cost=500))
    limits = {"x": HEAVY, "n": LIGHT, "m": HEAVY}
    one = member("a", says, *services, packer=totals.pack, abilities={"service_limits": limits}, fallback="b")
    spare = member("b", lambda _: [rate("s", 700)], service("s"), fallback_only=True)
    quote = quoted(request(books(9)), one, fallbacks={"b": spare})

    assert ("n", 800) in offers(quote)
    assert [services for services, _ in asked_of(one)] == [("x", "m"), ("n",)]


@pytest.mark.parametrize(("heavy", "light"), [(2000, 700), (700, 2000)])
def test_the_cheapest_of_a_fallback_s_rates_stands_whatever_parcels_it_is_for(heavy: int, light: int) -> None:
    spare = carrier(
        lambda _: [rate("s", heavy), rate("t", light)], "b", limits={"s": HEAVY, "t": LIGHT}, fallback_only=True
    )
    quote = quoted(request(books(9)), carrier(lambda _: [failure("n")], fallback="b"), fallbacks={"b": spare})

    assert offers(quote) == [("n", 700)]
    assert [services for services, _ in asked_of(spare)] == [("s",), ("t",)]


def test_a_fallback_that_stands_in_for_services_of_two_shipments_is_told_and_kept_once() -> None:
    heard, records = list[str](), list[QuoteRecord]()

    class Ear:
        @hookimpl
        def portes_answered(self, carrier: str) -> None:
            heard.append(carrier)

        @hookimpl
        def portes_fell_back(self, fallback: str, kind: str) -> None:
            heard.append(f"{fallback}: {kind}")

    watchers = Watchers()
    watchers.register(Ear(), "ear")
    one = carrier(lambda _: [failure("n"), failure("e")], limits={"n": HEAVY, "e": LIGHT}, fallback="b")
    spare = member("b", None, service("s"), service("t", EXPRESS), fallback_only=True)
    with open_quoter(policy(one, fallbacks={"b": spare}), watchers=watchers, record=records.append) as quoter:
        quoter.quote(request(books(9)))

    assert heard == ["a", "b", "b: unreachable", "a", "b: unreachable"]
    assert [[each.carrier for each in answer.chain] for answer in receipt_of(records[0]).answers] == [["b"], []]


def test_equal_parcels_for_other_services_are_another_question_to_memory() -> None:
    """A quote that asks about one service is no answer to one that asks about both."""

    def says(_: Shipment) -> Sequence[Rate | Refusal | Failure]:
        return [rate("n", 1000), refusal("e")]

    one = carrier(says, limits={"n": HEAVY, "e": LIGHT}, instant=False)
    with open_quoter(policy(one)) as quoter:
        quoter.quote(request(item("x", weight=12_000)))
        quoter.quote(request(item("x", weight=9_000)))
        quoter.quote(request(item("x", weight=9_000)))

    assert asked_of(one) == [(("n",), [(12_000, 1)]), ((), [(9_000, 1)])]
