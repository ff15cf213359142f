"""Says no for a service in whose place the answer holds another one."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Failure, Outcome, Refusal, RefusalKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        return Answer.of(shipment, [_refused(each) for each in super()._answer(shipment, deadline).outcomes])


def _refused(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Failure) and outcome.hint.startswith("0 entries"):
        return Refusal(service=outcome.service, kind=RefusalKind.SERVICE_UNAVAILABLE)
    return outcome
