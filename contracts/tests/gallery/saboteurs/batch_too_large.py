"""Says that four shipments go into one call, and sends the first one's address for all."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        same = [shipment.model_copy(update={"place": shipments[0].place}) for shipment in shipments]
        return super().quote(same, deadline)
