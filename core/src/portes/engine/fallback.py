"""Fallbacks: an instant carrier's rates where another one failed and has no rate of its own; pure, it asks nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from portes.contract import Answer, DeliveryType, Failure, FailureKind, Note, Rate, Source
from portes.contract.bounds import MOST_NAMED
from portes.engine.answered import Answered
from portes.engine.policy import Member


class FallbackUse(NamedTuple):
    """One use of a fallback: its key in the settings, and the kind of failure that its rate took the place of."""

    fallback: str
    kind: FailureKind


def bare_types(answers: Sequence[Answer], member: Member) -> frozenset[DeliveryType]:
    """The delivery types that failed and of which the carrier has no rate of its own, live or remembered.

    `answers` are those to all its questions about the same lines.
    """
    services = member.services
    own = {services[rate.service].delivery for answer in answers for rate in answer.rates}
    return frozenset(services[failure.service].delivery for answer in answers for failure in answer.failures) - own


def covered(answers: Sequence[Answer], member: Member, fallback: Member, instead: Sequence[Answer]) -> list[Answer]:
    """The carrier's answers, its fallback's cheapest rate in place of all failures of each bare delivery type.

    `instead` are all its answers about the same lines: a service with limits of its own has one with other parcels.
    The fallback's refusals and failures leave the carrier's failures standing: a fallback cannot say no for
    somebody else. So does a rate of the carrier's own: a fallback never undercuts it. The rate takes the code of the
    service that failed and stands first in the settings, and with it its extra days and cost.
    """
    cheapest = _cheapest(fallback, [rate for answer in instead for rate in answer.rates])
    instead_of = bare_types(answers, member).intersection(cheapest)
    failed = {failure.service for answer in answers for failure in answer.failures}
    first: dict[DeliveryType, str] = {}
    for code in member.services:
        if code in failed:
            first.setdefault(member.services[code].delivery, code)
    rates = {each: cheapest[each] for each in instead_of}
    return [_covered(answer, member, fallback, rates, first) for answer in answers]


def _covered(
    answer: Answer,
    member: Member,
    fallback: Member,
    rates: Mapping[DeliveryType, Rate],
    first: Mapping[DeliveryType, str],
) -> Answer:
    """An answer without its failures of these types; each type's rate in place of the first service that failed."""
    own, left = [*answer.rates], list[Failure]()
    for failure in answer.failures:
        delivery = member.services[failure.service].delivery
        if delivery not in rates:
            left.append(failure)
        elif failure.service == first[delivery]:
            own.append(_in_place_of(failure, rates[delivery], fallback))
    return answer.model_copy(update={"rates": tuple(own), "failures": tuple(left)})


def uses(answered: Answered) -> Iterator[FallbackUse]:
    """The uses of fallbacks in what came of one question."""
    kinds = {failure.service: failure.kind for failure in answered.raw.failures} if answered.chain else {}
    for rate in answered.final.rates:
        if rate.source is Source.FALLBACK and rate.service in kinds:
            delivery = answered.question.member.services[rate.service].delivery
            yield FallbackUse(priced_by(answered.chain, delivery).question.member.key, kinds[rate.service])


def priced_by(chain: Iterable[Answered], delivery: DeliveryType) -> Answered:
    """The alternative whose rate stands for a delivery type that failed: of the first carrier that has one, the best.

    Raises `ValueError` where none of them has one.
    """
    both = ((one, rate) for one in chain for rate in one.final.rates)
    having = [(one, rate) for one, rate in both if one.question.member.services[rate.service].delivery is delivery]
    own = (each for each in having if each[0].question.member is having[0][0].question.member)
    return min(own, key=lambda each: _cheaper(each[1]))[0]


def _cheaper(rate: Rate) -> tuple[int, int]:
    return rate.cost.minor, rate.transit.max


def _cheapest(fallback: Member, rates: Iterable[Rate]) -> dict[DeliveryType, Rate]:
    best: dict[DeliveryType, Rate] = {}
    for rate in sorted(rates, key=_cheaper):
        best.setdefault(fallback.services[rate.service].delivery, rate)
    return best


def _in_place_of(failure: Failure, rate: Rate, fallback: Member) -> Rate:
    note = Note(kind="fallback", text=f"{fallback.key} {rate.service} in place of a failure: {failure.kind}")
    update = {"service": failure.service, "source": Source.FALLBACK, "notes": (*rate.notes[: MOST_NAMED - 1], note)}
    return rate.model_copy(update=update)
