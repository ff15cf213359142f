"""Keep one offer, drop its rivals: what `cheapest`, `fastest` and `preferred` share."""

from collections.abc import Callable, Sequence
from typing import Any

from portes.contract import Offer
from portes.rules.protocol import Occasion, ShipmentRule
from portes.rules.scope import Scope


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
