"""Finds out what it can do only when it is asked."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        answers = super().quote(shipments, deadline)
        self.abilities = self.abilities.model_copy(update={"countries": frozenset({"BR", "PT"})})
        return answers
