"""Writes into the offers of others."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Money, Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        after = super().changed(offer, occasion)
        offer.__dict__["price"] = Money(minor=77, currency="BRL")
        return after
