"""Takes the first service that a shipment names for the only one."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        first = shipment.services[:1]
        return Answer.of(shipment, [each for each in answer.outcomes if not first or each.service in first])
