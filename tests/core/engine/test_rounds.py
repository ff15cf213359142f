"""The rounds of a quote whose next origins are asked: what is put, joined, waited for and remembered in each."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
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
from portes.engine.rounds import Rounds
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


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns so often that whoever is woken runs at once."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


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
    rounds = Rounds(make_plan(request(item("x")), clock.now(), shop_), dispatcher, 0.0, None)
    rounds.wait()
    rounds.go_on()
    while not rounds.answers()[rounds.plan.questions[1]].final.rates:
        rounds.wait()
    rounds.go_on()

    assert dispatcher.under_way() == {"a": 1}
    assert not rounds.is_open
    gate.set()
    dispatcher.close()


@pytest.mark.parametrize("in_a_loop", [False, True])
@pytest.mark.parametrize("stock", [(1,), (1, 2)])
def test_what_has_not_come_when_the_time_is_over_is_late(*, stock: tuple[int, ...], in_a_loop: bool) -> None:
    over = Event()

    def hangs(_shipment: Shipment) -> Sequence[Said]:
        over.wait(2)
        return BOTH

    with open_quoter(shop(member("a", hangs, *SERVICES, instant=False, timeout=30), stock={"x": stock})) as quoter:
        asked = request(item("x"))
        quote = asyncio.run(quoter.aquote(asked, within=0.05)) if in_a_loop else quoter.quote(asked, within=0.05)
        over.set()

    assert {gap.failure.kind for gap in quote.lines[0].failures} == {FailureKind.LATE}


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_lines_go_on_while_a_carrier_of_other_lines_says_nothing(*, in_a_loop: bool) -> None:
    went_on = Event()

    def says(shipment: Shipment) -> Sequence[Said]:
        if shipment.origin.id == 4:
            went_on.set()
        return NEITHER if shipment.origin.id == 3 else BOTH

    def hangs(_shipment: Shipment) -> Sequence[Said]:
        return BOTH if went_on.wait(2) else NEITHER

    silent = member("a", hangs, *SERVICES, instant=False, timeout=30, origins=[1, 2])
    ready = member("b", says, *SERVICES, instant=False, timeout=30, origins=[3, 4])
    with open_quoter(shop(silent, ready, stock={"x": (1, 2), "y": (3, 4)})) as quoter:
        asked = request(item("x"), item("y"))
        quote = asyncio.run(quoter.aquote(asked)) if in_a_loop else quoter.quote(asked)

    assert [{offer.origin_id for offer in line.offers} for line in quote.lines] == [{1}, {4}]


def test_lines_whose_time_is_over_go_on_while_others_have_time_left() -> None:
    went_on, gate = Event(), Event()

    def hangs_at_one(shipment: Shipment) -> Sequence[Said]:
        if shipment.origin.id == 1:
            gate.wait(5)
        went_on.set()
        return BOTH

    def waits(_shipment: Shipment) -> Sequence[Said]:
        return BOTH if went_on.wait(2) else NEITHER

    short = member("a", hangs_at_one, *SERVICES, instant=False, timeout=0.2, threads=4, origins=[1, 2])
    long = member("b", waits, *SERVICES, instant=False, timeout=30, origins=[3])
    store = shop(short, long, stock={"x": (1, 2), "y": (3,)}, next_origin_after="failure")
    with open_quoter(store, clock=FrozenClock()) as quoter:
        quote = quoter.quote(request(item("x"), item("y")))
        under_way = quoter.under_way()
        gate.set()

    assert under_way == {"a": 1, "b": 0}
    assert [{offer.origin_id for offer in line.offers} for line in quote.lines] == [{2}, {3}]


def test_where_planning_took_all_the_time_no_call_is_begun_to_a_next_origin() -> None:
    instant = member("a", lambda _: NEITHER, *SERVICES, origins=[1])
    remote = member("b", lambda _: BOTH, *SERVICES, instant=False, origins=[2])
    with open_quoter(shop(instant, remote, stock={"x": (1, 2)}), clock=FrozenClock()) as quoter:
        late = quoter.quote(request(item("x")), within=0)
        begun = asked_of(remote)
        served = quoter.quote(request(item("x")), within=10)

    assert not begun
    assert (late.verdict, served.verdict) == (Verdict.UNKNOWN, Verdict.SERVED)
    assert {gap.failure.kind for gap in late.lines[0].failures} == {FailureKind.LATE}


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_lines_that_one_call_was_about_are_asked_about_in_one_call_at_their_next_origin(
    *, in_a_loop: bool, caplog: pytest.LogCaptureFixture, restless: None
) -> None:
    del restless

    def says(shipment: Shipment) -> Sequence[Said]:
        return NEITHER if shipment.origin.id == 1 else BOTH

    remote = member("a", says, *SERVICES, instant=False, abilities={"batch": 100})
    stock: dict[str, tuple[int, ...]] = {f"sku-{number}": (1, 2) for number in range(60)}
    with open_quoter(shop(remote, stock=stock)) as quoter:
        for turn in range(8):  # who is woken in between is a matter of luck
            asked = request(*[item(sku, weight=1000 * turn + number + 1) for number, sku in enumerate(stock)])
            quote = asyncio.run(quoter.aquote(asked)) if in_a_loop else quoter.quote(asked)
            assert quote.verdict is Verdict.SERVED

    assert isinstance(remote.carrier, ScriptedCarrier)
    assert (remote.carrier.calls, len(remote.carrier.asked)) == (16, 960)
    assert not caplog.records


def test_of_what_comes_in_one_call_nobody_ever_sees_a_part(restless: None) -> None:
    del restless
    remote = member("a", lambda _: BOTH, *SERVICES, instant=False, abilities={"batch": 100})
    stock: dict[str, tuple[int, ...]] = {f"sku-{number}": (1,) for number in range(100)}
    store, clock = shop(remote, stock=stock), FrozenClock()
    dispatcher = Dispatcher(store, clock, AnswerCache(100, 1_000_000, clock))
    seen: list[list[bool]] = []
    for turn in range(20):  # who is interrupted in between is a matter of luck
        asked = request(*[item(sku, weight=1000 * turn + number + 1) for number, sku in enumerate(stock)])
        pending = [*dispatcher.put(make_plan(asked, clock.now(), store).questions).values()]
        while not pending[-1].is_answered:
            seen.append([one.is_answered for one in pending])
    dispatcher.close()

    assert seen
    # what comes while they are looked at is there for all that are looked at later
    assert [answered for answered in seen if answered != sorted(answered)] == []


def test_whoever_waits_is_woken_once_for_all_that_some_lines_wait_for() -> None:
    gates, quick_ones = {1: Event(), 3: Event()}, {1: Event(), 3: Event()}

    def quick(shipment: Shipment) -> Sequence[Said]:
        gates[shipment.origin.id].wait(20)
        quick_ones[shipment.origin.id].set()
        return BOTH

    def slow(shipment: Shipment) -> Sequence[Said]:
        quick_ones[shipment.origin.id].wait(20)
        sleep(0.05)  # till the quick one's answer is there
        return BOTH

    remotes = [member(key, says, *SERVICES, instant=False, threads=4) for key, says in (("a", quick), ("b", slow))]
    store, clock = shop(*remotes, stock={"x": (1, 2), "y": (3, 4)}), FrozenClock()
    dispatcher = Dispatcher(store, clock, AnswerCache(100, 1_000_000, clock))
    rounds = Rounds(make_plan(request(item("x"), item("y")), clock.now(), store), dispatcher, 0.0, None)
    for gate in gates.values():
        gate.set()
        rounds.wait()
        rounds.go_on()
    dispatcher.close()

    assert not rounds.is_open


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
