"""Says of a lane what is true of our own origin and contract."""

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.wire import OURS

from portes.carrier import Deadline
from portes.contract import Answer, Failure, Outcome, Refusal, RefusalKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        return Answer.of(shipment, [_blamed(each) for each in super()._answer(shipment, deadline).outcomes])


def _blamed(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Failure) and any(code in outcome.hint for code in OURS):
        return Refusal(service=outcome.service, kind=RefusalKind.NOT_SERVED)
    return outcome
