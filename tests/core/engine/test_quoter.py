import asyncio
from collections.abc import Sequence
from datetime import date
from threading import Barrier, Event, Thread
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shop import (
    EXPRESS,
    NORMAL,
    Says,
    ScriptedCarrier,
    brl,
    failure,
    item,
    member,
    open_quoter,
    origin,
    policy,
    quoted,
    rate,
    refusal,
    request,
    service,
)

from portes.carrier import Abilities, Deadline
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import (
    Answer,
    Dimensions,
    FailureKind,
    Item,
    Offer,
    Quote,
    Shipment,
    Verdict,
)
from portes.engine.policy import Member
from portes.hooks import Watchers, hookimpl
from portes.rules.protocol import Occasion


class Waiting:
    """A carrier that answers when the test lets it."""

    def __init__(self, **abilities: Any) -> None:
        self.abilities = Abilities(services=(service(),), **abilities)
        self.may_answer = Event()
        self.asked = Event()
        self.calls = 0

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.calls += 1
        self.asked.set()
        self.may_answer.wait(10)
        return [Answer(shipment_id=shipment.id, rates=(rate(),)) for shipment in shipments]


def remote(carrier: Waiting, **more: Any) -> Member:
    return member("slow", carrier=carrier, timeout=10, **more)


def prices(quote: Quote) -> list[list[int]]:
    return [[offer.price.minor for offer in line.offers] for line in quote.lines]


def test_an_offer_tells_carrier_origin_price_and_the_rate_it_came_from() -> None:
    quote = quoted(request(), member("correios", lambda _: [rate(cost=1524)], id=7, name="Correios"))

    (offer,) = quote.lines[0].offers
    assert quote.verdict is Verdict.SERVED
    assert (offer.carrier, offer.carrier_id, offer.carrier_name, offer.origin_id) == ("correios", 7, "Correios", 1)
    assert (offer.price, offer.rate.cost, offer.delivery) == (brl(1524), brl(1524), NORMAL)


def test_lead_time_is_handling_and_transit_and_the_services_extra_days() -> None:
    slow = service(extra_days=4, extra_cost=250)
    quote = quoted(request(), member("a", lambda _: [rate(days=(2, 3))], slow), origins=[origin(handling_days=1)])

    (offer,) = quote.lines[0].offers
    assert (offer.lead_time.min, offer.lead_time.max, offer.lead_time.calendar) == (7, 8, "BR")
    assert (offer.lead_time.earliest, offer.lead_time.latest) == (date(2026, 3, 11), date(2026, 3, 12))
    assert (offer.price, offer.rate.cost) == (brl(1250), brl(1000))


def test_offers_come_cheapest_first_then_fastest_then_in_the_order_of_the_settings() -> None:
    quote = quoted(
        request(),
        member("dear", lambda _: [rate(cost=2000)]),
        member("late", lambda _: [rate(cost=1000, days=(5, 9))]),
        member("first", lambda _: [rate(cost=1000, days=(2, 3))]),
        member("second", lambda _: [rate(cost=1000, days=(2, 3))]),
    )

    assert [offer.carrier for offer in quote.lines[0].offers] == ["first", "second", "late", "dear"]


def test_only_delivery_types_common_to_all_lines_are_offered() -> None:
    both = [service("n"), service("e", EXPRESS)]

    def express_for_light(shipment: Shipment) -> list[Any]:
        return [rate("n"), rate("e") if shipment.weight < 1000 else refusal("e")]

    quote = quoted(request(item(), item(weight=5000)), member("a", express_for_light, *both))

    assert [{offer.delivery for offer in line.offers} for line in quote.lines] == [{NORMAL}, {NORMAL}]
    assert quote.lines[1].refusals[0].refusal.service == "e"


def test_a_failure_is_never_shown_as_not_served() -> None:
    quote = quoted(request(), member("a", lambda _: [failure()]), member("b", lambda _: [refusal()]))

    assert quote.verdict is Verdict.UNKNOWN
    assert [said.carrier for said in quote.lines[0].failures] == ["a"]
    assert [said.carrier for said in quote.lines[0].refusals] == ["b"]


def test_refusals_alone_are_not_served() -> None:
    assert quoted(request(), member("a", lambda _: [refusal()])).verdict is Verdict.NOT_SERVED


def test_who_waits_leaves_at_the_channels_deadline_and_the_late_answer_is_a_failure() -> None:
    carrier = Waiting()
    with open_quoter(policy(remote(carrier), member("table"))) as quoter:
        quote = quoter.quote(request(), within=0.05)
        carrier.may_answer.set()

    assert [said.failure.kind for said in quote.lines[0].failures] == [FailureKind.LATE]
    assert [offer.carrier for offer in quote.lines[0].offers] == ["table"]


def test_a_carrier_that_overstays_its_timeout_holds_nobody_longer() -> None:
    carrier = Waiting()
    shop = policy(member("slow", carrier=carrier, timeout=0.05))
    with open_quoter(shop) as quoter:
        quote = quoter.quote(request())
        carrier.may_answer.set()

    assert quote.lines[0].failures[0].failure.kind is FailureKind.LATE


def test_equal_questions_in_flight_are_asked_once() -> None:
    carrier = Waiting()
    quotes: list[Quote] = []
    with open_quoter(policy(remote(carrier))) as quoter:
        askers = [Thread(target=lambda: quotes.append(quoter.quote(request(item(), item())))) for _ in range(5)]
        for asker in askers:
            asker.start()
        carrier.asked.wait(10)
        carrier.may_answer.set()
        for asker in askers:
            asker.join()

    assert [quote.verdict for quote in quotes] == [Verdict.SERVED] * 5
    assert carrier.calls == 1


def test_questions_that_differ_in_value_are_not_equal() -> None:
    one = member("a", instant=False, timeout=10)
    quoted(request(item(), item(declared_value=brl(100))), one)

    assert isinstance(one.carrier, ScriptedCarrier)
    assert [shipment.value for shipment in one.carrier.asked] == [None, brl(100)]


def test_a_full_bulkhead_answers_the_next_question_busy_at_once() -> None:
    carrier = Waiting()
    shop = policy(remote(carrier, threads=1, queue=0))
    with open_quoter(shop) as quoter:
        quotes = [quoter.quote(request(item(weight=grams)), within=0.05) for grams in (500, 900)]
        carrier.may_answer.set()

    assert [quote.lines[0].failures[0].failure.kind for quote in quotes] == [FailureKind.LATE, FailureKind.BUSY]


def test_the_cap_over_all_carriers_answers_the_next_question_busy_too() -> None:
    carriers = [Waiting(), Waiting()]
    members = [member(f"m{number}", carrier=carrier, timeout=10) for number, carrier in enumerate(carriers)]
    with open_quoter(policy(*members, calls_at_once=1)) as quoter:
        quotes = [quoter.quote(request(item(weight=grams)), within=0.05) for grams in (500, 900)]
        for carrier in carriers:
            carrier.may_answer.set()

    told = [{said.failure.kind for said in quote.lines[0].failures} for quote in quotes]
    assert told == [{FailureKind.LATE}, {FailureKind.BUSY}]


def test_slow_carriers_are_asked_side_by_side() -> None:
    together = Barrier(2)

    class Meeting(ScriptedCarrier):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            together.wait(10)
            return super().quote(shipments, deadline)

    abilities = Abilities(services=(service(),))
    members = [member(key, carrier=Meeting(lambda _: [rate()], abilities), timeout=10) for key in "ab"]

    assert len(quoted(request(), *members).lines[0].offers) == 2


def test_in_an_event_loop_the_answer_is_the_same() -> None:
    members = [member("table"), member("remote", instant=False, timeout=10)]
    with open_quoter(policy(*members)) as waiting, open_quoter(policy(*members)) as looping:
        waited = waiting.quote(request())
        awaited = asyncio.run(looping.aquote(request()))

    assert waited.model_copy(update={"id": ""}) == awaited.model_copy(update={"id": ""})


def test_in_an_event_loop_a_slow_carrier_blocks_nobody() -> None:
    carrier = Waiting()

    async def both() -> Quote:
        asking = asyncio.ensure_future(quoter.aquote(request()))
        await asyncio.to_thread(carrier.asked.wait, 10)
        carrier.may_answer.set()
        return await asking

    with open_quoter(policy(remote(carrier))) as quoter:
        assert asyncio.run(both()).verdict is Verdict.SERVED


def test_watchers_hear_of_the_question_each_answer_and_the_quote() -> None:
    heard: list[str] = []

    class Watcher:
        @hookimpl
        def portes_asked(self, store: str) -> None:
            heard.append(f"asked {store}")

        @hookimpl
        def portes_answered(self, carrier: str, answer: Answer) -> None:
            heard.append(f"{carrier} {len(answer.rates)}")

        @hookimpl
        def portes_quoted(self, quote: Quote) -> None:
            heard.append(quote.verdict)

    watchers = Watchers()
    watchers.register(Watcher(), "test")
    with open_quoter(policy(member("a"), member("b")), watchers=watchers) as quoter:
        quoter.quote(request())

    assert heard == ["asked shop", "a 1", "b 1", "served"]


def test_an_unknown_sku_is_refused_or_unknown_as_the_store_decided() -> None:
    shelf = Catalogue({"x": CatalogueEntry()})
    asked = request(item("x"), item("new"))

    refused = quoted(asked, member(), catalogue=shelf, unknown_sku="refuse")
    unknown = quoted(asked, member(), catalogue=shelf, unknown_sku="unknown")

    assert (refused.verdict, unknown.verdict) == (Verdict.NOT_SERVED, Verdict.UNKNOWN)
    assert refused.lines[1].refusals[0].refusal.code == "unknown_sku"
    assert unknown.lines[1].failures[0].failure.kind is FailureKind.INCOMPLETE


def plus_three_reais(offers: Sequence[Offer], _: Occasion) -> Sequence[Offer]:
    return [offer.model_copy(update={"price": offer.price + brl(300)}) for offer in offers]


def cheapest_only(offers: Sequence[Offer], _: Occasion) -> Sequence[Offer]:
    return offers[:1]


def test_a_fixed_markup_of_three_on_twenty_over_three_lines_is_twenty_three_in_total() -> None:
    quote = quoted(
        request(item("x"), item("y"), item("z")),
        member("a", lambda _: [rate(cost=2000)]),
        lines="together",
        shipment_rules=[plus_three_reais],
    )

    assert sum(offer.price.minor for line in quote.lines for offer in line.offers) == 2300


def test_each_line_by_itself_is_marked_up_by_itself() -> None:
    quote = quoted(
        request(item("x"), item("y")), member("a", lambda _: [rate(cost=2000)]), shipment_rules=[plus_three_reais]
    )

    assert prices(quote) == [[2300], [2300]]


def test_a_joint_price_is_apportioned_by_chargeable_weight() -> None:
    bulky = Dimensions(length=600, width=500, height=400)
    quote = quoted(
        request(item("dense", quantity=2, weight=5000), item("bulky", weight=1000, size=bulky)),
        member("a", lambda _: [rate(cost=3000)]),
        lines="together",
    )

    assert prices(quote) == [[1000], [2000]]


def test_a_cart_rule_sees_all_lines_after_the_verdict() -> None:
    def second_line_free(lines: Sequence[Sequence[Offer]], _: Occasion) -> Sequence[Sequence[Offer]]:
        return [lines[0], [offer.model_copy(update={"price": brl(0)}) for offer in lines[1]]]

    quote = quoted(request(item("x"), item("y")), member(), cart_rules=[second_line_free])

    assert prices(quote) == [[1000], [0]]
    assert quote.lines[1].offers[0].rate.cost == brl(1000)


costs = st.integers(1, 50_000)
cart_items = st.lists(
    st.builds(
        item,
        quantity=st.integers(1, 9),
        weight=st.integers(1, 20_000),
        size=st.just(Dimensions(length=9, width=9, height=9)),
    ),
    min_size=1,
    max_size=6,
)


def at(cost: int, days: int) -> Says:
    return lambda _: [rate(cost=cost, days=(days, days))]


@given(cart_items, st.lists(costs, min_size=1, max_size=3))
def test_together_one_carrier_and_time_serves_all_lines_and_the_parts_add_up(
    carted: list[Item], asked: list[int]
) -> None:
    """The reference: the shipment is priced once, the cheapest carrier wins, and the lines add up to its price."""
    members = [member(f"m{number}", at(cost, number)) for number, cost in enumerate(asked)]
    quote = quoted(request(*carted), *members, lines="together")

    cheapest = min(range(len(asked)), key=lambda number: (asked[number], number))
    winners = [line.offers[0] for line in quote.lines]
    for rank in range(len(asked)):
        assert len({line.offers[rank].carrier for line in quote.lines}) == 1
        assert len({line.offers[rank].lead_time for line in quote.lines}) == 1
    assert {winner.carrier for winner in winners} <= {
        f"m{number}" for number, cost in enumerate(asked) if cost == asked[cheapest]
    }
    assert sum(winner.price.minor for winner in winners) == asked[cheapest]
