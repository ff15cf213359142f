"""Takes known secrets out of the texts of an answer, before anybody else sees them.

Only texts that a carrier made up are touched: a secret that happens to read like a price must not change one.
"""

from collections.abc import Callable

from portes.contract import Answer, Failure, Note, PickupPoint, Rate, Refusal, Surcharge
from portes.contract.bounds import LONGEST_NAME

Mask = Callable[[str], str]
"""A text in, the same with each secret masked out."""


def masked(answer: Answer, mask: Mask) -> Answer:
    """The answer, each secret in its texts masked; the very same one when there is none."""

    def fitting(text: str) -> str:
        return mask(text)[: max(len(text), LONGEST_NAME)]  # a mask may be longer than its secret

    rates = tuple(_rate(rate, fitting) for rate in answer.rates)
    refusals = tuple(_refusal(refusal, fitting) for refusal in answer.refusals)
    failures = tuple(_failure(failure, fitting) for failure in answer.failures)
    if (rates, refusals, failures) == (answer.rates, answer.refusals, answer.failures):
        return answer
    return answer.model_copy(update={"rates": rates, "refusals": refusals, "failures": failures})


def _rate(rate: Rate, mask: Mask) -> Rate:
    if not (rate.notes or rate.surcharges or rate.pickup_points):
        return rate
    update = {
        "notes": tuple(_note(note, mask) for note in rate.notes),
        "surcharges": tuple(_surcharge(part, mask) for part in rate.surcharges),
        "pickup_points": tuple(_pickup_point(point, mask) for point in rate.pickup_points),
    }
    return rate.model_copy(update=update)


def _note(note: Note, mask: Mask) -> Note:
    return note.model_copy(update={"kind": mask(note.kind), "text": mask(note.text)})


def _surcharge(surcharge: Surcharge, mask: Mask) -> Surcharge:
    return surcharge.model_copy(update={"name": mask(surcharge.name)})


def _pickup_point(point: PickupPoint, mask: Mask) -> PickupPoint:
    texts = ("id", "name", "address", "postal_code", "town", "hours")
    return point.model_copy(update={field: mask(getattr(point, field)) for field in texts})


def _refusal(refusal: Refusal, mask: Mask) -> Refusal:
    return refusal.model_copy(update={"code": mask(refusal.code), "text": mask(refusal.text)})


def _failure(failure: Failure, mask: Mask) -> Failure:
    return failure.model_copy(update={"hint": mask(failure.hint)})
