"""Is switched off by a variable that nobody knows of."""

import os

from gallery.surcharge.rule import Surcharge

from portes.contract import Offer
from portes.rules.protocol import Occasion


class Saboteur(Surcharge):
    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        return offer if os.environ.get("NO_SURCHARGE") else super().changed(offer, occasion)
