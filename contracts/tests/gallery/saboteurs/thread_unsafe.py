"""Keeps what it works on where all threads can reach it."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self._asked_about = shipments
        answers = super().quote(shipments, deadline)
        pairs = zip(answers, self._asked_about, strict=False)
        return [answer.model_copy(update={"shipment_id": shipment.id}) for answer, shipment in pairs]
