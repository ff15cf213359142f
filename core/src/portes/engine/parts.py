"""One offer for a line that leaves from several origins, out of the offers of its parts; pure."""

from collections.abc import Iterator, Sequence

from portes.contract import DeliveryType, LeadTime, Offer, OfferPart
from portes.contract.money import total
from portes.engine.offers import OfferedPart


def joined(parts: Sequence[OfferedPart]) -> Sequence[Offer]:
    """The offers of a whole line: those of its only part, or one of each delivery type that all its parts have."""
    return parts[0].offers if len(parts) == 1 else list(_common(parts))


def _common(parts: Sequence[OfferedPart]) -> Iterator[Offer]:
    for delivery in DeliveryType:
        best = [next((one for one in part.offers if one.delivery is delivery), None) for part in parts]
        offers = [one for one in best if one is not None]
        if len(offers) == len(parts):
            yield _one_of(parts, offers)


def _one_of(parts: Sequence[OfferedPart], offers: Sequence[Offer]) -> Offer:
    """All parts as one: their prices added up, the slowest promise, and the carrier of the largest part.

    Points of pick-up are none: a part may be fetched where the others cannot.
    """
    largest = max(range(len(parts)), key=lambda number: parts[number].units)
    return offers[largest].model_copy(
        update={
            "price": total((offer.price for offer in offers), offers[largest].price.currency),
            "lead_time": _slowest([offer.lead_time for offer in offers]),
            "pickup_points": (),
            "parts": tuple(_part(part.units, offer) for part, offer in zip(parts, offers, strict=True)),
        }
    )


def _part(units: int, offer: Offer) -> OfferPart:
    return OfferPart(units=units, origin_id=offer.origin_id, carrier=offer.carrier, price=offer.price, rate=offer.rate)


def _slowest(times: Sequence[LeadTime]) -> LeadTime:
    """When the last of several parcels is there, all of them counted by one calendar from one day."""
    return LeadTime(
        min=max(time.min for time in times),
        max=max(time.max for time in times),
        calendar=times[0].calendar,
        earliest=max(time.earliest for time in times),
        latest=max(time.latest for time in times),
    )
