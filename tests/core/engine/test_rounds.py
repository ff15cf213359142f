"""The rounds of a quote whose next origins are asked: what is put, joined, waited for and remembered in each."""

from collections.abc import Sequence
from threading import Event, current_thread, main_thread
from time import sleep
from typing import Any

import pytest
from shop import (
    EXPRESS,
    FrozenClock,
    ScriptedCarrier,
    failure,
    item,
    member,
    open_quoter,
    origin,
    policy,
    rate,
    refusal,
    request,
    service,
)

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, FailureKind, Rate, Refusal, Shipment, Verdict
from portes.engine.cache import AnswerCache
from portes.engine.dispatch import Dispatcher
from portes.engine.plan import make_plan
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.settings import CacheTtl

SERVICES = (service("n"), service("e", EXPRESS))
BOTH, NEITHER = (rate("n"), rate("e")), (refusal("n"), refusal("e"))
Said = Rate | Refusal | Failure


def shop(*members: Member, stock: dict[str, tuple[int, ...]], **more: Any) -> Policy:
    """A store of four origins, and which of them stock what."""
    catalogue = Catalogue({sku: CatalogueEntry(origins=own) for sku, own in stock.items()})
    return policy(*members, origins=[origin(1), origin(2), origin(3), origin(4)], catalogue=catalogue, **more)


def asked_of(one: Member) -> list[tuple[int, tuple[str, ...]]]:
    assert isinstance(one.carrier, ScriptedCarrier)
    return [(shipment.origin.id, shipment.services) for shipment in one.carrier.asked]


class WatchedClock(FrozenClock):
    """A clock that notes, whenever the quote's own thread reads it after a moment, how many calls are under way."""

    def __init__(self, after: float) -> None:
        super().__init__()
        self.after, self.seen = after, list[int]()
        self.quoter: Quoter | None = None

    def monotonic(self) -> float:
        if self.quoter is not None and self.seconds >= self.after and current_thread() is main_thread():
            calls = self.quoter.under_way()["a"]
            if self.seen or not calls:  # the first round is over
                self.seen.append(calls)
        return self.seconds


def test_where_no_time_is_left_no_call_is_begun_that_others_would_join() -> None:
    clock = WatchedClock(after=100)

    def says(shipment: Shipment) -> Sequence[Said]:
        sleep(0.1)  # till the quote waits
        clock.seconds += 10  # refusals of origin 1 are too old by then
        return NEITHER if shipment.origin.id == 1 else BOTH

    slow = member(
        "a", says, *SERVICES, instant=False, timeout=1000, ttl=CacheTtl(fresh=1000, refusals=6), abilities={"batch": 9}
    )
    with open_quoter(shop(slow, stock={"x": (1, 2), "z": (1, 2)}), clock=clock) as quoter:
        quoter.quote(request(item("z", weight=700)))  # memory has a rate from origin 2
        clock.seconds, clock.quoter = 95, quoter
        late = quoter.quote(request(item("x"), item("z", weight=700)), within=2)
        clock.quoter = None
        served = quoter.quote(request(item("x")))

    assert {one.failure.kind for line in late.lines for one in line.failures} == {FailureKind.LATE}
    assert set(clock.seen) == {0}, "a call was begun"
    assert served.verdict is Verdict.SERVED


def test_a_call_of_the_second_round_that_is_late_is_told_as_late_and_not_as_waiting_for_a_thread() -> None:
    clock, gate = FrozenClock(), Event()

    def says(shipment: Shipment) -> Sequence[Said]:
        clock.seconds += 0.3 if shipment.origin.id == 1 else 0.2
        if shipment.origin.id == 2:
            gate.wait(20)
        return NEITHER

    one = member("a", says, *SERVICES, instant=False, timeout=0.5)
    with open_quoter(shop(one, stock={"x": (1, 2)}), clock=clock) as quoter:
        quote = quoter.quote(request(item("x")))
        gate.set()

    assert {(gap.origin_id, gap.failure.kind) for gap in quote.lines[0].failures} == {(2, FailureKind.LATE)}


def test_a_call_that_was_judged_late_is_not_waited_for_in_the_next_round() -> None:
    clock, gate = FrozenClock(), Event()

    def says(shipment: Shipment) -> Sequence[Said]:
        if shipment.origin.id == 1:
            gate.wait(20)
        return BOTH

    one = member("a", says, *SERVICES, instant=False, timeout=0.2, threads=4)
    shop_ = shop(one, stock={"x": (1, 2)}, next_origin_after="failure")
    dispatcher = Dispatcher(shop_, clock, AnswerCache(100, 1_000_000, clock))
    pending = dispatcher.start(make_plan(request(item("x")), clock.now(), shop_), 0.0)
    further = dispatcher.go_on(pending, 5.0)

    assert [call.question.shipment.origin.id for call in pending.calls()] == [1]
    assert [call.question.shipment.origin.id for call in further.calls()] == [2]
    clock.seconds = 0.15
    assert further.timeout(None, clock.seconds) == pytest.approx(0.05)
    gate.set()
    dispatcher.close()


def test_a_next_origin_is_answered_out_of_what_memory_has_of_all_its_services() -> None:
    clock, down = FrozenClock(), Event()

    def says(shipment: Shipment) -> Sequence[Said]:
        if shipment.origin.id == 1:
            return [rate("n"), refusal("e")]
        return [failure("n"), failure("e")] if down.is_set() else BOTH

    one = member("a", says, *SERVICES, instant=False, ttl=CacheTtl(fresh=60, stale_while_revalidate=60))
    with open_quoter(shop(one, stock={"x": (1, 2), "y": (2,)}), clock=clock) as quoter:
        quoter.quote(request(item("y")))
        fresh = quoter.quote(request(item("x")))
        asked = asked_of(one)
        clock.seconds += 100
        down.set()
        stale = quoter.quote(request(item("x")))

    assert asked == [(2, ()), (1, ())]
    assert [[offer.origin_id for offer in quote.lines[0].offers] for quote in (fresh, stale)] == [[1, 2], [1, 2]]
