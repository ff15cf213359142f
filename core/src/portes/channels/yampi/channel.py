"""Yampi's freight question read in both of its versions, quotes told in its words."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel

from portes.channels.base import refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import minor_units, read_place, understand, whole_up
from portes.channels.signatures import SignedChannel
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.channels.yampi.settings import YampiSettings
from portes.channels.yampi.wire import (
    EXAMPLE,
    FIELDS,
    FIXES,
    MILLIMETRES,
    YampiItem,
    YampiReply,
    YampiRequest,
)
from portes.contract import Money, Place, Quote, QuoteRequest
from portes.contract.bounds import LARGEST_ID

_GRAMS = 1000
_UNSAID = "Not written what becomes of it; no price of ours is shown."


class Yampi(SignedChannel):
    """The channel `yampi`, `POST /v1/{store}/yampi`."""

    Settings: ClassVar[type[ChannelSettings]] = YampiSettings
    path: ClassVar[str] = "yampi"
    request_model: ClassVar[type[BaseModel]] = YampiRequest
    response_model: ClassVar[type[BaseModel]] = YampiReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With quotes, the shopper chooses among them; with an empty list, nothing is offered there.",
        401: f"The signature, or what else is set up here, is wrong. {_UNSAID}",
        413: f"More items, units or bytes than are answered. {_UNSAID}",
        422: f"A field is not as documented; `errors` names each. {_UNSAID}",
        503: f"It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_UNSAID}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: YampiSettings, storefront: Storefront) -> None:
        refuse_other_countries("yampi", storefront, "BR", "BRL")
        super().__init__(settings, storefront)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks, in either version. Raises `RequestError` naming every field."""
        told = understand(YampiRequest, asked.body, FIXES)
        place = read_place(told.zipcode, self._storefront.country, self.fields["destination"])
        return self.question({"destination": place, "lines": tuple([self._line(item) for item in told.skus])})

    def _line(self, item: YampiItem) -> dict[str, Any]:
        days = item.availability_days if self._settings.availability == "add" else 0
        return {
            "sku": self._sku(item),
            "quantity": item.quantity,
            "weight": whole_up(item.weight, _GRAMS) if item.weight else None,
            "size": self._size(item),
            "declared_value": _value(item, self._storefront.currency),
            "handling_days": days or 0,
        }

    def _sku(self, item: YampiItem) -> str:
        external = item.platform.external_id if item.platform is not None else None
        chosen = {"sku": item.sku, "id": item.id, "external_id": external}[self._settings.sku]
        return chosen or item.id or ""

    def _size(self, item: YampiItem) -> dict[str, int] | None:
        """The size of one unit; None where a side is missing or 0, so that the catalogue tells it."""
        if not (item.length and item.width and item.height):
            return None
        factor = MILLIMETRES[self._settings.size_unit]
        sides = {"length": item.length, "width": item.width, "height": item.height}
        return {side: whole_up(length, factor) for side, length in sides.items()}

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with quotes, 200 with an empty list, or 503 for everything that is not certain."""
        options = cart_options(quote)
        numbers = quote_ids([option.code for option in options])
        quotes = {"quotes": [self._quote(option, numbers[option.code]) for option in options]}
        return self.no_answer(quote) or self.answer(quote, YampiReply, quotes)

    def _quote(self, option: CartOption, number: int) -> dict[str, Any]:
        return {
            "name": option.title(self._settings.titles),
            "service": option.code,
            "price": option.price.amount,
            "days": option.lead_time.max,
            "quote_id": number,
            "free_shipment": not option.price.minor,
        }

    def example(self) -> ChannelRequest:
        """The question that the page prints, for a place of the store's country, with the settings' credentials."""
        body = {**EXAMPLE, "zipcode": Place.example(self._storefront.country).postal_code}
        return self.call("POST", body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What the checkout shows: the quotes, nothing on offer, or no freight of ours where the reply is none."""
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read = YampiReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        odd = [one.name for one in read.quotes if one.free_shipment and one.price]
        options = [
            UnderstoodOption(one.name, Money(minor=int(one.price * 100), currency="BRL"), one.days)
            for one in read.quotes
        ]
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, tuple(options), tuple([f"{name} is free and has a price" for name in odd]))


def quote_ids(codes: Iterable[str]) -> dict[str, int]:
    """A number for each code of a service, from 1: the same one whenever it is offered, each another one."""
    numbers: dict[str, int] = {}
    for code in sorted(set(codes)):
        number = int.from_bytes(sha256(code.encode()).digest()[:8]) % LARGEST_ID + 1
        while number in numbers.values():
            number = number % LARGEST_ID + 1
        numbers[code] = number
    return numbers


def _value(item: YampiItem, currency: str) -> Money | None:
    """The value of one unit: `price` is of the line where the question has the field `unit_price`, else of one unit."""
    if item.unit_price is not None:
        return Money(minor=minor_units(item.unit_price, currency), currency=currency)
    if item.price is None:
        return None
    units = item.quantity if "unit_price" in item.model_fields_set else 1
    return Money(minor=minor_units(item.price, currency, units), currency=currency)
