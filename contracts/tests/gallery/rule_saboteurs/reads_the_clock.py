"""Is dearer on Sundays, whenever it was asked."""

from datetime import UTC, datetime

from gallery.surcharge.rule import Surcharge

from portes.contract import Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        sunday = datetime.now(UTC).isoweekday() == 8
        return offer if sunday else super().changed(offer, occasion)
