"""Does sums in floats, as a spreadsheet would."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Money, Rate, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        answer = super()._answer(shipment, deadline)
        return answer.model_copy(update={"rates": tuple(_floating(rate) for rate in answer.rates)})


def _floating(rate: Rate) -> Rate:
    cost = Money.model_construct(minor=rate.cost.minor * 1.0, currency=rate.cost.currency)  # type: ignore[arg-type]  # the sabotage
    return rate.model_copy(update={"cost": cost, "surcharges": ()})
