"""Memory, circuit and fallback together against a simple reference: the list of all calls and when they were made."""

import time
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from shop import FrozenClock, member, policy, rate, refusal, request, service

from portes.contract import Quote, Rate, Refusal, Source, Verdict
from portes.engine.quoter import Quoter
from portes.errors import CarrierError, IncompleteError, RejectedCredentialsError, UnreachableError
from portes.settings import BreakerSettings, CacheTtl

TTL = CacheTtl(fresh=10, stale_while_revalidate=30, stale_if_error=90, refusals=20)
CIRCUIT = BreakerSettings(failures=2, pause=15, credentials_pause=60)
FALLBACK_COST = 4242

Outcome = Rate | Refusal | CarrierError
outcomes = st.one_of(
    st.integers(1, 9999).map(lambda cost: rate(cost=cost)),
    st.just(refusal()),
    st.just(UnreachableError("down")),
    st.just(RejectedCredentialsError("wrong code")),
    st.just(IncompleteError("no value")),
)
Told = tuple[Verdict, int | None, Source | None]
"""Verdict, price and source of what a shopper is offered."""


@dataclass(frozen=True)
class Call:
    at: float
    outcome: Outcome


class Reference:
    """What should happen, worked out anew each time from all calls so far."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def last_said(self) -> Call | None:
        said = [call for call in self.calls if not isinstance(call.outcome, CarrierError)]
        return said[-1] if said else None

    def may_call(self, now: float) -> bool:
        """Walk through history: a circuit opened by the last failures may be probed once its pause is over.

        Credentials that were rejected stay in doubt, and the pause a long one, until an answer came with them.
        """
        failed, opened, doubted = 0, None, False
        for call in self.calls:
            if isinstance(call.outcome, IncompleteError):
                continue
            if not isinstance(call.outcome, CarrierError):
                failed, opened, doubted = 0, None, False
                continue
            failed += 1
            doubted = doubted or isinstance(call.outcome, RejectedCredentialsError)
            if doubted or opened is not None or failed >= CIRCUIT.failures:
                opened = call.at
        pause = CIRCUIT.credentials_pause if doubted else CIRCUIT.pause
        return opened is None or now - opened >= pause

    def expected(self, now: float, outcome: Outcome, *, fallback_only: bool) -> Told:
        """What a question now is answered, and the call that is made for it, if any."""
        said = self.last_said()
        age = now - said.at if said else float("inf")
        if said and isinstance(said.outcome, Rate) and age <= TTL.stale_while_revalidate:
            if age > TTL.fresh:
                self.call(now, outcome)
            return Verdict.SERVED, said.outcome.cost.minor, Source.CACHE
        if said and isinstance(said.outcome, Refusal) and age <= TTL.refusals:
            return Verdict.NOT_SERVED, None, None
        if self.call(now, outcome):
            if isinstance(outcome, Rate):
                return Verdict.SERVED, outcome.cost.minor, outcome.source
            if isinstance(outcome, Refusal):
                return Verdict.NOT_SERVED, None, None
        if said and isinstance(said.outcome, Rate) and age <= TTL.stale_if_error:
            return Verdict.SERVED, said.outcome.cost.minor, Source.CACHE
        return (Verdict.SERVED, FALLBACK_COST, Source.FALLBACK) if fallback_only else (Verdict.UNKNOWN, None, None)

    def call(self, now: float, outcome: Outcome) -> bool:
        allowed = self.may_call(now)
        if allowed:
            self.calls.append(Call(now, outcome))
        return allowed


class Resilience(RuleBasedStateMachine):
    @initialize()
    def open_shop(self) -> None:
        self.clock = FrozenClock()
        self.reference = Reference()
        self.outcome: Outcome = rate(cost=1000)
        self.fallback_serves = True
        self.calls = 0
        live = member("live", self.says, instant=False, timeout=10, ttl=TTL, circuit=CIRCUIT, fallback="table")
        table = member("table", self.stands_in, service("t"), fallback_only=True)
        self.quoter = Quoter(policy(live, fallbacks={"table": table}), clock=self.clock)

    def says(self, _: object) -> list[Any]:
        self.calls += 1
        if isinstance(self.outcome, CarrierError):
            raise self.outcome
        return [self.outcome]

    def stands_in(self, _: object) -> list[Any]:
        return [rate("t", cost=FALLBACK_COST) if self.fallback_serves else refusal("t")]

    @rule(outcome=outcomes)
    def carrier_changes(self, outcome: Outcome) -> None:
        self.outcome = outcome

    @rule(serves=st.booleans())
    def stand_in_changes(self, serves: bool) -> None:  # noqa: FBT001 — Hypothesis hands it in by name
        self.fallback_serves = serves

    @rule(seconds=st.sampled_from([1, 5, 11, 16, 31, 61, 91]))
    def time_passes(self, seconds: int) -> None:
        self.clock.seconds += seconds

    @rule()
    def shopper_asks(self) -> None:
        expected = self.reference.expected(self.clock.seconds, self.outcome, fallback_only=self.fallback_serves)
        quote = self.quoter.quote(request())

        assert told(quote) == expected

    @precondition(lambda self: hasattr(self, "quoter"))
    @invariant()
    def only_the_expected_calls_are_made(self) -> None:
        give_up = time.monotonic() + 60
        while self.calls < len(self.reference.calls) and time.monotonic() < give_up:
            time.sleep(0.0005)  # the call behind a stale answer is on its way
        self.quoter.idle(5)

        assert self.calls == len(self.reference.calls)

    def teardown(self) -> None:
        if hasattr(self, "quoter"):
            self.quoter.close()


def told(quote: Quote) -> Told:
    offers = quote.lines[0].offers
    if not offers:
        return quote.verdict, None, None
    return quote.verdict, offers[0].price.minor, offers[0].rate.source


TestResilience = Resilience.TestCase
TestResilience.settings = settings(stateful_step_count=40)
