"""Ecwid's custom shipping: its questions read, quotes told in its words."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.body_keys import BodyKey, BodyKeyChannel
from portes.channels.cart import CartOption, cart_options
from portes.channels.credentials import check_store_id
from portes.channels.ecwid.settings import EcwidSettings
from portes.channels.ecwid.wire import EXAMPLE, FIELDS, FIXES, GRAMS, EcwidItem, EcwidReply, EcwidRequest
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import decimal_up, minor_units, read_country, read_place, understand
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import LeadTime, Money, Place, Quote, QuoteRequest
from portes.errors import RequestError

_NONE: Final = "No shipping method is added; the shop's own are shown all the same."
_STORED: Final = "merchantAppSettings"


class Ecwid(BodyKeyChannel):
    """The channel `ecwid`, `POST /v1/{store}/ecwid`: the request URL of an app that adds shipping methods."""

    Settings: ClassVar[type[ChannelSettings]] = EcwidSettings
    path: ClassVar[str] = "ecwid"
    request_model: ClassVar[type[BaseModel]] = EcwidRequest
    response_model: ClassVar[type[BaseModel]] = EcwidReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With options, the shopper chooses among them and the shop's own; with an empty list, none is added.",
        401: f"The key in the app's storage, the token of the address or the store is another one. {_NONE}",
        413: f"More items, units or bytes than are answered. {_NONE}",
        422: f"A field is not as documented, or in another currency; `errors` names each. {_NONE}",
        503: f"It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_NONE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: EcwidSettings, storefront: Storefront) -> None:
        keys = settings.app_key
        key = None if keys is None else BodyKey((_STORED, settings.app_key_name), keys)
        super().__init__(settings, storefront, settings.auth, key)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks.

        Raises `RequestError` naming every field, also another currency; `UnauthorizedError` for another store.
        """
        call = understand(EcwidRequest, asked.body, FIXES)
        check_store_id(self._settings.store_id, call.storeId, "storeId")
        cart, address = call.cart, call.cart.shippingAddress
        if (foreign := self.foreign("cart.currency", cart.currency)) is not None:
            raise RequestError(foreign)
        country = read_country(address.countryCode, "cart.shippingAddress.countryCode")
        place = read_place(address.postalCode, country, self.fields["destination"])
        lines = tuple([self._line(item, cart.weightUnit) for item in cart.items])
        return self.question({"destination": place, "lines": lines})

    def _line(self, item: EcwidItem, unit: str) -> dict[str, Any]:
        asked, currency = self._settings, self._storefront.currency
        weighed = item.amount if asked.item_weight == "line" else 1
        priced = item.amount if asked.item_price == "line" else 1
        sku = (item.sku if asked.sku == "sku" else "") or str(item.productId or "")
        return {
            "sku": sku,
            "quantity": item.amount,
            "weight": decimal_up(item.weight, GRAMS[unit], weighed) if item.weight else None,
            "declared_value": None
            if item.price is None
            else Money(minor=minor_units(item.price, currency, priced), currency=currency),
        }

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with options, 200 with an empty list, or 503 for everything that is not certain."""
        options = {"shippingOptions": [self._told(option) for option in cart_options(quote)]}
        return self.no_answer(quote) or self.answer(quote, EcwidReply, options)

    def _told(self, option: CartOption) -> dict[str, Any]:
        return {
            "title": option.title(self._settings.titles),
            "rate": option.price.amount,
            "transitDays": _days(option.lead_time) if self._settings.transit_days else "",
        }

    def example(self) -> ChannelRequest:
        """The question that the page prints, for a place of the store's country, with the settings' credentials."""
        front, asked = self._storefront, self._settings
        place = Place.example(front.country)
        address = {"countryCode": place.country, "postalCode": place.postal_code}
        held = {} if self._key is None else {asked.app_key_name: self._key.held()}
        body = {
            "storeId": asked.store_id or EXAMPLE["storeId"],
            _STORED: EXAMPLE[_STORED] | held,
            "cart": EXAMPLE["cart"] | {"shippingAddress": address, "currency": front.currency},
        }
        return self.call("POST", body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What the shop adds to its own shipping methods, by the page's three compulsory fields."""
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read = EcwidReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        options, faults = [], []
        for told in read.shippingOptions:
            first, _, last = told.transitDays.partition("-")
            if last and int(first) > int(last):
                faults.append(f"transitDays {told.transitDays} runs backwards")
            price = Money.of(told.rate, self._storefront.currency)
            options.append(UnderstoodOption(told.title, price, int(last or first) if first else None))
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, tuple(options), tuple(faults))


def _days(time: LeadTime) -> str:
    """`4-9`, or `5` where both ends are the same."""
    return str(time.max) if time.min == time.max else f"{time.min}-{time.max}"
