"""Takes known secrets out of the texts of an answer, before anybody else sees them.

Only texts that a carrier made up are touched: a secret that happens to read like a price must not change one.
"""

from collections.abc import Callable

from portes.contract import Answer, Failure, Note, PickupPoint, Rate, Refusal, Surcharge

Scrub = Callable[[str], str]
"""A text in, the same with each secret masked out."""


def scrubbed(answer: Answer, scrub: Scrub) -> Answer:
    """The answer, each secret in its texts masked; the very same one when there is none."""
    rates = tuple(_rate(rate, scrub) for rate in answer.rates)
    refusals = tuple(_refusal(refusal, scrub) for refusal in answer.refusals)
    failures = tuple(_failure(failure, scrub) for failure in answer.failures)
    if (rates, refusals, failures) == (answer.rates, answer.refusals, answer.failures):
        return answer
    return answer.model_copy(update={"rates": rates, "refusals": refusals, "failures": failures})


def _rate(rate: Rate, scrub: Scrub) -> Rate:
    if not (rate.notes or rate.surcharges or rate.pickup_points):
        return rate
    update = {
        "notes": tuple(_note(note, scrub) for note in rate.notes),
        "surcharges": tuple(_surcharge(part, scrub) for part in rate.surcharges),
        "pickup_points": tuple(_pickup_point(point, scrub) for point in rate.pickup_points),
    }
    return rate.model_copy(update=update)


def _note(note: Note, scrub: Scrub) -> Note:
    return note.model_copy(update={"kind": scrub(note.kind), "text": scrub(note.text)})


def _surcharge(surcharge: Surcharge, scrub: Scrub) -> Surcharge:
    return surcharge.model_copy(update={"name": scrub(surcharge.name)})


def _pickup_point(point: PickupPoint, scrub: Scrub) -> PickupPoint:
    texts = ("id", "name", "address", "postal_code", "town", "hours")
    return point.model_copy(update={field: scrub(getattr(point, field)) for field in texts})


def _refusal(refusal: Refusal, scrub: Scrub) -> Refusal:
    return refusal.model_copy(update={"code": scrub(refusal.code), "text": scrub(refusal.text)})


def _failure(failure: Failure, scrub: Scrub) -> Failure:
    return failure.model_copy(update={"hint": scrub(failure.hint)})
