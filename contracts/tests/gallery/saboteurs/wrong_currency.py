"""Passes dollars on as they come."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Rate, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return answer.model_copy(update={"rates": tuple(_in_dollars(rate) for rate in answer.rates)})


def _in_dollars(rate: Rate) -> Rate:
    return rate.model_copy(update={"cost": rate.cost.model_copy(update={"currency": "USD"}), "surcharges": ()})
