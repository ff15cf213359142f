"""Lets all parcels but the first travel for nothing."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        first = shipment.parcels[0]
        equal = sum(parcel.count for parcel in shipment.parcels if parcel.weight == first.weight)
        alone = (first.model_copy(update={"count": equal}),)
        return super()._answer(shipment.model_copy(update={"parcels": alone}), deadline)
