"""Puts its price up with each question."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Rate, Shipment


class Saboteur(Parcelpost):
    _asked_before = 0

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self._asked_before += 1
        return [self._dearer(answer) for answer in super().quote(shipments, deadline)]

    def _dearer(self, answer: Answer) -> Answer:
        return answer.model_copy(update={"rates": tuple(self._up(rate) for rate in answer.rates)})

    def _up(self, rate: Rate) -> Rate:
        cost = rate.cost.model_copy(update={"minor": rate.cost.minor + self._asked_before})
        return rate.model_copy(update={"cost": cost, "surcharges": ()})
