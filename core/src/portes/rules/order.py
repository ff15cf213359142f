"""Which of several offers stands before the others; it knows neither rules nor their settings."""

from collections.abc import Iterable

from portes.contract import Offer


def cheaper(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the lower price, then the earlier latest day, then the earlier first day. One currency is assumed."""
    return offer.price.minor, offer.lead_time.max, offer.lead_time.min


def faster(offer: Offer) -> tuple[int, int, int]:
    """Sort key: the earlier latest day, then the earlier first day, then the lower price."""
    return offer.lead_time.max, offer.lead_time.min, offer.price.minor


def order(offers: Iterable[Offer]) -> list[Offer]:
    """Sort best first: cheaper, then faster; what is equal keeps the order of the settings."""
    return sorted(offers, key=cheaper)
