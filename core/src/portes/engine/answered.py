"""What comes of a plan's questions: pending answers, and the one value that decisions, hooks and receipts read."""

import math
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

from portes.contract import Answer, FailureKind, Quote
from portes.engine import guard
from portes.engine.cache_key import CacheKey
from portes.engine.guard import TimedAnswer
from portes.engine.plan import Plan, Question


class FarAnswers:
    """What has come of the questions that are asked in one call: of none of them, or of all of them at once."""

    __slots__ = ("answers",)

    def __init__(self) -> None:
        self.answers: Mapping[CacheKey, TimedAnswer] = {}
        """By where memory has them. Always put there whole, so that nobody sees a part of what came together."""


class FarCall(Future[None]):
    """A question to a carrier that is not instant, for all who wait for its answer: it never raises."""

    def __init__(self, question: Question, key: CacheKey) -> None:
        super().__init__()
        self.question = question
        self.key = key
        """Where memory has its answer."""
        self.begun_at = math.inf
        """When a thread asked the carrier, on the monotonic clock."""
        self.arrival = FarAnswers()
        """Shared by all that are asked in one call; they have their answers before anybody is told of one of them."""
        self.set_running_or_notify_cancel()  # one of many who wait must not cancel it for the others

    @property
    def came(self) -> TimedAnswer | None:
        """Its answer, once there is one."""
        return self.arrival.answers.get(self.key)


class PendingAnswer(NamedTuple):
    """A question that was put: its answer is known already, or comes with a call."""

    question: Question
    known: TimedAnswer | None = None
    call: FarCall | None = None
    key: CacheKey | None = None
    """Where memory has its answer; None for instant carriers, which need no memory."""
    put_at: float = 0.0
    """When the call was begun or joined, on the monotonic clock."""

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer by now."""
        return self.known is not None or self.call is None or self.call.came is not None

    def so_far(self, now: float) -> TimedAnswer:
        """The answer by now; without one yet, a failure `late`.

        It is `busy` instead where most of the time since it was put went by before we had a thread to ask the carrier.
        """
        if self.known is not None:
            return self.known
        member, shipment = self.question.member, self.question.shipment
        came = self.call.came if self.call is not None else None
        if came is None:
            kind, hint = self._unanswered(now)
            return TimedAnswer(guard.failed(member, shipment, kind, hint), now - self.put_at)
        if came.answer.shipment_id == shipment.id:
            return came
        return TimedAnswer(came.answer.model_copy(update={"shipment_id": shipment.id}), came.seconds)

    def _unanswered(self, now: float) -> tuple[FailureKind, str]:
        waited = now - self.put_at
        ours = 0.0 if self.call is None else min(self.call.begun_at, now) - self.put_at
        if ours * 2 > waited:
            return FailureKind.BUSY, f"waited {ours:.3g} s of {waited:.3g} s for a thread of this carrier"
        return FailureKind.LATE, f"no answer within {waited:.3g} s"


class Answered(NamedTuple):
    """The outcome of one question, with all that led to it."""

    question: Question
    raw: Answer
    """As the carrier said it, or the failure that stands for it; out of memory when that was as good as asking."""
    final: Answer
    """What is decided on: the raw answer, its failures covered by memory and by the question's alternatives."""
    seconds: float
    """How long its call took; 0 out of memory."""
    chain: tuple["Answered", ...] = ()
    """The alternatives that were asked, in order; what served of them is in the final answer."""


_CHAIN: Final = attrgetter("chain")

Answers = Mapping[Question, Answered]
"""What came of every question of a plan, in the plan's order."""


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """One quote and all it was made of."""

    plan: Plan
    answers: Answers
    quote: Quote
    seconds: float
    """From the question to the decision."""

    @property
    def told(self) -> list[Answered]:
        """Every answer, with the alternatives of its chain that no answer before it has: each was asked once."""
        if not any(map(_CHAIN, self.answers.values())):
            return [*self.answers.values()]
        seen = set[int]()
        told = list[Answered]()
        for one in self.answers.values():
            chain = tuple([each for each in one.chain if id(each) not in seen])
            seen.update(map(id, chain))
            told.append(one if len(chain) == len(one.chain) else one._replace(chain=chain))
        return told
