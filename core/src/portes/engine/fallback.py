"""Fallbacks: an instant carrier's rates in place of another one's failures; pure, it asks nobody."""

from collections.abc import Iterable

from portes.contract import Answer, DeliveryType, Failure, Note, Rate, Source
from portes.engine.policy import Member


def covered(answer: Answer, member: Member, fallback: Member, instead: Answer) -> Answer:
    """The carrier's answer, its fallback's cheapest rate in place of all failures of each delivery type.

    The fallback's refusals and failures leave the carrier's failures standing: a fallback cannot say no for
    somebody else. The rate takes the first failed service's code, and with it its extra days and cost.
    """
    best = _cheapest(fallback, instead.rates)
    rates: dict[DeliveryType, Rate] = {}
    left: list[Failure] = []
    for failure in answer.failures:
        delivery = member.services[failure.service].delivery
        if delivery not in best:
            left.append(failure)
        elif delivery not in rates:
            rates[delivery] = _in_place_of(failure, best[delivery], fallback)
    return answer.model_copy(update={"rates": (*answer.rates, *rates.values()), "failures": tuple(left)})


def _cheapest(fallback: Member, rates: Iterable[Rate]) -> dict[DeliveryType, Rate]:
    best: dict[DeliveryType, Rate] = {}
    for rate in sorted(rates, key=lambda rate: (rate.cost.minor, rate.transit.max)):
        best.setdefault(fallback.services[rate.service].delivery, rate)
    return best


def _in_place_of(failure: Failure, rate: Rate, fallback: Member) -> Rate:
    note = Note(kind="fallback", text=f"{fallback.key} {rate.service} in place of a failure: {failure.kind}")
    update = {"service": failure.service, "source": Source.FALLBACK, "notes": (*rate.notes, note)}
    return rate.model_copy(update=update)
