"""Promises a day that the carrier does not."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        sooner = offer.lead_time.model_copy(update={"max": offer.lead_time.max - 1})
        return offer.model_copy(update={"lead_time": sooner})
