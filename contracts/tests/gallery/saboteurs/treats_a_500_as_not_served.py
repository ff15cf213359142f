"""Takes every error for a no."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Refusal, RefusalKind, Shipment
from portes.errors import UnreachableError


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        try:
            return super()._answer(shipment, deadline)
        except UnreachableError:
            no = [Refusal(service=service.code, kind=RefusalKind.NOT_SERVED) for service in self._named(shipment)]
            return Answer.of(shipment, no)
