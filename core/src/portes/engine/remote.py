"""One carrier that is not instant: its memory, its circuit, equal questions asked once, threads; it decides nothing."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import FailureKind
from portes.engine import guard
from portes.engine.answered import PendingAnswer
from portes.engine.breaker import Breaker
from portes.engine.bulkhead import Bulkhead, Cap
from portes.engine.cache import AnswerCache
from portes.engine.cache_key import CacheKey, cache_key
from portes.engine.guard import TimedAnswer
from portes.engine.plan import Question
from portes.engine.policy import Member, Policy
from portes.errors import BusyError
from portes.settings import BreakerSettings


class CircuitOwner(NamedTuple):
    """Whose circuit it is: a carrier with one set of settings and credentials, and what opens it."""

    carrier: str
    identity: str
    circuit: BreakerSettings


@dataclass(frozen=True, slots=True)
class _Call:
    """A question that nobody is asking yet, and the future that all who ask it wait for."""

    question: Question
    key: CacheKey
    future: "Future[TimedAnswer]"


class RemoteCarrier:
    """Where questions for one carrier are put. Thread-safe."""

    def __init__(
        self, member: Member, policy: Policy, clock: Clock, cache: AnswerCache, cap: Cap, breaker: Breaker | None
    ) -> None:
        self.breaker = breaker or Breaker(member.settings.circuit, clock)
        self.circuit_owner = circuit_owner(member)
        self._bulkhead = Bulkhead(f"{policy.store}-{member.key}", member.settings.threads, member.settings.queue, cap)
        self._member = member
        self._currency = policy.settings.currency
        self._clock = clock
        self._cache = cache
        self._calls: dict[CacheKey, Future[TimedAnswer]] = {}
        self._lock = Lock()

    def ask(self, questions: Sequence[Question]) -> list[PendingAnswer]:
        """Answer out of memory what can be, and put the rest; what is remembered as stale is put again behind it."""
        pending: list[PendingAnswer] = []
        calls: list[_Call] = []
        for question in questions:
            key = cache_key(self._member, question.shipment)
            known = self._cache.get(key, question.shipment.id, self._member.services, self._member.settings.cache)
            future: Future[TimedAnswer] | None = None
            if known is None or known.stale:
                future, joined = self._join(key)
                calls += [] if joined else [_Call(question, key, future)]
            if known is None:
                pending.append(PendingAnswer(question, None, future, key))
            else:
                pending.append(PendingAnswer(question, TimedAnswer(known.answer, 0.0), None, key))
        for batch in guard.batches(calls, self._member.abilities.batch):
            self._submit(batch)
        return pending

    def under_way(self) -> "list[Future[TimedAnswer]]":
        """The calls whose answers have not come yet."""
        with self._lock:
            return list(self._calls.values())

    def close(self) -> None:
        """Take no more questions."""
        self._bulkhead.close()

    def _join(self, key: CacheKey) -> "tuple[Future[TimedAnswer], bool]":
        """The future of this question, and whether a call for it is under way already."""
        own: Future[TimedAnswer] = Future()
        with self._lock:
            future = self._calls.setdefault(key, own)
        return future, future is not own

    def _submit(self, batch: Sequence[_Call]) -> None:
        member = self._member
        ticket = self.breaker.admit(member.settings.timeout)
        if ticket is None:
            self._complete(batch, self._unasked(batch, FailureKind.OPEN_CIRCUIT, self._why_open()))
            return
        deadline = Deadline(
            member.settings.timeout, self._clock
        )  # waiting for a thread is part of the carrier's timeout
        try:
            self._bulkhead.run(lambda: self._call(batch, deadline, ticket))
        except BusyError as problem:
            self.breaker.report(ticket, ())
            self._complete(batch, self._unasked(batch, FailureKind.BUSY, problem.hint))

    def _call(self, batch: Sequence[_Call], deadline: Deadline, ticket: int) -> None:
        questions = [call.question for call in batch]
        answers = guard.timed_call(self._member, questions, deadline, self._currency, self._clock)
        self.breaker.report(ticket, [answer for answer, _ in answers.values()])
        for call in batch:
            self._cache.put(call.key, answers[call.question.shipment.id].answer)
        self._complete(batch, answers)

    def _unasked(self, batch: Sequence[_Call], kind: FailureKind, hint: str) -> dict[str, TimedAnswer]:
        shipments = [call.question.shipment.id for call in batch]
        return {shipment: TimedAnswer(guard.failed(self._member, shipment, kind, hint), 0.0) for shipment in shipments}

    def _why_open(self) -> str:
        state = self.breaker.state()
        return f"not asked after repeated {state.cause or 'failures'}; probed again in {state.probe_in:.0f} s"

    def _complete(self, batch: Sequence[_Call], answers: Mapping[str, TimedAnswer]) -> None:
        with self._lock:
            for call in batch:
                del self._calls[call.key]
        for call in batch:
            call.future.set_result(answers[call.question.shipment.id])


def circuit_owner(member: Member) -> CircuitOwner:
    """Whose circuit a member's is."""
    return CircuitOwner(member.key, member.identity, member.settings.circuit)
