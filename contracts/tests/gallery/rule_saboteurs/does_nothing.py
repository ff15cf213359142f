"""Gives back what it is given."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        return offer
