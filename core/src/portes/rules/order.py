"""Which of several offers stands before the others, and keeping the one that stands first."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portes.contract import Offer
from portes.rules.protocol import Occasion, ShipmentRule
from portes.rules.scope import Scope


def cheaper(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the lower price, then the earlier latest day, then the earlier first day. One currency is assumed."""
    return offer.price.minor, offer.lead_time.max, offer.lead_time.min


def faster(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the earlier latest day, then the earlier first day, then the lower price."""
    return offer.lead_time.max, offer.lead_time.min, offer.price.minor


def order(offers: Iterable[Offer]) -> list[Offer]:
    """Sort best first: cheaper, then faster; what is equal keeps the order of the settings."""
    return sorted(offers, key=cheaper)


def keep_first(scope: Scope, key: Callable[[Offer], Any]) -> ShipmentRule:
    """A rule that keeps, of the offers in scope, the one that sorts first; the earlier one on a tie."""

    def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
        if len(offers) < 2 or not scope.holds(occasion):
            return offers
        rivals = [offer for offer in offers if scope.covers(offer)]
        if len(rivals) < 2:
            return offers
        best = min(rivals, key=key)
        return [offer for offer in offers if offer is best or not scope.covers(offer)]

    return rule
