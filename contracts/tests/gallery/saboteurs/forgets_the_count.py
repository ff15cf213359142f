"""Sends each kind of parcel once, however many there are."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        single = tuple(parcel.model_copy(update={"count": 1}) for parcel in shipment.parcels)
        return super()._answer(shipment.model_copy(update={"parcels": single}), deadline)
