"""Asks all carriers at once: instant ones inline, the others in threads, equal questions once; it decides nothing."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, FailureKind
from portes.engine import barrier
from portes.engine.bulkhead import Bulkhead, Cap
from portes.engine.plan import Question
from portes.engine.policy import Member, Policy
from portes.errors import BusyError

_Parcel = tuple[int, int, int, int, int, int, int | None]
Sameness = tuple[str, int, str, str, str, tuple[_Parcel, ...]]
"""What makes two questions to a carrier equal: all that can change its answer, and no identity."""


class Said(NamedTuple):
    """An answer and the seconds its call took."""

    answer: Answer
    seconds: float


@dataclass(slots=True)
class Asking:
    """A question that was put: its answer is known already, or comes with a flight, which never raises."""

    question: Question
    said: Said | None = None
    flight: "Future[Said] | None" = None

    def taken(self, waited: float) -> Said:
        """What was said so far, under this question's shipment; without an answer yet, a failure `late`."""
        if self.said is not None:
            return self.said
        member, shipment = self.question.member, self.question.shipment
        if self.flight is None or not self.flight.done():
            return Said(
                barrier.failed(member, shipment.id, FailureKind.LATE, f"no answer within {waited:.3g} s"), waited
            )
        said = self.flight.result()
        if said.answer.shipment_id == shipment.id:
            return said
        return Said(said.answer.model_copy(update={"shipment_id": shipment.id}), said.seconds)


class Asker:
    """Puts questions to a store's carriers; thread-safe."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._currency = policy.currency
        self._clock = clock
        self._flights: dict[Sameness, Future[Said]] = {}
        self._lock = Lock()
        cap = Cap(policy.calls_at_once)
        self._bulkheads = {
            member.key: Bulkhead(f"{policy.store}-{member.key}", member.threads, member.queue, cap)
            for member in policy.members
            if not member.abilities.instant
        }

    def ask(self, questions: Sequence[Question]) -> list[Asking]:
        """Start asking, the slow carriers first; the result keeps the order of the questions."""
        askings = [Asking(question) for question in questions]
        by_member: dict[str, list[Asking]] = {}
        for asking in askings:
            by_member.setdefault(asking.question.member.key, []).append(asking)
        for group in sorted(by_member.values(), key=lambda group: group[0].question.member.abilities.instant):
            self._ask_member(group[0].question.member, group)
        return askings

    def _ask_member(self, member: Member, askings: Sequence[Asking]) -> None:
        if member.abilities.countries is not None:
            askings = [asking for asking in askings if not _beyond(asking)]
        if member.abilities.instant:
            for batch in _batches(askings, member.abilities.batch):
                self._call_inline(member, batch)
            return
        fresh = [asking for asking in askings if self._boards_own_flight(asking)]
        for batch in _batches(fresh, member.abilities.batch):
            self._fly(member, batch)

    def _call_inline(self, member: Member, batch: Sequence[Asking]) -> None:
        for asking, said in zip(batch, self._call(member, batch, self._deadline(member)), strict=True):
            asking.said = said

    def _call(self, member: Member, batch: Sequence[Asking], deadline: Deadline) -> list[Said]:
        started = self._clock.monotonic()
        answers = barrier.call(member, [asking.question.shipment for asking in batch], deadline, self._currency)
        seconds = self._clock.monotonic() - started
        return [Said(answer, seconds) for answer in answers]

    def _deadline(self, member: Member) -> Deadline:
        return Deadline(member.patience, self._clock)

    def _boards_own_flight(self, asking: Asking) -> bool:
        """Join the flight of an equal question, or register one of its own."""
        own: Future[Said] = Future()
        with self._lock:
            asking.flight = self._flights.setdefault(sameness(asking.question), own)
        return asking.flight is own

    def _fly(self, member: Member, batch: Sequence[Asking]) -> None:
        deadline = self._deadline(member)  # waiting for a thread is part of the carrier's patience
        try:
            self._bulkheads[member.key].run(lambda: self._land(batch, self._call(member, batch, deadline)))
        except BusyError as problem:
            hint = problem.hint
            ids = [asking.question.shipment.id for asking in batch]
            self._land(batch, [Said(barrier.failed(member, one, FailureKind.BUSY, hint), 0.0) for one in ids])

    def _land(self, batch: Sequence[Asking], said: Sequence[Said]) -> None:
        with self._lock:
            landed = [self._flights.pop(sameness(asking.question)) for asking in batch]
        for flight, one in zip(landed, said, strict=True):
            flight.set_result(one)

    def close(self) -> None:
        """Take no more questions."""
        for bulkhead in self._bulkheads.values():
            bulkhead.close()


def _beyond(asking: Asking) -> bool:
    answer = barrier.beyond(asking.question.member, asking.question.shipment)
    if answer is not None:
        asking.said = Said(answer, 0.0)
    return answer is not None


def _batches(askings: Sequence[Asking], size: int) -> Iterator[Sequence[Asking]]:
    return (askings[start : start + size] for start in range(0, len(askings), size))


def sameness(question: Question) -> Sameness:
    """What makes this question equal to another one to the same carrier."""
    shipment = question.shipment
    return (
        question.member.key,
        shipment.origin.id,
        shipment.place.country,
        shipment.place.postal_code,
        shipment.dispatch_date.isoformat() if question.member.abilities.dated else "",
        tuple(
            (
                parcel.weight,
                parcel.size.length,
                parcel.size.width,
                parcel.size.height,
                parcel.volume,
                parcel.count,
                None if parcel.value is None else parcel.value.minor,
            )
            for parcel in shipment.parcels
        ),
    )
