"""Whatever breaks off, and where: no question stays in flight, no place stays taken."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from shop import FrozenClock, ScriptedCarrier, item, member, open_quoter, policy, rate, request, service
from structlog.testing import capture_logs

from portes.carrier import Abilities, Deadline
from portes.contract import Answer, FailureKind, Shipment, Verdict
from portes.engine.quoter import Quoter
from portes.errors import CarrierError, ThrottledError
from portes.hooks import Watchers, hookimpl


class StrangeError(CarrierError):
    kind = "strange"


class BrokenOffError(BaseException):
    """What nobody expects."""


@pytest.mark.parametrize(
    "raised",
    [
        asyncio.CancelledError(),
        GeneratorExit(),
        KeyboardInterrupt(),
        SystemExit(3),
        BrokenOffError(),
        StrangeError("a kind of its own"),
        CarrierError("no kind at all"),
    ],
    ids=repr,
)
def test_whatever_a_carrier_raises_its_question_is_answered_and_can_be_asked_again(raised: BaseException) -> None:
    outcomes: list[BaseException | None] = [raised, None]

    def says(_: Shipment) -> list[Any]:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome
        return [rate()]

    with open_quoter(policy(member("a", says, instant=False, timeout=60))) as quoter:
        first, second = quoter.quote(request()), quoter.quote(request())

        assert first.lines[0].failures[0].failure.kind is FailureKind.CRASHED
        assert second.verdict is Verdict.SERVED
        assert quoter.under_way() == {"a": 0}


@pytest.mark.parametrize("raised", [asyncio.CancelledError(), GeneratorExit(), BrokenOffError()], ids=repr)
def test_what_an_instant_carrier_raises_in_an_event_loop_costs_its_siblings_nothing(raised: BaseException) -> None:
    def says(_: Shipment) -> list[Any]:
        raise raised

    with open_quoter(policy(member("bad", says), member("good"))) as quoter:
        quote = asyncio.run(quoter.aquote(request()))

    assert [said.failure.kind for said in quote.lines[0].failures] == [FailureKind.CRASHED]
    assert quote.verdict is Verdict.SERVED


@pytest.mark.parametrize("raised", [asyncio.CancelledError(), SystemExit(3)], ids=repr)
def test_whatever_a_watcher_raises_the_quote_comes(raised: BaseException) -> None:
    class Watcher:
        @hookimpl
        def portes_asked(self) -> None:
            raise raised

        @hookimpl
        def portes_answered(self) -> None:
            raise raised

    watchers = Watchers()
    watchers.register(Watcher(), "test")
    with open_quoter(policy(member("a", instant=False, timeout=60)), watchers=watchers) as quoter:
        assert quoter.quote(request()).verdict is Verdict.SERVED


class BreakingClock(FrozenClock):
    """Breaks off whoever reads it for the nth time, wherever that is."""

    countdown = itertools.repeat(1)

    def monotonic(self) -> float:
        if next(self.countdown) == 0:
            raise BrokenOffError
        return super().monotonic()


@pytest.mark.parametrize("steps", range(12))
def test_a_question_that_breaks_off_anywhere_leaves_nothing_in_flight(steps: int) -> None:
    clock = BreakingClock()
    lines = [item(weight=grams) for grams in (100, 200)]
    with capture_logs(), open_quoter(policy(member("a", instant=False, timeout=60)), clock=clock) as quoter:
        clock.countdown = iter([*range(steps, -1, -1), *[1] * 1000])  # type: ignore[assignment]  # any iterator
        with suppress(BrokenOffError):
            quoter.quote(request(*lines), within=60)
        clock.countdown = itertools.repeat(1)

        assert quoter.idle(60)
        assert quoter.under_way() == {"a": 0}
        assert quoter.quote(request(*lines)).verdict is Verdict.SERVED


def test_a_closed_store_turns_calls_away_and_keeps_no_place_for_them() -> None:
    quoter = Quoter(policy(member("a", instant=False, threads=1, queue=1)), clock=FrozenClock())
    quoter.close()
    hints = {quoter.quote(request(to=f"0151265{digit}")).lines[0].failures[0].failure.hint for digit in range(4)}

    assert hints == {"the store is closing"}
    assert quoter.under_way() == {"a": 0}


class Slow(ScriptedCarrier):
    """Takes three seconds of the test's clock for each call."""

    clock: FrozenClock
    left: list[float]

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.left.append(deadline.remaining())
        self.clock.seconds += 3
        return super().quote(shipments, deadline)


def slow(clock: FrozenClock) -> Slow:
    carrier = Slow(lambda _: [rate()], Abilities(services=(service(),)))
    carrier.clock, carrier.left = clock, []
    return carrier


def test_waiting_for_a_thread_of_ours_is_busy_and_takes_nothing_of_the_carriers_time() -> None:
    clock = FrozenClock()
    carrier = slow(clock)
    one = member("a", carrier=carrier, threads=1, timeout=4, circuit={"failures": 1})
    with open_quoter(policy(one), clock=clock) as quoter:
        quote = quoter.quote(request(*[item(weight=grams) for grams in (100, 200, 300)]), within=60)

        assert [[said.failure.kind for said in line.failures] for line in quote.lines] == [[], [], [FailureKind.BUSY]]
        assert carrier.left == [4, 4]
        assert quoter.circuits()["a"].cause is None


def test_who_leaves_before_a_thread_was_free_is_told_busy_and_the_one_asked_in_time_late() -> None:
    clock = FrozenClock()
    may_end = Event()

    class Held(ScriptedCarrier):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            clock.seconds += 2
            may_end.wait(60)
            return super().quote(shipments, deadline)

    carrier = Held(lambda _: [rate()], Abilities(services=(service(),)))
    with open_quoter(policy(member("a", carrier=carrier, threads=1, timeout=60)), clock=clock) as quoter:
        quote = quoter.quote(request(item(weight=100), item(weight=200)), within=0.05)
        may_end.set()

    assert [line.failures[0].failure.kind for line in quote.lines] == [FailureKind.LATE, FailureKind.BUSY]
    assert quote.lines[1].failures[0].failure.hint == "waited 2 s of 2 s for a thread of this carrier"


def test_one_cart_of_two_hundred_lines_is_never_turned_away_where_nobody_else_asks() -> None:
    lines = [item(f"sku-{number}", weight=number + 1) for number in range(200)]
    members = [member(key, instant=False, timeout=60) for key in "abc"]
    with open_quoter(policy(*members)) as quoter:
        quote = quoter.quote(request(*lines))

    assert [len(line.offers) for line in quote.lines] == [3] * 200


def test_after_a_carrier_asks_to_wait_no_call_that_waits_for_a_thread_goes_out_any_more() -> None:
    def throttled(_: Shipment) -> list[Any]:
        raise ThrottledError("too many", retry_after=42)

    one = member("a", throttled, instant=False, threads=1, timeout=60)
    with open_quoter(policy(one)) as quoter:
        quote = quoter.quote(request(*[item(weight=grams) for grams in (100, 200, 300)]))

    assert isinstance(one.carrier, ScriptedCarrier)
    assert one.carrier.calls == 1
    failures = [line.failures[0].failure for line in quote.lines]
    assert [failure.kind for failure in failures] == [FailureKind.THROTTLED, *[FailureKind.OPEN_CIRCUIT] * 2]
    assert [failure.retry_after for failure in failures] == [42, 42, 42]
