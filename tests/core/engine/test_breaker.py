"""When a carrier that keeps failing is no longer asked, seen through the quotes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from shop import FrozenClock, failure, member, policy, rate, request, service
from structlog.testing import capture_logs

from portes.contract import Answer, FailureKind, Quote, Service, Verdict
from portes.engine.breaker import Breaker, Circuit
from portes.engine.quoter import Quoter
from portes.errors import (
    BusyError,
    CarrierError,
    IncompleteError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.settings import BreakerSettings, CacheTtl

NO_CACHE = CacheTtl().model_copy(update=dict.fromkeys(CacheTtl.model_fields, -1.0))  # the clock stands still
BREAKER = BreakerSettings(failures=3, pause=10, credentials_pause=300)


@dataclass
class Shop:
    clock: FrozenClock
    quoter: Quoter
    problem: CarrierError | None = None
    failures: Sequence[object] = ()
    calls: int = 0

    def says(self, _: object) -> list[object]:
        self.calls += 1
        if self.problem is not None:
            raise self.problem
        return [*self.failures] or [rate()]

    def quote(self) -> Quote:
        return self.quoter.quote(request())

    def fails(self, problem: CarrierError, times: int = 1) -> None:
        self.problem = problem
        for _ in range(times):
            self.quote()

    def circuit(self) -> Circuit:
        return self.quoter.circuits()["a"].circuit

    def asked(self) -> bool:
        """Whether the next question reaches the carrier."""
        before = self.calls
        self.quote()
        return self.calls > before


@contextmanager
def shop(*services: Service) -> Iterator[Shop]:
    clock = FrozenClock()
    one = Shop(clock, None)  # type: ignore[arg-type]  # the carrier needs the shop first
    carrier = member("a", one.says, *services, instant=False, timeout=10, ttl=NO_CACHE, circuit=BREAKER)  # type: ignore[arg-type]  # outcomes
    one.quoter = Quoter(policy(carrier), clock=clock)
    try:
        yield one
    finally:
        one.quoter.close()


def test_a_carrier_that_fails_in_a_row_is_not_asked_for_a_while() -> None:
    with shop() as one:
        one.fails(UnreachableError("down"), times=3)
        quote = one.quote()

        assert one.calls == 3
        assert quote.verdict is Verdict.UNKNOWN
        assert quote.lines[0].failures[0].failure.kind is FailureKind.OPEN_CIRCUIT


def test_one_good_answer_between_failures_keeps_it_closed() -> None:
    with shop() as one:
        for _ in range(3):
            one.fails(UnreachableError("down"), times=2)
            one.problem = None
            one.quote()

        assert one.circuit() is Circuit.CLOSED


def test_after_the_pause_one_probe_closes_it_when_it_succeeds() -> None:
    with shop() as one:
        one.fails(UnreachableError("down"), times=3)
        one.problem = None
        one.clock.seconds += 9.9
        assert not one.asked()
        one.clock.seconds += 0.1

        assert one.asked()
        assert one.circuit() is Circuit.CLOSED


def test_a_probe_that_fails_opens_it_for_another_pause() -> None:
    with shop() as one:
        one.fails(UnreachableError("down"), times=3)
        one.clock.seconds += 10
        assert one.asked()

        assert not one.asked()
        one.clock.seconds += 10
        assert one.asked()


def test_rejected_credentials_open_it_at_once_until_a_slow_probe_is_accepted() -> None:
    with shop() as one:
        one.fails(RejectedCredentialsError("wrong code"))
        one.clock.seconds += 299
        assert not one.asked()
        one.clock.seconds += 1
        one.problem = None

        assert one.asked()
        assert one.circuit() is Circuit.CLOSED


@pytest.mark.parametrize("problem", [ThrottledError, UnreachableError])
@pytest.mark.parametrize("times", [1, 3])
def test_a_carrier_that_asks_to_wait_is_left_alone_that_long_from_its_first_such_answer_on(
    problem: type[CarrierError], times: int
) -> None:
    with shop() as one:
        one.fails(problem("not now", retry_after=60), times=times)
        one.problem = None
        one.clock.seconds += 59
        (said,) = one.quote().lines[0].failures
        assert (said.failure.kind, said.failure.retry_after) == (FailureKind.OPEN_CIRCUIT, 1)
        one.clock.seconds += 1

        assert one.asked()
        assert one.circuit() is Circuit.CLOSED


def test_a_probe_that_is_asked_to_wait_again_waits_that_long_again() -> None:
    with shop() as one:
        one.fails(ThrottledError("too many", retry_after=60))
        one.clock.seconds += 60
        assert one.asked()
        one.clock.seconds += 59

        assert not one.asked()


def test_a_rate_beside_a_service_that_is_throttled_leaves_the_carrier_asked() -> None:
    with shop(service("n"), service("x")) as one:
        throttled = {"kind": FailureKind.THROTTLED, "retry_after": 60}
        one.failures = [failure("n").model_copy(update=throttled), rate("x")]
        one.quote()

        assert one.circuit() is Circuit.CLOSED


def test_an_answer_that_was_under_way_does_not_end_the_wait_that_the_carrier_asked_for() -> None:
    clock = FrozenClock()
    breaker = Breaker(BREAKER, clock)
    first, second, queued = (breaker.admit(5) or 0 for _ in range(3))
    breaker.report(first, said(FailureKind.THROTTLED, retry_after=60))
    breaker.report(second, [Answer(shipment_id="1", rates=(rate(),))])
    clock.seconds += 59

    assert breaker.admit(5) is None
    assert not breaker.stands(queued)


def test_a_carrier_that_stops_and_recovers_writes_one_line_of_the_log_at_each_change() -> None:
    with capture_logs() as logged, shop() as one:
        one.fails(UnreachableError("down"), times=5)
        one.clock.seconds += 10
        one.fails(RejectedCredentialsError("wrong code"))
        one.clock.seconds += 300
        one.problem = None
        assert one.asked()
        one.quote()

        assert one.quoter.circuits()["a"].age == 0
    who = {"store": "shop", "carrier": "a"}
    stopped = {"event": "carrier stopped", "log_level": "warning", **who}
    assert logged == [
        {**stopped, "cause": FailureKind.UNREACHABLE, "probe_in": 10},
        {**stopped, "cause": FailureKind.REJECTED_CREDENTIALS, "probe_in": 300},
        {"event": "carrier recovered", "log_level": "info", **who},
    ]


@pytest.mark.parametrize(
    "ours",
    [IncompleteError("no value"), RejectedRequestError("malformed"), BusyError("full", retry_after=60)],
    ids=lambda one: one.kind,
)
def test_a_failure_that_is_our_own_fault_never_opens_it(ours: CarrierError) -> None:
    with shop() as one:
        one.fails(ours, times=10)

        assert one.circuit() is Circuit.CLOSED


def test_the_state_tells_what_opened_it_and_when_it_is_probed() -> None:
    with shop() as one:
        one.fails(RejectedCredentialsError("wrong code"))
        one.clock.seconds += 100
        state = one.quoter.circuits()["a"]

        assert (state.circuit, state.cause, state.probe_in) == (Circuit.OPEN, FailureKind.REJECTED_CREDENTIALS, 200)


def test_one_probe_at_a_time_goes_through_and_a_lost_one_is_given_up() -> None:
    clock = FrozenClock()
    breaker = Breaker(BREAKER, clock)
    down = Answer(shipment_id="1", failures=(failure().model_copy(update={"kind": FailureKind.UNREACHABLE}),))
    for _ in range(3):
        breaker.report(breaker.admit(5) or 0, [down])
    clock.seconds += 10
    admitted = [breaker.admit(5) for _ in range(3)]
    half_open = breaker.state().circuit
    clock.seconds += 5
    after_the_lost_one = breaker.admit(5)

    assert [ticket is not None for ticket in admitted] == [True, False, False]
    assert half_open is Circuit.HALF_OPEN
    assert after_the_lost_one is not None


def test_a_probe_that_came_to_nothing_lets_the_next_one_go_at_once() -> None:
    clock = FrozenClock()
    breaker = Breaker(BREAKER, clock)
    breaker.report(breaker.admit(5) or 0, said(FailureKind.REJECTED_CREDENTIALS))
    clock.seconds += 300
    probe = breaker.admit(5) or 0
    turned_away = breaker.admit(5)
    breaker.give_back(probe)

    assert (turned_away, breaker.admit(5) is None) == (None, False)


def said(kind: FailureKind, retry_after: int | None = None) -> list[Answer]:
    update = {"kind": kind, "retry_after": retry_after}
    return [Answer(shipment_id="1", failures=(failure().model_copy(update=update),))]


def test_a_call_that_was_under_way_when_credentials_were_rejected_does_not_hasten_the_slow_probe() -> None:
    breaker = Breaker(BREAKER, FrozenClock())
    first, straggler = breaker.admit(5), breaker.admit(5)
    breaker.report(first or 0, said(FailureKind.REJECTED_CREDENTIALS))
    breaker.report(straggler or 0, said(FailureKind.LATE))

    state = breaker.state()
    assert (state.cause, state.probe_in) == (FailureKind.REJECTED_CREDENTIALS, 300)


def test_a_slow_probe_that_fails_otherwise_leaves_the_credentials_in_doubt() -> None:
    clock = FrozenClock()
    breaker = Breaker(BREAKER, clock)
    breaker.report(breaker.admit(5) or 0, said(FailureKind.REJECTED_CREDENTIALS))
    clock.seconds += 300
    breaker.report(breaker.admit(5) or 0, said(FailureKind.UNREACHABLE))

    state = breaker.state()
    assert (state.cause, state.probe_in) == (FailureKind.REJECTED_CREDENTIALS, 300)


def test_a_call_that_was_under_way_when_it_opened_does_not_put_the_probe_off() -> None:
    clock = FrozenClock()
    breaker = Breaker(BREAKER, clock)
    tickets = [breaker.admit(5) or 0 for _ in range(4)]
    for ticket in tickets[:3]:
        breaker.report(ticket, said(FailureKind.LATE))
    clock.seconds += 6
    breaker.report(tickets[3], said(FailureKind.LATE))

    assert breaker.state().probe_in == 4


def test_rejected_credentials_found_while_it_is_open_already_make_the_next_probe_a_slow_one() -> None:
    breaker = Breaker(BREAKER, FrozenClock())
    tickets = [breaker.admit(5) or 0 for _ in range(4)]
    for ticket in tickets[:3]:
        breaker.report(ticket, said(FailureKind.LATE))
    breaker.report(tickets[3], said(FailureKind.REJECTED_CREDENTIALS))

    state = breaker.state()
    assert (state.cause, state.probe_in) == (FailureKind.REJECTED_CREDENTIALS, 300)


def test_a_carrier_that_asks_to_be_left_alone_for_years_is_probed_within_the_hour() -> None:
    breaker = Breaker(BREAKER, FrozenClock())
    for _ in range(3):
        breaker.report(breaker.admit(5) or 0, said(FailureKind.THROTTLED, retry_after=1_000_000_000))

    assert breaker.state().probe_in == 3600


@pytest.mark.parametrize("other", [FailureKind.LATE, FailureKind.REJECTED_REQUEST])
def test_one_rejected_card_of_two_does_not_open_it_at_once_for_the_other(other: FailureKind) -> None:
    kinds = {"n": FailureKind.REJECTED_CREDENTIALS, "x": other}
    with shop(service("n"), service("x")) as one:
        one.failures = [failure(code).model_copy(update={"kind": kind}) for code, kind in kinds.items()]
        one.quote()
        one.quote()
        assert one.circuit() is Circuit.CLOSED
        one.quote()

        assert one.circuit() is Circuit.OPEN
