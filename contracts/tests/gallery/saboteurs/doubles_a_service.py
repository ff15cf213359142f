"""Refuses a service and fails it, to be on the safe side."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Failure, FailureKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        doubt = tuple(Failure(service=each.service, kind=FailureKind.GARBLED) for each in answer.refusals)
        return answer.model_copy(update={"failures": (*answer.failures, *doubt)})
