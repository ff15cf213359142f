"""Is told when to come again, and does not pass it on."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment
from portes.errors import ThrottledError


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        try:
            return super()._answer(shipment, deadline)
        except ThrottledError as problem:
            raise ThrottledError(problem.hint) from None
