"""Reads the price of a service that is named alone from where all services have theirs."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        if not shipment.services:
            return super()._answer(shipment, deadline)
        whole = super()._answer(shipment.model_copy(update={"services": ()}), deadline)
        return Answer.of(
            shipment,
            [
                outcome.model_copy(update={"service": code})
                for code, outcome in zip(shipment.services, whole.outcomes, strict=False)
            ],
        )
