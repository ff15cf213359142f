"""One carrier that is not instant: its memory, its circuit, equal questions asked once, threads; it decides nothing."""

import math
from collections.abc import Mapping, Sequence
from threading import Lock
from traceback import format_exc
from typing import Final, NamedTuple

import structlog

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import FailureKind
from portes.engine import guard
from portes.engine.answered import FarAnswers, FarCall, PendingAnswer
from portes.engine.breaker import Breaker, Circuit, CircuitState
from portes.engine.bulkhead import Bulkhead, Cap
from portes.engine.cache import AnswerCache
from portes.engine.cache_key import CacheKey, cache_key
from portes.engine.guard import TimedAnswer
from portes.engine.plan import Question
from portes.engine.policy import Member, Policy
from portes.errors import BusyError
from portes.forks.children import in_each_process
from portes.redaction import MaskedError
from portes.settings import BreakerSettings

Unasked = tuple[FailureKind, str]
"""The kind of failure that stands for a call that is not made, and why it is not."""

_BROKEN_OFF: Final = "the call broke off; the log tells where"

_log = structlog.get_logger(__name__)


class CircuitOwner(NamedTuple):
    """Whose circuit it is: a carrier with one set of settings and credentials, and what opens it."""

    carrier: str
    identity: str
    circuit: BreakerSettings


class RemoteCarrier:
    """Where questions for one carrier are put. Thread-safe.

    A call is in `_calls` from when it is joined until it is completed, and whatever happens it is completed: whoever
    puts it does so until a thread has it, and then the thread.
    """

    def __init__(
        self, member: Member, policy: Policy, clock: Clock, cache: AnswerCache, cap: Cap, breaker: Breaker | None
    ) -> None:
        self.breaker = breaker or Breaker(member.settings.circuit, clock)
        self.circuit_owner = circuit_owner(member)
        self._bulkhead = Bulkhead(f"{policy.store}-{member.key}", member.settings.threads, member.settings.queue, cap)
        self._member = member
        self._store = policy.store
        self._currency = policy.settings.currency
        self._timeout = member.settings.timeout
        self._clock = clock
        self._cache = cache
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._calls: dict[CacheKey, FarCall] = {}
        self._lock = Lock()

    def ask(self, questions: Sequence[Question], unasked: Unasked | None = None) -> list[PendingAnswer]:
        """Answer out of memory what can be, and put the rest; what is remembered as stale is put again behind it.

        `unasked` says why nothing may be put: all carriers together have too much to do, or no time is left. Then
        calls under way are joined and none is begun: one of others who have time would get what stands for it here.
        """
        if unasked is not None:
            return [self._found(question, unasked) for question in questions]
        new: list[FarCall] = []
        try:
            pending = [self._looked_up(question, new) for question in questions]
            self._put(new)
        except BaseException:
            self._complete(new, {})
            raise
        return pending

    def under_way(self) -> "list[FarCall]":
        """The calls whose answers have not come yet."""
        with self._lock:
            return list(self._calls.values())

    def close(self) -> None:
        """Take no more questions."""
        self._bulkhead.close()

    def _looked_up(self, question: Question, new: list[FarCall]) -> PendingAnswer:
        key = cache_key(self._member, question.shipment)
        services = self._member.asked(question.shipment)
        known = self._cache.get(key, question.shipment.id, services, self._member.settings.cache)
        call = self._join(FarCall(question, key), new) if known is None or known.stale else None
        if known is None:
            return PendingAnswer(question, None, call, key, self._clock.monotonic())
        return PendingAnswer(question, TimedAnswer(known.answer, 0.0), None, key)

    def _found(self, question: Question, unasked: Unasked) -> PendingAnswer:
        """What memory has, else the call that is under way, else the failure that stands for one."""
        key = cache_key(self._member, question.shipment)
        services = self._member.asked(question.shipment)
        known = self._cache.get(key, question.shipment.id, services, self._member.settings.cache)
        if known is not None:
            return PendingAnswer(question, TimedAnswer(known.answer, 0.0), None, key)
        with self._lock:
            call = self._calls.get(key)
        no = TimedAnswer(guard.failed(self._member, question.shipment, *unasked), 0.0)
        return PendingAnswer(question, no if call is None else None, call, key, self._clock.monotonic())

    def _join(self, own: FarCall, new: list[FarCall]) -> FarCall:
        """The call for this question that is under way already, else this one, which then is a `new` one."""
        with self._lock:
            call = self._calls.setdefault(own.key, own)
            if call is own:
                new.append(own)
        return call

    def _put(self, new: list[FarCall]) -> None:
        """Have threads make the new calls, all of them or none; those that are left over are still to be completed."""
        if crowded := self._bulkhead.crowded():
            self._complete(new, self._unasked(new, FailureKind.BUSY, crowded))
            return
        put_at = self._clock.monotonic()
        for batch in tuple(guard.batches(tuple(new), self._member.abilities.batch)):
            self._submit(batch, put_at)
            del new[: len(batch)]

    def _submit(self, batch: Sequence[FarCall], put_at: float) -> None:
        together = FarAnswers()
        for call in batch:
            call.arrival = together
        ticket = self.breaker.admit(2 * self._timeout)  # it may wait for a thread as long as for the carrier
        if ticket is None:
            self._complete(batch, self._circuit_open(batch))
            return
        try:
            self._bulkhead.run(lambda: self._call(batch, ticket, put_at))
        except BaseException as problem:  # whatever it is, nobody uses the ticket
            self.breaker.give_back(ticket)
            if not isinstance(problem, BusyError):
                raise
            self._complete(batch, self._unasked(batch, FailureKind.BUSY, problem.hint))

    def _call(self, batch: Sequence[FarCall], ticket: int, put_at: float) -> None:
        answers: Mapping[str, TimedAnswer] = {}
        try:
            answers = self._answers_unasked(batch, ticket, put_at)
            if not answers:
                answers = self._asked(batch)
                self._learn(batch, ticket, answers)
        except BaseException:  # noqa: BLE001 — the thread of a pool: nobody is above it, and many wait for it
            text = format_exc() if self._member.mask is None else self._member.mask(format_exc())
            _log.error("a carrier's call broke off", carrier=self._member.key, exc_info=MaskedError(text))
        finally:
            self._complete(batch, answers)
            self.breaker.give_back(ticket)

    def _answers_unasked(self, batch: Sequence[FarCall], ticket: int, put_at: float) -> dict[str, TimedAnswer]:
        """What stands for the answers when there is no sense in asking any more; empty when there is."""
        waited = self._clock.monotonic() - put_at
        if waited >= self._timeout:
            return self._unasked(batch, FailureKind.BUSY, f"waited {waited:.3g} s for a thread of this carrier")
        return {} if self.breaker.stands(ticket) else self._circuit_open(batch)

    def _asked(self, batch: Sequence[FarCall]) -> dict[str, TimedAnswer]:
        deadline = Deadline(self._timeout, self._clock)
        for call in batch:
            call.begun_at = self._clock.monotonic()
        questions = [call.question for call in batch]
        return guard.timed_call(self._member, questions, deadline, self._currency, self._clock)

    def _learn(self, batch: Sequence[FarCall], ticket: int, answers: Mapping[str, TimedAnswer]) -> None:
        """Have circuit and memory know of some answers."""
        changed = self.breaker.report(ticket, [answer for answer, _ in answers.values()])
        for call in batch:
            self._cache.put(call.key, answers[call.question.shipment.id].answer)
        if changed is not None:
            self._tell(changed)

    def _tell(self, changed: CircuitState) -> None:
        """One line of the log for a carrier that stops, stops for another reason, or recovers."""
        who = {"store": self._store, "carrier": self._member.key}
        if changed.circuit is Circuit.CLOSED:
            _log.info("carrier recovered", **who)
        else:
            _log.warning("carrier stopped", **who, cause=changed.cause, probe_in=math.ceil(changed.probe_in))

    def _circuit_open(self, batch: Sequence[FarCall]) -> dict[str, TimedAnswer]:
        state = self.breaker.state()
        seconds = math.ceil(state.probe_in)
        hint = f"not asked after {state.cause or 'failures'}; probed again in {seconds} s"
        return self._unasked(batch, FailureKind.OPEN_CIRCUIT, hint, seconds)

    def _unasked(
        self, batch: Sequence[FarCall], kind: FailureKind, hint: str, retry_after: int | None = None
    ) -> dict[str, TimedAnswer]:
        shipments = [call.question.shipment for call in batch]
        return {one.id: TimedAnswer(guard.failed(self._member, one, kind, hint, retry_after), 0.0) for one in shipments}

    def _complete(self, batch: Sequence[FarCall], answers: Mapping[str, TimedAnswer]) -> None:
        """Give each call that has none yet its answer; one that is missing broke off."""
        with self._lock:
            open_ones = [call for call in batch if self._calls.get(call.key) is call]
            for call in open_ones:
                del self._calls[call.key]
        came = {call.key: answers.get(call.question.shipment.id) or self._broken_off(call) for call in open_ones}
        for call in open_ones:
            call.arrival.answers = came
        for call in open_ones:
            call.set_result(None)

    def _broken_off(self, call: FarCall) -> TimedAnswer:
        shipment = call.question.shipment
        return TimedAnswer(guard.failed(self._member, shipment, FailureKind.CRASHED, _BROKEN_OFF), 0.0)


def circuit_owner(member: Member) -> CircuitOwner:
    """Whose circuit a member's is."""
    return CircuitOwner(member.key, member.identity, member.settings.circuit)
