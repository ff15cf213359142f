"""Asks about every active service, and throws away what the shipment does not name."""

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostService

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return Answer.of(shipment, [each for each in answer.outcomes if shipment.asks(each.service)])

    def _named(self, shipment: Shipment) -> tuple[ParcelpostService, ...]:
        return self._active
