"""Decides a recorded quote again, under the settings of today; pure: it asks nobody and reads no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portes.contract import Answer, Failure, Quote, Rate, Refusal
from portes.engine.decide import decide
from portes.engine.plan import Plan, Question, plan
from portes.engine.policy import Policy
from portes.engine.record import Heard, Record
from portes.errors import RequestError

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


@dataclass(frozen=True, slots=True)
class Again:
    """A recorded question planned anew, and the recorded answers to it."""

    plan: Plan
    answers: Sequence[Answer]
    """To the plan's questions, in order; what was decided on then."""

    def quote(self, quote_id: str, policy: Policy) -> Quote:
        """The decision of today."""
        return decide(quote_id, self.plan, self.answers, policy)


def again(record: Record, policy: Policy) -> Again:
    """Plan a recorded question anew, at the recorded moment, and match the recorded answers to it.

    Raises `DifferenceError` when today the question would be refused, other carriers or services would be asked, or
    other parcels would be sent: then nobody knows what they would have answered.
    """
    try:
        planned = plan(record.request, record.moment.astimezone(policy.timezone), policy)
    except RequestError as error:
        raise DifferenceError(Difference("request", "accepted", str(error))) from None
    heard = [one for one in record.heard if one.decided is not None]
    questions = [question for consignment in planned.consignments for question in consignment.questions]
    _check(_asked(heard), _to_be_asked(questions), "asked")
    for said, question in zip(heard, questions, strict=True):
        where = f"shipments.{question.shipment.id}"
        _check(_plain(said.shipment), _plain(question.shipment), where)
        _check(_services(said), sorted(question.member.services), f"services.{said.carrier}")
    return Again(planned, [one.decided for one in heard if one.decided is not None])


def replayed(record: Record, policy: Policy) -> Difference | None:
    """The first difference between a recorded quote and what would be decided today; None when there is none."""
    try:
        quote = again(record, policy).quote(record.quote.id, policy)
    except DifferenceError as error:
        return error.difference
    return first_difference(_plain(record.quote), _plain(quote), "quote")


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


def _asked(heard: Sequence[Heard]) -> list[str]:
    return [f"{one.carrier} about {one.shipment.id}" for one in heard]


def _to_be_asked(questions: Sequence[Question]) -> list[str]:
    return [f"{question.member.key} about {question.shipment.id}" for question in questions]


def _services(said: Heard) -> list[str]:
    answer = said.decided or said.came
    outcomes: tuple[Rate | Refusal | Failure, ...] = (*answer.rates, *answer.refusals, *answer.failures)
    return sorted(outcome.service for outcome in outcomes)


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
