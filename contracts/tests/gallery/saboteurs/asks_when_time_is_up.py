"""Gives itself more time when there is none left."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        return super().quote(shipments, Deadline(1.0) if deadline.passed else deadline)
