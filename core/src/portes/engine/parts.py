"""One offer for a line that leaves from several origins, out of the offers of its parts; pure."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from portes.contract import DeliveryType, LeadTime, Offer, OfferPart
from portes.contract.money import total
from portes.engine.offers import OfferedPart


class OfferedLine(NamedTuple):
    """An offer of a whole line."""

    offer: Offer
    exact_price: Fraction | int
    """Its price in minor units, not rounded: lines of one shipment have their offers in one order by it."""


def joined(parts: Sequence[OfferedPart]) -> Sequence[OfferedLine]:
    """The offers of a whole line: those of its only part, or one of each delivery type that all its parts have."""
    if len(parts) == 1:
        return [OfferedLine(*each) for each in zip(parts[0].offers, parts[0].exact_prices, strict=True)]
    return list(_common(parts))


def _common(parts: Sequence[OfferedPart]) -> Iterator[OfferedLine]:
    for delivery in DeliveryType:
        best = [_first(part, delivery) for part in parts]
        found = [one for one in best if one is not None]
        if len(found) == len(parts):
            price = sum(one.exact_price for one in found)
            yield OfferedLine(_one_of(parts, [one.offer for one in found]), price)


def _first(part: OfferedPart, delivery: DeliveryType) -> OfferedLine | None:
    both = zip(part.offers, part.exact_prices, strict=True)
    return next((OfferedLine(*each) for each in both if each[0].delivery is delivery), None)


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
