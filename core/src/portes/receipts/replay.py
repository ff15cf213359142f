"""Decides a recorded quote again, under the settings of today; pure: it asks nobody and reads no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portes.catalogue import KnownGoods
from portes.engine.answered import Answered, Answers
from portes.engine.decide import decide
from portes.engine.plan import Plan, Question, make_plan
from portes.engine.policy import Policy
from portes.engine.sourcing import plan_more
from portes.errors import RequestError
from portes.receipts.receipt import Receipt, ReceiptAnswer

_NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is no longer as it was."""

    where: str
    """A path: `shipments.1:0.dispatch_date`, `quote.lines.0.offers.0.price.minor`."""
    then: str
    now: str


class DifferenceError(Exception):
    """The recorded answers are not answers to what would be asked today."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


class Replanned(NamedTuple):
    """A receipt's question planned under the settings of today, and the receipt's answers to that plan."""

    plan: Plan
    answers: Answers


def replan(receipt: Receipt, policy: Policy, goods: KnownGoods | None = None) -> Replanned:
    """Plan a receipt's question anew, at its own moment, and match its answers to the questions.

    `goods` is what a catalogue of today that has to be asked says of its SKUs.

    Raises `DifferenceError` when today the question would be refused, other carriers or services would be asked, or
    other parcels would be sent: then nobody knows what they would have answered.
    """
    try:
        plan = make_plan(receipt.request, receipt.moment.astimezone(policy.timezone), policy, goods)
    except RequestError as error:
        raise DifferenceError(Difference("request", "accepted", str(error))) from None
    kept = {_asked_then(one, receipt): one for one in receipt.answers}
    answers = _matched(plan, kept, receipt)
    while len(answers) == len(plan.questions) and (more := plan_more(plan, answers, policy)) is not None:
        plan, answers = more, _matched(more, kept, receipt)
    _check([*kept], [_asked_now(one) for one in plan.questions], "asked")
    return Replanned(plan, answers)


def _matched(plan: Plan, kept: Mapping[str, ReceiptAnswer], receipt: Receipt) -> Answers:
    """What a receipt has of a plan's questions."""
    known = ((question, kept.get(_asked_now(question))) for question in plan.questions)
    return {question: _answered(question, one, receipt) for question, one in known if one is not None}


def replay_difference(receipt: Receipt, policy: Policy, goods: KnownGoods | None = None) -> Difference | None:
    """The first difference between a receipt's quote and what would be decided today; None when there is none.

    `goods` is what a catalogue of today that has to be asked says of its SKUs.
    """
    try:
        plan, answers = replan(receipt, policy, goods)
    except DifferenceError as error:
        return error.difference
    then = receipt.quote.model_dump(mode="json", exclude_unset=True)
    now = _plain(decide(receipt.quote.id, plan, answers, policy))
    return first_difference(then, _as_told(then, now), "quote")


def _answered(question: Question, kept: ReceiptAnswer, receipt: Receipt) -> Answered:
    """What a receipt has of a question. Raises `DifferenceError` where the question is another one today."""
    shipment = receipt.shipments[kept.shipment]
    then = shipment.model_dump(mode="json", exclude_unset=True)
    _check(then, _as_told(then, _plain(question.shipment)), f"shipments.{question.shipment.id}")
    # a fallback's rate stands for all failures of its type, so only the raw answer tells of each service asked about
    services = sorted(outcome.service for outcome in kept.raw.outcomes)
    _check(services, sorted(question.member.asked(question.shipment)), f"services.{kept.carrier}")
    return Answered(question, kept.raw, kept.final, kept.seconds)


def _asked_then(kept: ReceiptAnswer, receipt: Receipt) -> str:
    return f"{kept.carrier} about {receipt.shipments[kept.shipment].id}"


def _asked_now(question: Question) -> str:
    return f"{question.member.key} about {question.shipment.id}"


def first_difference(then: Any, now: Any, where: str) -> Difference | None:  # noqa: ANN401 — JSON
    """The first place where two JSON values differ, in the order of `then`."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        steps = [(str(key), then.get(key, _NOTHING), now.get(key, _NOTHING)) for key in {**then, **now}]
    elif isinstance(then, list) and isinstance(now, list):
        size = max(len(then), len(now))
        steps = [(str(index), _at(then, index), _at(now, index)) for index in range(size)]
    else:
        return None if then == now else Difference(where, _words(then), _words(now))
    found = (first_difference(before, after, f"{where}.{step}") for step, before, after in steps)
    return next((difference for difference in found if difference is not None), None)


def _check(then: Any, now: Any, where: str) -> None:  # noqa: ANN401 — JSON
    difference = first_difference(then, now, where)
    if difference is not None:
        raise DifferenceError(difference)


def _as_told(then: Any, now: Any) -> Any:  # noqa: ANN401 — JSON
    """What is said now, as far as it was said then: a receipt of an older version lacks the fields that came later."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return {key: _as_told(then[key], now[key]) for key in then if key in now}
    if isinstance(then, list) and isinstance(now, list):
        return [_as_told(before, after) for before, after in zip(then, now, strict=False)] + now[len(then) :]
    return now


def _plain(noun: Any) -> Any:  # noqa: ANN401 — any noun in, JSON out
    return noun.model_dump(mode="json")


def _at(values: Sequence[Any], index: int) -> Any:  # noqa: ANN401 — JSON
    return values[index] if index < len(values) else _NOTHING


def _words(value: Any) -> str:  # noqa: ANN401 — JSON
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or _NOTHING
    return str(value)
