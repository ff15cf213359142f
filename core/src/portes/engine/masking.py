"""Takes known secrets out of the texts of an answer, before anybody else sees them.

Only texts that a carrier made up are touched: a secret that happens to read like a price must not change one, and a
short one no name or code that a rule, an order or a table goes by.
"""

from typing import Protocol

from portes.contract import Answer, Failure, Note, PickupPoint, Rate, Refusal, Surcharge
from portes.contract.bounds import LONGEST_NAME


class Mask(Protocol):
    """What hides the secrets in a text; the short ones, which a word of ours may be like, unless told otherwise."""

    def __call__(self, text: str, *, short: bool = True) -> str:
        """The same text with each secret masked."""
        ...


def masked(answer: Answer, mask: Mask) -> Answer:
    """The answer, each secret in its texts masked; the very same one when there is none."""

    def fitting(text: str, *, short: bool = True) -> str:
        return mask(text, short=short)[: max(len(text), LONGEST_NAME)]  # a mask may be longer than its secret

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
    return note.model_copy(update={"kind": mask(note.kind, short=False), "text": mask(note.text)})


def _surcharge(surcharge: Surcharge, mask: Mask) -> Surcharge:
    return surcharge.model_copy(update={"name": mask(surcharge.name, short=False)})


def _pickup_point(point: PickupPoint, mask: Mask) -> PickupPoint:
    names = {field: mask(getattr(point, field), short=False) for field in ("id", "postal_code")}
    texts = {field: mask(getattr(point, field)) for field in ("name", "address", "town", "hours")}
    return point.model_copy(update=names | texts)


def _refusal(refusal: Refusal, mask: Mask) -> Refusal:
    return refusal.model_copy(update={"code": mask(refusal.code, short=False), "text": mask(refusal.text)})


def _failure(failure: Failure, mask: Mask) -> Failure:
    return failure.model_copy(update={"hint": mask(failure.hint)})
