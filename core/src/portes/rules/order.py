"""Which of several offers stands before the others, and keeping the one that stands first."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portes.contract import Offer
from portes.rules.protocol import Occasion, ShipmentRule


def cheaper(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the lower price, then the earlier latest day, then the earlier first day. One currency is assumed."""
    lead_time = offer.lead_time
    return offer.price.minor, lead_time.max, lead_time.min


def faster(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the earlier latest day, then the earlier first day, then the lower price."""
    return offer.lead_time.max, offer.lead_time.min, offer.price.minor


def order(offers: Iterable[Offer]) -> list[Offer]:
    """Sort best first: cheaper, then faster; what is equal keeps the order of the settings."""
    return sorted(offers, key=cheaper)


def keep_first(key: Callable[[Offer], Any]) -> ShipmentRule:
    """A rule that keeps the offer that sorts first; the earlier one on a tie."""

    def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:  # noqa: ARG001 — it looks at offers alone
        return offers if len(offers) < 2 else [min(offers, key=key)]

    return rule


def prefer(carriers: Sequence[str]) -> ShipmentRule:
    """A rule that keeps one offer of the first of these carriers that has any, its cheapest; all when none has."""
    ranks = {carrier: rank for rank, carrier in reversed(list(enumerate(carriers)))}
    keep = keep_first(lambda offer: (ranks.get(offer.carrier, len(ranks)), *cheaper(offer)))

    def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
        return keep(offers, occasion) if any(offer.carrier in ranks for offer in offers) else offers

    return rule
