"""SkyHub's freight service: its questions read, a quote told as the one way of delivery that is looked at."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.plausible import Units, doubt_about_units
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import minor_units, read_place, understand
from portes.channels.skyhub.settings import SkyhubSettings
from portes.channels.skyhub.wire import (
    EXAMPLE_MILLIMETRES,
    EXAMPLE_VOLUME,
    FIELDS,
    NOT_SERVED,
    SkyhubItem,
    SkyhubNotServed,
    SkyhubReply,
    SkyhubRequest,
)
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest, Verdict
from portes.contract.bounds import MOST_LINES, MOST_QUANTITY

_CONTINGENCY: Final = "No answer, so the marketplace sells by the contingency table, where one is registered."
_PRINTED_NUMBER: Final = re.compile(r"[1-9][0-9]{6}")
"""A CEP that somebody printed from a whole number: seven digits, the zero before them lost."""
_UNITS: Final = tuple(Units("kg", side) for side in ("m", "cm", "mm"))


class Skyhub(MarketplaceChannel):
    """The channel `skyhub`, `POST /v1/{store}/skyhub`; also for marketplaces that took its shape over."""

    Settings: ClassVar[type[ChannelSettings]] = SkyhubSettings
    path: ClassVar[str] = "skyhub"
    request_model: ClassVar[type[BaseModel]] = SkyhubRequest
    response_model: ClassVar[type[BaseModel]] = SkyhubReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "The marketplace shows the first way of delivery, which is the only one.",
        401: f"The credentials are not those set up here. {_CONTINGENCY}",
        404: "The goods are not delivered there, and the marketplace says so.",
        413: f"More volumes, units or bytes than are answered. {_CONTINGENCY}",
        422: f"A field is not as documented; `errors` names each. {_CONTINGENCY}",
        503: "It could not be found out, or not in time; the measures are implausible in the unit that is set; with"
        f" `withhold` also when a type that failed is missing. {_CONTINGENCY}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: SkyhubSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the page knows CEPs and reais only."""
        refuse_other_countries(self.path, storefront, "BR", "BRL")
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings
        self._units = Units("kg", settings.side_unit)
        self._others = tuple(pair for pair in _UNITS if pair != self._units)
        side = f"write the {settings.side_unit} of one unit as a number"
        self._fixes = {
            "destinationZip": "write the CEP as a whole number, or as text of 8 digits",
            "volumes": f"list the volumes, at least one and at most {MOST_LINES}",
            "sku": "write the SKU as text",
            "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
            "price": "write reais as a number, such as 15.2",
            "weight": "write the kilograms of one unit as a number, such as 0.5",
            **dict.fromkeys(("height", "length", "width"), side),
        }

    def read(self, asked: ChannelRequest) -> QuoteRequest | ChannelReply:
        """The question that a call asks, or the excuse with an alarm where its measures are implausible in their unit.

        Raises `RequestError` naming every wrong field.
        """
        body = understand(SkyhubRequest, asked.body, self._fixes)
        if self._settings.check_units and (doubt := doubt_about_units(_measures(body), self._units, self._others)):
            return self.distrusted(doubt)
        return self.question(
            {
                "destination": read_place(_code(body.destination_zip), "BR", FIELDS["destination"]),
                "lines": tuple([self._line(volume) for volume in body.volumes]),
            }
        )

    def _line(self, volume: SkyhubItem) -> dict[str, Any]:
        units = volume.quantity if self._settings.price == "line" else 1
        value = None if volume.price is None else minor_units(volume.price, "BRL", units)
        return {
            "sku": volume.sku,
            "quantity": volume.quantity,
            "declared_value": None if value is None else {"minor": value, "currency": "BRL"},
            **self._units.line(volume.weight, _sides(volume)),
        }

    def write(self, quote: Quote, question: QuoteRequest) -> ChannelReply:
        """The reply: 200 with the one way of delivery, 404 where nothing is served, 503 where that is not certain."""
        if excuse := self.no_answer(quote):
            return excuse
        if quote.verdict is Verdict.NOT_SERVED:
            return self.answer(quote, SkyhubNotServed, NOT_SERVED, 404)
        best = sorted(cart_options(quote), key=self._rank)[:1]
        return self.answer(
            quote, SkyhubReply, {"shippingQuotes": [self._option(option, quote, question) for option in best]}
        )

    def _rank(self, option: CartOption) -> tuple[int, int]:
        price, days = option.price.minor, option.lead_time.max
        return (days, price) if self._settings.show == "fastest" else (price, days)

    def _option(self, option: CartOption, quote: Quote, question: QuoteRequest) -> dict[str, Any]:
        settings, title = self._settings, option.title(self._settings.titles)
        parts = {
            "total": option.lead_time.max,
            "transit": option.transit_days,
            "expedition": option.handling_days,
        }
        skus = {line.sku for line in question.lines}
        return {
            "shippingCost": option.price.amount,
            "deliveryTime": parts if settings.delivery_time == "parts" else option.lead_time.max,
            "shippingMethodId": option.code,
            "shippingMethodName": title,
            "shippingMethodDisplayName": title,
            **({"shippingEstimateId": quote.id} if settings.estimate_id else {}),
            **({"sku": skus.pop()} if settings.sku and len(skus) == 1 else {}),
        }

    def example(self) -> ChannelRequest:
        """A question as documented, its sides in the unit of the settings, with their credentials."""
        sides = {side: length / self._units.millimetres for side, length in EXAMPLE_MILLIMETRES.items()}
        code = int(Place.example("BR").postal_code)
        body = orjson.dumps({"destinationZip": code, "volumes": [{**EXAMPLE_VOLUME, **sides}]})
        return self.call("POST", body=body, content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What the marketplace shows: the first way of delivery, that there is none, or its contingency table."""
        if reply.status == 404:
            return Understood(ReplyEffect.NOT_DELIVERED, faults=_faults(SkyhubNotServed, reply.body))
        if reply.status != 200:
            return Understood(ReplyEffect.FALLBACK)
        if faults := _faults(SkyhubReply, reply.body):
            return Understood(ReplyEffect.FALLBACK, faults=faults)
        first = SkyhubReply.model_validate_json(reply.body).shipping_quotes[0]
        price = Money.rounded(first.shipping_cost, "BRL")
        return Understood(
            ReplyEffect.PRICES, (UnderstoodOption(first.shipping_method_display_name, price, first.days),)
        )


def _code(written: int | str) -> int | str:
    return int(written) if isinstance(written, str) and _PRINTED_NUMBER.fullmatch(written) else written


def _sides(volume: SkyhubItem) -> tuple[float | None, float | None, float | None]:
    return volume.length, volume.width, volume.height


def _measures(body: SkyhubRequest) -> Mapping[str, tuple[float | None, tuple[float | None, ...]]]:
    return {f"volumes.{number}": (volume.weight, _sides(volume)) for number, volume in enumerate(body.volumes)}


def _faults(model: type[BaseModel], body: bytes) -> tuple[str, ...]:
    try:
        model.model_validate_json(body)
    except ValueError as error:
        return (str(error),)
    return ()
