"""Never asks again about a service that failed once."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Failure, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        kept: dict[str, Failure] = self.__dict__.setdefault("kept", {})
        answer = super()._answer(shipment, deadline)
        kept.update({failure.service: failure for failure in answer.failures})
        return Answer.of(shipment, [kept.get(each.service, each) for each in answer.outcomes])
