"""What stands in a receipt: all that led to a price, as it was, read back from the database."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keeping import VERSIONS, Desk, desk
from nouns import NOUNS
from shop import (
    EXPRESS,
    MONDAY_MORNING,
    FrozenClock,
    failure,
    item,
    member,
    policy,
    rate,
    refusal,
    request,
    service,
)

from portes.catalogue import Catalogue
from portes.contract import Answer, FailureKind, Note, ParcelLimits, Quote, QuoteRequest, Rate, Shipment, Source
from portes.engine.answered import Answered, QuoteRecord
from portes.engine.plan import Plan, Question
from portes.engine.policy import Packing
from portes.engine.quoter import Quoter
from portes.receipts.codec import entry, packed, receipt
from portes.receipts.receipt import Receipt, ReceiptAnswer
from portes.redaction import MASK
from portes.settings import CacheTtl

BOTH = (service("n"), service("e", EXPRESS))
PACKING = Packing(0, ParcelLimits(), None, ("n",), {})


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        yield opened


def closed(opened: Desk) -> Desk:
    opened.recorder.close()
    return opened


def test_a_receipt_holds_what_was_asked_answered_and_decided(kept: Desk) -> None:
    asked = request(item("a"), item("b", quantity=3), to="69900000", storefront="CAT")
    quote = kept.quote(member("near", lambda _: [rate("n"), refusal("e")], *BOTH), asked=asked)

    receipt = closed(kept).receipt(quote)

    assert (receipt.request, receipt.quote) == (asked, quote)
    assert (receipt.store, receipt.versions) == ("shop", VERSIONS)
    assert receipt.moment == MONDAY_MORNING
    assert receipt.moment.utcoffset() == timedelta(hours=-3)
    assert [(one.carrier, one.raw.rates, one.raw.refusals) for one in receipt.answers] == [
        ("near", (rate("n"),), (refusal("e"),))
    ] * 2
    assert [receipt.shipments[one.shipment].parcels[0].lines for one in receipt.answers] == [(0,), (1,)]


def test_carriers_that_pack_alike_share_the_shipment_in_the_receipt(kept: Desk) -> None:
    quote = kept.quote(member("a"), member("b"))

    receipt = closed(kept).receipt(quote)

    assert [one.shipment for one in receipt.answers] == [0, 0]
    assert len(receipt.shipments) == 1


def test_a_failure_is_kept_as_it_came_and_as_memory_covered_it(kept: Desk) -> None:
    says: list[Any] = [rate("n", cost=1000)]
    carrier = member("far", lambda _: list(says), instant=False, ttl=CacheTtl(fresh=0, stale_while_revalidate=0))
    quoter = Quoter(policy(carrier), clock=kept.clock, record=kept.recorder.buffer.add)
    quoter.quote(request())
    says[:] = [failure("n")]
    kept.clock.seconds += 60
    quote = quoter.quote(request())
    quoter.close()

    (answer,) = closed(kept).receipt(quote).answers

    assert [said.kind for said in answer.raw.failures] == [FailureKind.UNREACHABLE]
    assert [(said.source, said.age) for said in answer.final.rates] == [(Source.CACHE, 60)]


def test_a_stand_in_is_kept_with_its_own_answer_and_the_rate_it_gave(kept: Desk) -> None:
    fallback = member("table", lambda _: [rate("tn", cost=700), refusal("te")], service("tn"), service("te", EXPRESS))
    carrier = member("live", lambda _: [failure("n"), failure("e")], *BOTH, fallback="table")
    quote = kept.quote(carrier, fallbacks={"table": fallback})

    (live,) = closed(kept).receipt(quote).answers
    (table,) = live.chain

    assert (table.carrier, table.raw.rates[0].cost.minor) == ("table", 700)
    assert [said.service for said in table.raw.refusals] == ["te"]
    assert [said.service for said in live.raw.failures] == ["n", "e"]
    assert [(said.service, said.source) for said in live.final.rates] == [("n", Source.FALLBACK)]
    assert [said.service for said in live.final.failures] == ["e"]


def test_what_memory_a_fallback_and_masks_add_to_the_longest_answer_reads_back(kept: Desk) -> None:
    notes = tuple(Note(kind="notice", text="x " * 500) for _ in range(100))
    says: list[Any] = [rate("n", age=31_622_400, notes=notes), failure("e")]
    fallback = member("table", lambda _: [rate("te", notes=notes)], service("te", EXPRESS))
    masking = {
        "mask": lambda text, short=True: text.replace("x", MASK),
        "ttl": CacheTtl(fresh=0, stale_while_revalidate=0),
    }
    carrier = member("live", lambda _: list(says), *BOTH, instant=False, fallback="table", **masking)
    shop = policy(carrier, fallbacks={"table": fallback})
    quoter = Quoter(shop, clock=kept.clock, record=kept.recorder.buffer.add)
    quoter.quote(request())
    says[:] = [failure("n"), failure("e")]
    kept.clock.seconds += 3600
    quote = quoter.quote(request())
    quoter.close()

    (answer,) = closed(kept).receipt(quote).answers

    assert {said.service for said in answer.final.rates} == {"n", "e"}
    assert all(len(note.text) <= 1000 for said in answer.final.rates for note in said.notes)


def test_what_came_and_was_decided_on_is_kept_once(kept: Desk) -> None:
    quote = kept.quote(member())

    (answer,) = closed(kept).receipt(quote).answers

    assert answer.covered is None
    assert answer.final == answer.raw


def test_a_carrier_that_was_too_late_is_kept_as_late(kept: Desk) -> None:
    go = Event()

    def says(_: Shipment) -> list[Any]:
        go.wait(60)
        return [rate("n")]

    quoter = Quoter(policy(member("slow", says, instant=False)), record=kept.recorder.buffer.add)
    quote = quoter.quote(request(), within=0.1)
    go.set()
    quoter.idle(5)
    quoter.close()

    (answer,) = closed(kept).receipt(quote).answers

    assert [said.kind for said in answer.raw.failures] == [FailureKind.LATE]
    assert answer.seconds > 0


def test_the_marketplace_s_reply_joins_its_quote(kept: Desk) -> None:
    quote = kept.quote(member())
    kept.recorder.buffer.add_reply(quote.id, 200, '{"preço": 1}'.encode(), 0.0125)

    reply = closed(kept).receipt(quote).reply

    assert reply is not None
    assert (reply.status, json.loads(reply.body), reply.seconds) == (200, {"preço": 1}, 0.0125)


def test_a_quote_that_no_channel_replied_to_is_kept_without_a_reply(kept: Desk) -> None:
    quote = kept.quote(member())

    assert closed(kept).receipt(quote).reply is None


def test_a_reply_to_a_quote_that_nobody_gave_is_let_go(kept: Desk) -> None:
    kept.recorder.buffer.add_reply("nobody", 200, b"{}", 0.1)
    quote = kept.quote(member())

    assert closed(kept).find("nobody") == []
    assert kept.receipt(quote).reply is None


def test_a_receipt_is_found_by_our_id_and_by_the_asker_s(kept: Desk) -> None:
    quote = kept.quote(member(), asked=request().model_copy(update={"id": "theirs"}))

    closed(kept)
    assert [found.quote.id for found in kept.find("theirs")] == [found.quote.id for found in kept.find(quote.id)]


def test_where_the_asker_s_id_repeats_the_newest_comes_first(kept: Desk) -> None:
    quotes = []
    for minutes in range(3):
        kept.clock.moment = MONDAY_MORNING + timedelta(minutes=minutes)
        quotes.append(kept.quote(member()))

    closed(kept)
    assert [found.quote.id for found in kept.find("q-1")] == [quote.id for quote in reversed(quotes)]


def test_a_question_without_an_id_is_not_found_by_no_id(kept: Desk) -> None:
    kept.quote(member(), asked=request().model_copy(update={"id": ""}))

    assert closed(kept).find("") == []


def test_a_sku_the_catalogue_lacks_leaves_a_receipt_in_which_nobody_was_asked(kept: Desk) -> None:
    quote = kept.quote(member(), catalogue=Catalogue({}), unknown_sku="refuse")

    receipt = closed(kept).receipt(quote)
    assert (receipt.answers, receipt.shipments) == ((), ())
    assert receipt.quote == quote


WORDS = st.text(max_size=30)


@st.composite
def quoted(draw: st.DrawFn) -> QuoteRecord:
    """Any quote at all, of any shipments and answers; some of its rates were said by carriers, some were not."""
    quote = draw(NOUNS[Quote])
    offered = [offer.rate for line in quote.lines for offer in line.offers]
    shipments = draw(st.lists(NOUNS[Shipment], min_size=1, max_size=2))
    answered = [_answered(draw, draw(st.sampled_from(shipments)), offered) for _ in range(draw(st.integers(0, 3)))]
    chained = [one._replace(chain=tuple(answered[:1])) for one in answered[1:]]
    plan = Plan(draw(NOUNS[QuoteRequest]), FrozenClock().now(), (), (), ())
    return QuoteRecord(plan, {one.question: one for one in (*answered[:1], *chained)}, quote, 0.5)


def _answered(draw: st.DrawFn, shipment: Shipment, offered: list[Rate]) -> Answered:
    raw, final = (
        draw(NOUNS[Answer]).model_copy(update={"shipment_id": shipment.id, "rates": draw(some_of(offered))})
        for _ in range(2)
    )
    return Answered(Question(member(), shipment, PACKING), raw, draw(st.sampled_from([raw, final])), 0.25)


def some_of(offered: list[Rate]) -> st.SearchStrategy[tuple[Rate, ...]]:
    """Rates, of which some are the very ones that were offered."""
    rates = NOUNS[Answer].map(lambda answer: answer.rates)
    return st.tuples(rates, st.lists(st.sampled_from(offered), max_size=2) if offered else st.just([])).map(
        lambda parts: (*parts[0], *parts[1])
    )


@given(record=quoted(), body=WORDS)
def test_a_receipt_reads_as_it_was_written_whatever_stands_in_it(record: QuoteRecord, body: str) -> None:
    lines = [entry("shop", record, (200, body.encode(), 0.25)).line] * 2

    read = receipt(packed(lines), 1, json.dumps(VERSIONS))

    plan, answers = record.plan, record.told
    assert (read.request, read.quote, read.moment) == (plan.request, record.quote, plan.moment)
    assert [as_kept(one, read) for one in read.answers] == [as_answered(one) for one in answers]
    assert read.reply is not None
    assert read.reply.body == body


def as_kept(one: ReceiptAnswer, receipt: Receipt) -> tuple[Any, ...]:
    chain = [as_kept(each, receipt) for each in one.chain]
    return one.carrier, receipt.shipments[one.shipment], one.raw, one.final, one.seconds, chain


def as_answered(one: Answered) -> tuple[Any, ...]:
    chain = [as_answered(each) for each in one.chain]
    return one.question.member.key, one.question.shipment, one.raw, one.final, one.seconds, chain
