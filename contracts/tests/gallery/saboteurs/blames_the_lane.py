"""Says of a lane what is true of our own origin."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Failure, Outcome, Refusal, RefusalKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        return Answer.of(shipment, [_blamed(each) for each in super()._answer(shipment, deadline).outcomes])


def _blamed(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Failure) and "P451" in outcome.hint:
        return Refusal(service=outcome.service, kind=RefusalKind.NOT_SERVED, code="P451")
    return outcome
