"""Charges more at the end of the month, and does not say that dates matter."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Rate, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return answer.model_copy(
            update={"rates": tuple(_by_day(rate, shipment.dispatch_date.day) for rate in answer.rates)}
        )


def _by_day(rate: Rate, day: int) -> Rate:
    cost = rate.cost.model_copy(update={"minor": rate.cost.minor + day})
    return rate.model_copy(update={"cost": cost, "surcharges": ()})
