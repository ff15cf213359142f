"""Takes every no for an error."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Failure, FailureKind, RefusalKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        no = [each for each in answer.refusals if each.kind == RefusalKind.NOT_SERVED]
        failures = tuple(Failure(service=each.service, kind=FailureKind.UNREACHABLE) for each in no)
        kept = tuple(each for each in answer.refusals if each not in no)
        return answer.model_copy(update={"refusals": kept, "failures": (*answer.failures, *failures)})
