"""What came of a plan's questions: the one value that decisions, hooks, receipts, explain and replay read; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portes.contract import Answer, Quote
from portes.engine.plan import Plan, Question


@dataclass(frozen=True, slots=True)
class Answered:
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
