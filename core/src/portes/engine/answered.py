"""What comes of a plan's questions: pending answers, and the one value that decisions, hooks and receipts read."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from portes.contract import Answer, FailureKind, Quote
from portes.engine import guard
from portes.engine.cache_key import CacheKey
from portes.engine.guard import TimedAnswer
from portes.engine.plan import Plan, Question


class PendingAnswer(NamedTuple):
    """A question that was put: its answer is known already, or comes with a future, which never raises."""

    question: Question
    known: TimedAnswer | None = None
    future: "Future[TimedAnswer] | None" = None
    key: CacheKey | None = None
    """Where memory has its answer; None for instant carriers, which need no memory."""

    def so_far(self, waited: float) -> TimedAnswer:
        """The answer by now, under this question's shipment; without one yet, a failure `late`."""
        if self.known is not None:
            return self.known
        member, shipment = self.question.member, self.question.shipment
        if self.future is None or not self.future.done():
            hint = f"no answer within {waited:.3g} s"
            return TimedAnswer(guard.failed(member, shipment.id, FailureKind.LATE, hint), waited)
        came = self.future.result()
        if came.answer.shipment_id == shipment.id:
            return came
        return TimedAnswer(came.answer.model_copy(update={"shipment_id": shipment.id}), came.seconds)


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
