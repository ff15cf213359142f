"""Rounds weights up to whole kilograms, in place."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        for parcel in shipment.parcels:
            object.__setattr__(parcel, "weight", -(-parcel.weight // 1000) * 1000)
        return super()._answer(shipment, deadline)
