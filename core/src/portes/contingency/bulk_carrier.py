"""One carrier asked for a whole table: in its batches and at its pace; it decides nothing.

It goes round what a live quote uses: no cache, so that no stale answer is taken for the truth, and no fallback.
"""

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from datetime import datetime
from typing import Final, NamedTuple

from portes.carrier import Deadline
from portes.contingency.pace import Pace, WaitingClock
from portes.contract import Answer, FailureKind, Shipment
from portes.engine import guard
from portes.engine.breaker import Breaker
from portes.engine.policy import Member
from portes.errors import PortesError, Problem, SettingsError

LONGEST_OUTAGE: Final = 3600.0
"""Seconds after which a carrier that answers nothing ends the build; asking for hours more would not mend it."""
LEAST_TIMEOUT: Final = 10.0
"""Seconds that an answer is waited for at least: no shopper waits, so the timeout of live quotes may be shorter."""
_PROBE_UNDER_WAY: Final = 1.0


class BuildStoppedError(PortesError):
    """A build cannot go on now; what it learnt is kept."""


class AnsweredShipment(NamedTuple):
    """A shipment and what the carrier said of it."""

    shipment: Shipment
    answer: Answer


class BulkCarrier:
    """A carrier that is asked for a table. `answers` is for one thread; the calls are made by threads of its own."""

    def __init__(self, member: Member, currency: str, clock: WaitingClock, pace: Pace) -> None:
        self.member = member
        self.asked = 0
        """Calls of the carrier's `quote`."""
        self._taken = 0.0
        """Seconds that they took together."""
        self._currency = currency
        self._clock = clock
        self._pace = pace
        self._breaker = Breaker(member.settings.circuit, clock)
        self._timeout = max(LEAST_TIMEOUT, member.settings.timeout)
        self._threads = ThreadPoolExecutor(member.settings.bulk.at_once, f"bulk-{member.key}")

    def answers(self, shipments: Iterable[Shipment]) -> Generator[list[AnsweredShipment], None, None]:
        """What the carrier says of shipments whose ids differ, batch by batch as it comes, failures too.

        At most `2 * at_once` calls are open: wait for a thread, are under way, or were answered and are not done with,
        which a batch is once the next one is asked for. A build that is killed loses no more than those.
        Raises `SettingsError` when the carrier does not accept the credentials, `BuildStoppedError` when it answers
        nothing for an hour, and `StoppedError`.
        """
        under_way: set[Future[list[AnsweredShipment]]] = set()
        try:
            for batch in guard.batches([*shipments], self.member.abilities.batch):
                under_way.add(self._threads.submit(self._call, batch))
                if len(under_way) >= 2 * self.member.settings.bulk.at_once:
                    done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    yield from (each.result() for each in done)
            yield from (each.result() for each in as_completed(under_way))
        finally:
            for each in under_way:
                each.cancel()

    def end_of(self, calls: float) -> datetime | None:
        """When so many more calls will probably be over, in the store's time; None where that is years away."""
        each = self._taken / self.asked / self.member.settings.bulk.at_once if self.asked else 0.0
        return self._pace.end_of(calls, each)

    def close(self) -> None:
        """Make no more calls; those under way end within their timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _call(self, batch: Sequence[Shipment]) -> list[AnsweredShipment]:
        ticket = self._ticket()
        try:
            begun = self._clock.monotonic()
            deadline = Deadline(self._timeout, self._clock)
            answers = guard.call(self.member, batch, deadline, self._currency)
            self.asked += 1
            self._taken += self._clock.monotonic() - begun
            self._learn(ticket, answers, begun)
        finally:
            self._breaker.give_back(ticket)
        return [AnsweredShipment(shipment, answer) for shipment, answer in zip(batch, answers, strict=True)]

    def _ticket(self) -> int:
        """A ticket of the circuit, waited for in turn. Raises `BuildStoppedError` after an hour of an open one."""
        while True:
            self._pace.wait_for_turn()
            ticket = self._breaker.admit(2 * self._timeout)
            if ticket is not None:
                return ticket
            self._pace.give_back()
            state = self._breaker.state()
            if (state.age or 0.0) > LONGEST_OUTAGE:
                cause = state.cause or "failures"
                msg = f"{self.member.key} answered nothing for an hour ({cause}); what was learnt is kept: build again"
                raise BuildStoppedError(msg)
            self._clock.wait(state.probe_in or _PROBE_UNDER_WAY)

    def _learn(self, ticket: int, answers: Sequence[Answer], begun: float) -> None:
        kinds = {failure.kind for answer in answers for failure in answer.failures}
        if FailureKind.REJECTED_CREDENTIALS in kinds:
            fix = f"run portes doctor STORE {self.member.key}, mend them, and build again: what was learnt is kept"
            raise SettingsError(Problem(f"carriers.{self.member.key}", "", "does not accept its credentials", fix))
        if FailureKind.THROTTLED in kinds:
            self._pace.complained(begun)
        self._breaker.report(ticket, answers)
