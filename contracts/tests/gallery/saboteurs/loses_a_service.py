"""Says nothing of a service that is refused."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        return super()._answer(shipment, deadline).model_copy(update={"refusals": ()})
