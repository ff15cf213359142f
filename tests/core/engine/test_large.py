"""Large questions in an event loop: their steps are taken in a thread, for as many as there is room for."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from counting import calls_of
from shop import ScriptedCarrier, item, member, open_quoter, origin, policy, rate, request, service

from portes.carrier import Abilities, Deadline
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Answer, ParcelLimits, Quote, QuoteRequest, Shipment, Verdict
from portes.engine.large import INLINE, ROOM
from portes.errors import BusyError, TooMuchError
from portes.packing import single
from portes.packing.protocol import PackedParcel, Packer, PackingTask

WAIT = 60


def packing(act: Callable[[], object]) -> Packer:
    """A packer that does something first."""

    def pack(task: PackingTask) -> Sequence[PackedParcel]:
        act()
        return single.pack(task)

    return pack


class Answering(ScriptedCarrier):
    """A carrier that answers when it may."""

    def __init__(self) -> None:
        super().__init__(lambda _: [rate()], Abilities(services=(service(),)))
        self.asked_once, self.may_answer = threading.Event(), threading.Event()

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.asked_once.set()
        self.may_answer.wait(WAIT)
        return super().quote(shipments, deadline)


def lines(count: int) -> QuoteRequest:
    return request(*[item(f"sku-{number}") for number in range(count)])


@pytest.mark.parametrize(("count", "on_the_loop"), [(INLINE, True), (INLINE + 1, False)])
def test_only_a_question_of_few_lines_is_planned_on_the_loop(count: int, *, on_the_loop: bool) -> None:
    threads: set[int] = set()
    shop = policy(member(packer=packing(lambda: threads.add(threading.get_ident()))), lines="together")
    with open_quoter(shop) as quoter:
        assert asyncio.run(quoter.aquote(lines(count))).verdict is Verdict.SERVED
        assert (threads == {threading.get_ident()}) is on_the_loop
        assert len(threads) == 1


def test_a_question_is_as_large_as_its_lines_times_the_carriers_that_are_asked() -> None:
    threads: set[int] = set()
    pack = packing(lambda: threads.add(threading.get_ident()))
    with open_quoter(policy(member("a", packer=pack), member("b", packer=pack))) as quoter:
        asyncio.run(quoter.aquote(lines(INLINE // 2 + 1)))

    assert threads.isdisjoint({threading.get_ident()})


@pytest.mark.parametrize(
    ("limits", "count", "on_the_loop"),
    [
        pytest.param(1, INLINE // 2 + 1, True, id="one"),
        pytest.param(2, INLINE // 2 + 1, False, id="two"),
        pytest.param(9, INLINE // 9, True, id="nine"),
        pytest.param(9, INLINE // 9 + 1, False, id="nine that share four questions, or not"),
    ],
)
def test_each_set_of_limits_that_a_carrier_is_packed_for_makes_a_question_larger(
    limits: int, count: int, *, on_the_loop: bool
) -> None:
    threads: set[int] = set()
    services = [service(str(number)) for number in range(limits)]
    own = {str(number): ParcelLimits(weight=30_000 - number) for number in range(limits)}
    pack = packing(lambda: threads.add(threading.get_ident()))
    with open_quoter(policy(member("a", None, *services, packer=pack, abilities={"service_limits": own}))) as quoter:
        asyncio.run(quoter.aquote(lines(count)))

    assert (threads == {threading.get_ident()}) is on_the_loop


def test_what_a_fallback_is_packed_for_counts_as_much_as_a_carrier_s() -> None:
    threads: set[int] = set()
    pack = packing(lambda: threads.add(threading.get_ident()))
    spare = member("b", packer=pack, fallback_only=True)
    with open_quoter(policy(member("a", packer=pack, fallback="b"), fallbacks={"b": spare})) as quoter:
        asyncio.run(quoter.aquote(lines(INLINE // 2 + 1)))

    assert threads.isdisjoint({threading.get_ident()})


@pytest.mark.parametrize(
    ("more", "on_the_loop"),
    [
        pytest.param({}, False, id="three of the four that stock it"),
        pytest.param({"origins_tried": "all"}, False, id="all at once"),
        pytest.param({"origins_tried": "first"}, True, id="the first alone"),
        pytest.param({"most_origins": 2}, True, id="no more than two"),
    ],
)
def test_each_origin_that_may_be_tried_makes_a_question_larger(more: dict[str, Any], *, on_the_loop: bool) -> None:
    threads: set[int] = set()
    stock = Catalogue({f"sku-{number}": CatalogueEntry(origins=(1, 2, 3, 4)) for number in range(INLINE)})
    carrier = member(packer=packing(lambda: threads.add(threading.get_ident())))
    shop = policy(carrier, origins=[origin(number) for number in (1, 2, 3, 4)], catalogue=stock, **more)
    with open_quoter(shop) as quoter:
        asyncio.run(quoter.aquote(lines(INLINE // 2)))

    assert (threading.get_ident() in threads) is on_the_loop


def test_a_line_of_one_origin_counts_once_where_others_may_leave_from_more() -> None:
    threads: set[int] = set()
    stock = Catalogue({f"sku-{number}": CatalogueEntry(origins=(1,)) for number in range(INLINE)})
    carrier = member(packer=packing(lambda: threads.add(threading.get_ident())))
    with open_quoter(policy(carrier, origins=[origin(1), origin(2)], catalogue=stock)) as quoter:
        asyncio.run(quoter.aquote(lines(INLINE)))

    assert threads == {threading.get_ident()}


def test_the_loop_goes_on_while_a_large_question_is_planned() -> None:
    went_on = threading.Event()
    seen: list[bool] = []
    shop = policy(member(packer=packing(lambda: seen.append(went_on.wait(10)))), lines="together")

    async def both() -> Quote:
        asking = asyncio.ensure_future(quoter.aquote(lines(INLINE + 1)))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0, went_on.set)
        return await asking

    with open_quoter(shop) as quoter:
        asyncio.run(both())
    assert seen == [True]


def test_a_large_question_has_the_same_answer_in_an_event_loop() -> None:
    members = [member("table"), member("remote", instant=False, timeout=10)]
    with open_quoter(policy(*members)) as waiting, open_quoter(policy(*members)) as looping:
        waited, awaited = waiting.quote(lines(60)), asyncio.run(looping.aquote(lines(60)))

    assert waited.model_copy(update={"id": ""}) == awaited.model_copy(update={"id": ""})


def test_a_large_question_that_cannot_be_asked_is_refused_as_a_small_one() -> None:
    with open_quoter(policy()) as quoter, pytest.raises(TooMuchError, match="more than 200 lines"):
        asyncio.run(quoter.aquote(lines(201)))


def test_a_large_question_keeps_its_caller_s_context() -> None:
    context: ContextVar[str] = ContextVar("context", default="lost")
    seen: set[str] = set()

    async def ask() -> None:
        context.set("kept")
        await quoter.aquote(lines(INLINE + 1))

    with open_quoter(policy(member(packer=packing(lambda: seen.add(context.get()))))) as quoter:
        asyncio.run(ask())
    assert seen == {"kept"}


def test_large_questions_beyond_the_room_are_turned_away_until_there_is_room_again() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        may_end.wait(WAIT)

    carriers = [member(f"c{number}", packer=packing(hold)) for number in range(ROOM // 100)]

    async def crowd() -> list[Verdict]:
        first = asyncio.ensure_future(quoter.aquote(lines(100)))  # takes all the room there is
        await asyncio.to_thread(begun.wait, WAIT)
        with pytest.raises(BusyError, match="room"):
            await quoter.aquote(lines(INLINE + 1))
        may_end.set()
        return [(await first).verdict, (await quoter.aquote(lines(110))).verdict]

    with open_quoter(policy(*carriers, lines="together")) as quoter:
        assert asyncio.run(crowd()) == [Verdict.SERVED, Verdict.SERVED]


def test_a_large_question_waits_for_others_no_longer_than_its_caller_does() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        may_end.wait(WAIT)

    async def crowd() -> Verdict:
        first = asyncio.ensure_future(quoter.aquote(lines(INLINE + 1)))
        await asyncio.to_thread(begun.wait, WAIT)
        with pytest.raises(BusyError, match="before"):
            await quoter.aquote(lines(INLINE + 1), within=0.01)
        may_end.set()
        return (await first).verdict

    with open_quoter(policy(member(packer=packing(hold)))) as quoter:
        assert asyncio.run(crowd()) is Verdict.SERVED


def test_a_large_question_is_decided_while_another_one_is_planned() -> None:
    carrier = Answering()
    begun, may_end = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def hold_the_second() -> None:
        if carrier.asked_once.is_set():
            begun.set()
            in_time.append(may_end.wait(10))

    async def both() -> list[Verdict]:
        first = asyncio.ensure_future(quoter.aquote(lines(INLINE + 1)))
        await asyncio.to_thread(carrier.asked_once.wait, WAIT)
        second = asyncio.ensure_future(quoter.aquote(lines(INLINE + 2)))
        await asyncio.to_thread(begun.wait, WAIT)
        carrier.may_answer.set()
        verdict = (await first).verdict
        may_end.set()
        return [verdict, (await second).verdict]

    far = member(carrier=carrier, packer=packing(hold_the_second), instant=False, timeout=WAIT)
    with open_quoter(policy(far, lines="together")) as quoter:
        assert asyncio.run(both()) == [Verdict.SERVED, Verdict.SERVED]
    assert in_time == [True]


def test_a_closed_store_takes_no_large_question() -> None:
    with open_quoter(policy()) as quoter:
        quoter.close()
        with pytest.raises(BusyError, match="closing"):
            asyncio.run(quoter.aquote(lines(INLINE + 1)))


def test_what_a_large_question_costs_the_loop_does_not_grow_with_it() -> None:
    carriers = [member("table"), member("remote", instant=False, timeout=10)]

    async def ask(asked: QuoteRequest) -> None:  # asyncio writes out what its main task returns: not a quote
        await quoter.aquote(asked)

    with open_quoter(policy(*carriers)) as quoter:
        asyncio.run(ask(lines(150)))  # from here on all is remembered
        few, many = (calls_of(partial(asyncio.run, ask(lines(count)))) for count in (30, 150))

    assert many < 1.5 * few
