"""Counts days by a calendar of its own invention."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Rate, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return answer.model_copy(update={"rates": tuple(_elsewhere(rate) for rate in answer.rates)})


def _elsewhere(rate: Rate) -> Rate:
    return rate.model_copy(update={"transit": rate.transit.model_copy(update={"calendar": "XX"})})
