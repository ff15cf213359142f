"""Refuses heavy parcels by itself, though its recordings still ask."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Refusal, RefusalKind, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        if max(parcel.weight for parcel in shipment.parcels) <= 30_000:
            return super()._answer(shipment, deadline)
        no = [Refusal(service=service.code, kind=RefusalKind.TOO_HEAVY) for service in self._named(shipment)]
        return Answer.of(shipment, no)
