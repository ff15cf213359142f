"""Asks all carriers at once: instant ones inline, the others through their desks; it decides nothing."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, FailureKind
from portes.engine import guard
from portes.engine.breaker import Breaker, CircuitState
from portes.engine.bulkhead import Bulkhead, Cap
from portes.engine.cache import AnswerCache
from portes.engine.cache_key import CacheKey, cache_key
from portes.engine.plan import Question
from portes.engine.policy import Member, Policy
from portes.errors import BusyError
from portes.settings import BreakerSettings


class CircuitOwner(NamedTuple):
    """Whose circuit it is: a carrier with one set of settings and credentials, and what opens it."""

    carrier: str
    identity: str
    circuit: BreakerSettings


class Said(NamedTuple):
    """An answer and the seconds its call took; none for one out of memory."""

    answer: Answer
    seconds: float


@dataclass(slots=True)
class PendingAnswer:
    """A question that was put: its answer is known already, or comes with a flight, which never raises."""

    question: Question
    said: Said | None = None
    flight: "Future[Said] | None" = None
    key: CacheKey | None = None
    """Set for carriers that are not instant."""

    def so_far(self, waited: float) -> Said:
        """What was said so far, under this question's shipment; without an answer yet, a failure `late`."""
        if self.said is not None:
            return self.said
        member, shipment = self.question.member, self.question.shipment
        if self.flight is None or not self.flight.done():
            hint = f"no answer within {waited:.3g} s"
            return Said(guard.failed(member, shipment.id, FailureKind.LATE, hint), waited)
        said = self.flight.result()
        if said.answer.shipment_id == shipment.id:
            return said
        return Said(said.answer.model_copy(update={"shipment_id": shipment.id}), said.seconds)


class Dispatcher:
    """Puts questions to a store's carriers; thread-safe.

    `breakers` are those of an earlier asker of the store: a carrier that did not change goes on with its own.
    """

    def __init__(
        self, policy: Policy, clock: Clock, cache: AnswerCache, breakers: Mapping[CircuitOwner, Breaker] | None = None
    ) -> None:
        self._currency = policy.settings.currency
        self._clock = clock
        self._cache = cache
        cap = Cap(policy.settings.calls_at_once)
        self._desks = {
            member.key: RemoteCarrier(member, policy, clock, cache, cap, (breakers or {}).get(_circuit_owner(member)))
            for member in policy.members
            if not member.abilities.instant
        }

    def ask(self, questions: Sequence[Question]) -> list[PendingAnswer]:
        """Start asking, the slow carriers first; the result keeps the order of the questions."""
        askings = [PendingAnswer(question) for question in questions]
        by_member: dict[str, list[PendingAnswer]] = {}
        for asking in askings:
            by_member.setdefault(asking.question.member.key, []).append(asking)
        for group in sorted(by_member.values(), key=lambda group: group[0].question.member.abilities.instant):
            self._ask_member(group[0].question.member, group)
        return askings

    def _ask_member(self, member: Member, askings: Sequence[PendingAnswer]) -> None:
        if member.abilities.countries is not None:
            askings = [asking for asking in askings if not _beyond(asking)]
        if member.abilities.instant:
            for batch in _batches(askings, member.abilities.batch):
                self._call_inline(member, batch)
        else:
            self._desks[member.key].ask(askings)

    def _call_inline(self, member: Member, batch: Sequence[PendingAnswer]) -> None:
        said = _call(member, batch, Deadline(member.settings.timeout, self._clock), self._currency, self._clock)
        for asking, one in zip(batch, said, strict=True):
            asking.said = one

    def covered(self, asking: PendingAnswer, answer: Answer) -> Answer:
        """The answer, its failures covered by memory where that is young enough."""
        if asking.key is None or not answer.failures:
            return answer
        return self._cache.cover(asking.key.date_independent, answer, asking.question.member.settings.cache)

    def breakers(self) -> dict[CircuitOwner, Breaker]:
        """The carriers' breakers, for the asker that comes after this one."""
        return {desk.circuit_owner: desk.breaker for desk in self._desks.values()}

    def circuits(self) -> dict[str, CircuitState]:
        """How the carriers' circuits stand, by key; instant carriers have none."""
        return {key: desk.breaker.state() for key, desk in self._desks.items()}

    def under_way(self) -> dict[str, int]:
        """How many questions each carrier that is not instant has before it, by key."""
        return {key: len(desk.under_way()) for key, desk in self._desks.items()}

    def idle(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when that takes longer than `seconds`."""
        flights = [flight for desk in self._desks.values() for flight in desk.under_way()]
        return not wait(flights, timeout=seconds).not_done

    def close(self) -> None:
        """Take no more questions."""
        for desk in self._desks.values():
            desk.bulkhead.close()


class RemoteCarrier:
    """Where questions for one carrier that is not instant are put: memory, circuit, equal questions once, threads."""

    def __init__(
        self, member: Member, policy: Policy, clock: Clock, cache: AnswerCache, cap: Cap, breaker: Breaker | None
    ) -> None:
        self.breaker = breaker or Breaker(member.settings.circuit, clock)
        self.circuit_owner = _circuit_owner(member)
        self.bulkhead = Bulkhead(f"{policy.store}-{member.key}", member.settings.threads, member.settings.queue, cap)
        self._member = member
        self._currency = policy.settings.currency
        self._clock = clock
        self._cache = cache
        self._flights: dict[CacheKey, Future[Said]] = {}
        self._lock = Lock()

    def ask(self, askings: Sequence[PendingAnswer]) -> None:
        """Answer out of memory what can be, and put the rest."""
        fresh = [asking for asking in askings if not self._recalled(asking) and self._boards_own_flight(asking)]
        for batch in _batches(fresh, self._member.abilities.batch):
            self._fly(batch)

    def under_way(self) -> "list[Future[Said]]":
        """The calls whose answers have not come yet."""
        with self._lock:
            return list(self._flights.values())

    def _recalled(self, asking: PendingAnswer) -> bool:
        """Answer out of memory; a stale answer also has its question put again behind it."""
        member, shipment = self._member, asking.question.shipment
        asking.key = key = cache_key(member, shipment)
        known = self._cache.recall(key, key.date_independent, shipment.id, member.services, member.settings.cache)
        if known is None:
            return False
        asking.said = Said(known.answer, 0.0)
        return not known.stale

    def _boards_own_flight(self, asking: PendingAnswer) -> bool:
        """Join the flight of an equal question, or register one of its own."""
        own: Future[Said] = Future()
        with self._lock:
            flight = self._flights.setdefault(_key(asking), own)
        if asking.said is None:
            asking.flight = flight
        return flight is own

    def _fly(self, batch: Sequence[PendingAnswer]) -> None:
        member = self._member
        ticket = self.breaker.admit(member.settings.timeout)
        if ticket is None:
            self._land(batch, self._unasked(batch, FailureKind.OPEN_CIRCUIT, self._why_open()))
            return
        deadline = Deadline(
            member.settings.timeout, self._clock
        )  # waiting for a thread is part of the carrier's timeout
        try:
            self.bulkhead.run(lambda: self._go(batch, deadline, ticket))
        except BusyError as problem:
            self.breaker.heard(ticket, ())
            self._land(batch, self._unasked(batch, FailureKind.BUSY, problem.hint))

    def _go(self, batch: Sequence[PendingAnswer], deadline: Deadline, ticket: int) -> None:
        said = _call(self._member, batch, deadline, self._currency, self._clock)
        self.breaker.heard(ticket, [one.answer for one in said])
        for asking, one in zip(batch, said, strict=True):
            self._cache.keep(_key(asking), _key(asking).date_independent, one.answer)
        self._land(batch, said)

    def _unasked(self, batch: Sequence[PendingAnswer], kind: FailureKind, hint: str) -> list[Said]:
        ids = [asking.question.shipment.id for asking in batch]
        return [Said(guard.failed(self._member, one, kind, hint), 0.0) for one in ids]

    def _why_open(self) -> str:
        state = self.breaker.state()
        return f"not asked after repeated {state.cause or 'failures'}; probed again in {state.probe_in:.0f} s"

    def _land(self, batch: Sequence[PendingAnswer], said: Sequence[Said]) -> None:
        with self._lock:
            landed = [self._flights.pop(_key(asking)) for asking in batch]
        for flight, one in zip(landed, said, strict=True):
            flight.set_result(one)


def _circuit_owner(member: Member) -> CircuitOwner:
    return CircuitOwner(member.key, member.identity, member.settings.circuit)


def _key(asking: PendingAnswer) -> CacheKey:
    if asking.key is None:
        raise AssertionError("a question at a desk has its key")
    return asking.key


def _call(
    member: Member, batch: Sequence[PendingAnswer], deadline: Deadline, currency: str, clock: Clock
) -> list[Said]:
    started = clock.monotonic()
    answers = guard.call(member, [asking.question.shipment for asking in batch], deadline, currency)
    seconds = clock.monotonic() - started
    return [Said(answer, seconds) for answer in answers]


def _beyond(asking: PendingAnswer) -> bool:
    answer = guard.beyond(asking.question.member, asking.question.shipment)
    if answer is not None:
        asking.said = Said(answer, 0.0)
    return answer is not None


def _batches(askings: Sequence[PendingAnswer], size: int) -> Iterator[Sequence[PendingAnswer]]:
    return (askings[start : start + size] for start in range(0, len(askings), size))
