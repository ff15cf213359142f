"""Options of a quote as rates of Nuvemshop: one to the door for each code, and up to ten pick-up points."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from portes.channels.cart import CartOption
from portes.channels.nuvemshop.hours import read_hours
from portes.channels.nuvemshop.settings import NuvemshopSettings
from portes.channels.nuvemshop.wire import MOST_PICKUPS
from portes.contract import DeliveryType, Money, PickupPoint

_NO_POINT: Final = "no_pickup_point"
"""The note of a rate that is fetched somewhere, its carrier does not say where."""


class RateWriter:
    """Makes rates by a channel's settings; thread-safe."""

    def __init__(self, settings: NuvemshopSettings) -> None:
        self._settings = settings

    def rates(self, options: Sequence[CartOption], free: Sequence[bool], country: str) -> list[dict[str, Any]]:
        """The rates of options, cheaper ones first.

        Args:
            options: what can be offered for the whole cart, cheaper ones first.
            free: of each line, whether it has free shipping.
            country: of the destination, in which its pick-up points are.
        """
        made: list[dict[str, Any]] = []
        for delivery in DeliveryType:
            those = [option for option in options if option.delivery is delivery]
            made += self._to_the_door(those, free)
            made += self._to_points(those, free, country)
        return sorted(made, key=lambda rate: rate["price_merchant"])

    def _to_the_door(self, options: Sequence[CartOption], free: Sequence[bool]) -> list[dict[str, Any]]:
        first = next((option for option in options if _comes_to_the_door(option)), None)
        code = None if first is None else self._settings.codes.of(first.delivery)
        if first is None or code is None:
            return []
        title = first.title(self._settings.titles)
        return [self._rate(first, free, name=title, code=code, type="ship", reference=first.code)]

    def _to_points(self, options: Sequence[CartOption], free: Sequence[bool], country: str) -> Iterator[dict[str, Any]]:
        known: dict[tuple[str, str], tuple[CartOption, PickupPoint]] = {}
        for option in options:
            for point in _common_points(option):
                known.setdefault((option.offers[0].carrier, point.id), (option, point))
        told = 0
        for (carrier, _), (option, point) in known.items():
            code, hours = self._settings.pickup_codes.of(option.delivery), read_hours(point.hours)
            place = [point.address, point.town, point.postal_code]
            if code is None or not all(place) or (not hours and self._settings.unread_hours == "leave_out"):
                continue
            if (told := told + 1) > MOST_PICKUPS:
                return
            yield self._rate(
                option,
                free,
                name=f"{option.title(self._settings.titles)} - {point.name}",
                code=code,
                type="pickup",
                reference=f"{carrier}:{point.id}",
                address=dict(zip(("address", "city", "zipcode"), place, strict=True)) | {"country": country},
                hours=list(hours),
            )

    def _rate(self, option: CartOption, free: Sequence[bool], **more: Any) -> dict[str, Any]:  # noqa: ANN401 — fields
        asked = self._settings
        rate = {
            **more,
            "price": self._price(option, free).amount,
            "price_merchant": option.price.amount,
            "currency": option.price.currency,
            "accepts_cod": asked.accepts_cod,
            "id_required": asked.id_required,
            "phone_required": asked.phone_required,
        }
        if asked.dates:
            rate["min_delivery_date"] = _noon(option.lead_time.earliest)
            rate["max_delivery_date"] = _noon(option.lead_time.latest)
        return rate

    def _price(self, option: CartOption, free: Sequence[bool]) -> Money:
        """What the shopper pays: all of it but in a mixed cart, where the platform takes nothing off itself."""
        mode = self._settings.mixed_cart
        if mode == "full" or all(free) or not any(free):
            return option.price
        paid = sum([offer.price.minor for offer, is_free in zip(option.offers, free, strict=True) if not is_free])
        minor = paid if mode == "paid_items" else option.price.minor - paid
        return Money(minor=minor, currency=option.price.currency)


def _comes_to_the_door(option: CartOption) -> bool:
    return not any(
        offer.pickup_points or any(note.kind == _NO_POINT for note in offer.rate.notes) for offer in option.offers
    )


def _common_points(option: CartOption) -> Iterator[PickupPoint]:
    """Where all of the cart can be fetched: points of one carrier that every line has, nearest first."""
    first, *others = option.offers
    if any(other.carrier != first.carrier for other in others):
        return
    elsewhere = [{point.id for point in other.pickup_points} for other in others]
    yield from (point for point in first.pickup_points if all(point.id in ids for ids in elsewhere))


def _noon(day: date) -> str:
    return f"{day}T12:00:00+0000"
