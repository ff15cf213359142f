"""Tells the shop that the carrier asks for less."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Money, Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        rate = offer.rate.model_copy(update={"cost": Money(minor=1, currency=offer.price.currency)})
        return super().changed(offer, occasion).model_copy(update={"rate": rate})
