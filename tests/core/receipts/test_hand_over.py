"""What a receipt keeps of the hand-over to each carrier, and deciding it again."""

import json
from datetime import date, time
from typing import Any

from keeping import receipt_of
from offers import made
from shop import SAO_PAULO, FrozenClock, member, origin, policy, rate, request

from portes.calendars import Collection, WorkingWeek
from portes.contract import Origin
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Policy
from portes.engine.quoter import Quoter
from portes.receipts.receipt import Receipt
from portes.receipts.replay import Difference, replay_difference
from portes.rules.cheapest import Cheapest

TUE, WED, THU = 1, 2, 3


def shop(*days: int, here: Origin | None = None, at: time = time(16)) -> Policy:
    """A store of two carriers, of which one fetches on these days."""
    place = here or origin()
    collections = [Collection(("slow",), frozenset(days), (at,))] if days else []
    week = WorkingWeek.of(place, SAO_PAULO, collections=collections)
    slow, quick = member("slow", lambda _: [rate(cost=900)]), member("quick", lambda _: [rate(cost=1000)])
    return policy(slow, quick, origins=[place], weeks={1: week}, shipment_rules=[made(Cheapest)])


def record(store: Policy) -> Receipt:
    records: list[QuoteRecord] = []
    quoter = Quoter(store, clock=FrozenClock(), record=records.append)
    quoter.quote(request())
    quoter.close()
    return receipt_of(records[0])


def older(receipt: Receipt) -> Receipt:
    """The receipt as it was written before origins had weeks."""
    plain: dict[str, Any] = json.loads(receipt.model_dump_json())
    for shipment in plain["shipments"]:
        del shipment["origin"]["cut_offs"], shipment["origin"]["timezone"]
    for answer in plain["answers"]:
        del answer["ready"], answer["collection"]
    return Receipt.model_validate_json(json.dumps(plain))


def test_a_receipt_keeps_when_each_carrier_got_it_and_since_when_it_was_ready() -> None:
    kept = record(shop(THU))
    slow, quick = kept.answers

    assert (slow.ready, slow.collection) == (date(2026, 3, 2), time(16))
    assert (quick.ready, quick.collection) == (None, None)
    assert [kept.shipments[each.shipment].dispatch_date.day for each in kept.answers] == [5, 2]


def test_carriers_that_get_it_on_one_day_share_a_shipment_whenever_they_come() -> None:
    kept = record(shop(0))

    assert len(kept.shipments) == 1
    assert [answer.collection for answer in kept.answers] == [time(16), None]


def test_the_same_week_leads_to_the_same_quote() -> None:
    assert replay_difference(record(shop(THU)), shop(THU)) is None


def test_another_hour_of_the_same_collection_changes_no_quote() -> None:
    assert replay_difference(record(shop(THU)), shop(THU, at=time(17))) is None


def test_another_day_of_collection_is_another_question() -> None:
    assert replay_difference(record(shop(THU)), shop(WED)) == Difference(
        "shipments.1:0.dispatch_date", "2026-03-05", "2026-03-04"
    )


def test_a_receipt_from_before_origins_had_weeks_is_replayed() -> None:
    kept = older(record(shop()))

    assert kept.shipments[0].origin.timezone == ""
    assert replay_difference(kept, shop()) is None


def test_a_receipt_from_before_a_carrier_had_collections_tells_the_day_that_is_another_now() -> None:
    difference = replay_difference(older(record(shop())), shop(TUE))

    assert difference == Difference("shipments.1:0.dispatch_date", "2026-03-02", "2026-03-03")


def test_a_clock_of_its_own_that_an_origin_got_since_is_told() -> None:
    there = shop(here=origin(timezone="America/Manaus"))

    assert replay_difference(record(shop()), there) == Difference("shipments.1:0.origin.timezone", "", "America/Manaus")
    assert replay_difference(older(record(shop())), there) is None
