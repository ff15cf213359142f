"""Is dearer each time it is asked."""

from gallery.surcharge.rule import Surcharge

from portes.contract import Money, Offer
from portes.rules.protocol import Occasion

ASKED: list[int] = []


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        ASKED.append(1)
        return offer.model_copy(update={"price": offer.price + Money(minor=len(ASKED), currency="BRL")})
