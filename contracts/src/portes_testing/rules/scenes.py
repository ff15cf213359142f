"""The carts, places, days and offers that every rule is tried on; the same in every run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from portes.calendars import business_calendar
from portes.contract import (
    DeliveryType,
    Dimensions,
    Item,
    LeadTime,
    Money,
    Note,
    Offer,
    Origin,
    Place,
    QuoteRequest,
    Rate,
    Source,
    TransitTime,
)
from portes.rules.protocol import Occasion

_ZONE = ZoneInfo("America/Sao_Paulo")
_MOMENTS = (datetime(2026, 3, 2, 9, tzinfo=_ZONE), datetime(2026, 11, 27, 22, 30, tzinfo=_ZONE))
_PLACES = ("01310100", "69005010")
CARRIERS = ("a", "b", "c")


@dataclass(frozen=True, slots=True)
class Scene:
    """One question to a rule: the occasion, and the offers of each line, best first."""

    occasion: Occasion
    lines: tuple[tuple[Offer, ...], ...]


def scenes(currency: str) -> list[Scene]:
    """Every scene, its nouns made anew: whoever changes them in place spoils no other check."""
    carts = ((_item("lamp", 1, 900, None),), (_item("vase", 2, 8000, currency), _item("shirt", 1, 4000, currency)))
    return [
        Scene(
            _occasion(cart, place, moment, currency),
            tuple(_line(number, moment.date(), currency) for number in cart_numbers),
        )
        for cart in carts
        for cart_numbers in (range(len(cart)),)
        for place in _PLACES
        for moment in _MOMENTS
    ]


def _item(sku: str, quantity: int, worth: int, currency: str | None) -> Item:
    value = None if currency is None else Money(minor=worth, currency=currency)
    size = Dimensions(length=300, width=200, height=100)
    tags = ("fragile",) if sku == "vase" else ()
    return Item(sku=sku, quantity=quantity, weight=1200, size=size, declared_value=value, tags=tags)


def _occasion(cart: tuple[Item, ...], postal_code: str, moment: datetime, currency: str) -> Occasion:
    place = Place(country="BR", postal_code=postal_code)
    request = QuoteRequest(
        channel="netshoes", storefront="NS", store="shop", destination=place, lines=cart, currency=currency
    )
    home = Place(country="BR", postal_code="01001000")
    return Occasion(request, moment, cart, None, cart, Origin(id=1, place=home, cut_off=time(14), calendar="BR-SP"))


def _line(number: int, asked: date, currency: str) -> tuple[Offer, ...]:
    return tuple(_offers(number, asked, currency))


def _offers(number: int, asked: date, currency: str) -> Iterator[Offer]:
    """Two types of three carriers, their prices from nothing on, the second line's another part of each."""
    prices = {DeliveryType.NORMAL: (1234, 1500, 2099), DeliveryType.EXPRESS: (2500, 3001, 4999)}
    for delivery, costs in prices.items():
        for place, (carrier, cost) in enumerate(zip(CARRIERS, costs, strict=True)):
            part, days = cost - number * 7 * place, (2 + place, 4 - place // 2)
            yield _offer(carrier, delivery, (cost, part), (min(days), max(days)), asked, currency)


def _offer(
    carrier: str, delivery: DeliveryType, money: tuple[int, int], days: tuple[int, int], asked: date, currency: str
) -> Offer:
    calendar = business_calendar("BR")
    promise = LeadTime(
        min=days[0],
        max=days[1],
        calendar="BR",
        earliest=calendar.after(asked, days[0]),
        latest=calendar.after(asked, days[1]),
    )
    rate = Rate(
        service=delivery.value,
        cost=Money(minor=money[0], currency=currency),
        transit=TransitTime(min=days[0], max=days[1], calendar="BR"),
        source=Source.TABLE,
        notes=(Note(kind="risk_area", text="risk"),) if carrier == "b" else (),
    )
    return Offer(
        delivery=delivery,
        price=Money(minor=money[1], currency=currency),
        lead_time=promise,
        carrier=carrier,
        carrier_id=1,
        carrier_name=carrier.upper(),
        origin_id=1,
        rate=rate,
    )


def by_type(offers: Sequence[Offer]) -> list[tuple[Offer, ...]]:
    """A line's offers as a rule on a shipment is given them: one delivery type at a time."""
    types = dict.fromkeys(offer.delivery for offer in offers)
    return [tuple(offer for offer in offers if offer.delivery is one) for one in types]


__all__ = ["CARRIERS", "Scene", "by_type", "scenes"]
