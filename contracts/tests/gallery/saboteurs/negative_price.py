"""Takes a discount off once too often."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Rate, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return answer.model_copy(update={"rates": tuple(_discounted(rate) for rate in answer.rates)})


def _discounted(rate: Rate) -> Rate:
    off = rate.cost.model_copy(update={"minor": rate.cost.minor - 1_000_000})
    return rate.model_copy(update={"cost": off, "surcharges": ()})
