"""Takes 50.00 off whatever it costs."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Money, Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        return offer.model_copy(update={"price": offer.price - Money(minor=5000, currency="BRL")})
