"""Nuvemshop's shipping carrier: its questions read, quotes told in its words."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.cart import cart_options
from portes.channels.credentials import check_store_id
from portes.channels.nuvemshop.rates import RateWriter
from portes.channels.nuvemshop.settings import NuvemshopSettings
from portes.channels.nuvemshop.wire import (
    EXAMPLE,
    FIELDS,
    FIXES,
    MOST_PICKUPS,
    NuvemshopDimensions,
    NuvemshopItem,
    NuvemshopRate,
    NuvemshopReply,
    NuvemshopRequest,
)
from portes.channels.protocol import (
    ChannelQuestion,
    ChannelReply,
    ChannelRequest,
    ChannelSettings,
    Storefront,
    request_in,
)
from portes.channels.reading import decimal_up, minor_units, read_country, read_place, understand
from portes.channels.signatures import DigestForm, SignedChannel
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, Verdict
from portes.errors import RequestError

_NONE: Final = "No rate of this carrier is shown."


class Nuvemshop(SignedChannel):
    """The channel `nuvemshop`, `POST /v1/{store}/nuvemshop`: the callback of a shipping carrier."""

    Settings: ClassVar[type[ChannelSettings]] = NuvemshopSettings
    path: ClassVar[str] = "nuvemshop"
    request_model: ClassVar[type[BaseModel]] = NuvemshopRequest
    response_model: ClassVar[type[BaseModel]] = NuvemshopReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With rates, the shopper chooses among them; with an empty list, this carrier cannot deliver the cart"
        " there. Kept for 15 minutes.",
        401: f"The token of the address, or the signature, is wrong, or the store is another one. {_NONE}",
        413: f"More items, units or bytes than are answered. {_NONE}",
        422: f"A field is not as documented, or in another currency; `errors` names each. {_NONE} Kept for a minute.",
        503: f"It could not be found out, or not in time, or cannot be told by the platform's rules; with `withhold`"
        f" also when a type that failed is missing. {_NONE} Not kept.",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS
    signature_form: ClassVar[DigestForm] = "hex"
    demands_signature: ClassVar[bool] = False

    def __init__(self, settings: NuvemshopSettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront)
        self._settings = settings
        self._rates = RateWriter(settings)

    def read(self, asked: ChannelRequest) -> ChannelQuestion:
        """The question that a call asks, with which of its lines have free shipping.

        Raises `RequestError` naming every field, also another currency; `UnauthorizedError` for another store.
        """
        call = understand(NuvemshopRequest, asked.body, FIXES)
        check_store_id(self._settings.store_id, call.store_id, "store_id")
        if (foreign := self.foreign("currency", call.currency)) is not None:
            raise RequestError(foreign)
        country = read_country(call.destination.country, "destination.country")
        place = read_place(call.destination.postal_code, country, self.fields["destination"])
        request = self.question({"destination": place, "lines": tuple([self._line(item) for item in call.items])})
        return ChannelQuestion(request, tuple([item.free_shipping for item in call.items]))

    def _line(self, item: NuvemshopItem) -> dict[str, Any]:
        currency = self._storefront.currency
        units = item.quantity if self._settings.item_price == "line" else 1
        value = None if item.price is None else Money(minor=minor_units(item.price, currency, units), currency=currency)
        return {
            "sku": self._sku(item),
            "quantity": item.quantity,
            "weight": decimal_up(item.grams, 1) or None if item.grams is not None else None,
            "size": _size(item.dimensions),
            "declared_value": value,
        }

    def _sku(self, item: NuvemshopItem) -> str:
        if self._settings.sku == "product_id":
            return str(item.product_id or "")
        return (item.sku if self._settings.sku == "sku" else "") or str(item.id or "")

    def write(self, quote: Quote, question: ChannelQuestion) -> ChannelReply:
        """The reply: 200 with rates, 200 with an empty list, or 503 for everything that is not certain."""
        if (excuse := self.no_answer(quote)) is not None:
            return excuse
        country = request_in(question).destination.country
        rates = self._rates.rates(cart_options(quote), question.call, country)
        if not rates and quote.verdict is Verdict.SERVED:
            return self.broken(quote, ["no offer has a code, or a pick-up point with address and hours, to tell it by"])
        return self.answer(quote, NuvemshopReply, {"rates": rates})

    def example(self) -> ChannelRequest:
        """The question that the page prints, for a place of the store's country, with the settings' credentials."""
        front = self._storefront
        place = Place.example(front.country)
        destination = EXAMPLE["destination"] | {"country": place.country, "postal_code": place.postal_code}  # type: ignore[operator] # a mapping
        store_id = self._settings.store_id or EXAMPLE["store_id"]
        body = {**EXAMPLE, "store_id": store_id, "currency": front.currency, "destination": destination}
        return self.call("POST", body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What the shop shows: the rates whose codes are options, one to the door and ten to fetch for each."""
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read = NuvemshopReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        options, faults, seen = [], [], list[tuple[str, str]]()
        for rate in read.rates:
            if fault := self._hidden(rate, seen):
                faults.append(fault)
            else:
                price = Money.of(rate.price, rate.currency)
                options.append(UnderstoodOption(rate.code, price, latest=rate.latest))
            seen.append((rate.code, rate.type))
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, tuple(options), tuple(faults))

    def _hidden(self, rate: NuvemshopRate, seen: list[tuple[str, str]]) -> str:
        """Why the platform does not show a rate after those that it has `seen`; empty when it does."""
        if rate.code not in {*self._settings.codes.listed(), *self._settings.pickup_codes.listed()}:
            return f"code {rate.code} has no option, so its rate is hidden"
        most = MOST_PICKUPS if rate.type == "pickup" else 1
        if seen.count((rate.code, rate.type)) >= most:
            return f"code {rate.code} has more than {most} of type {rate.type}, of which the first count"
        return ""


def _size(sides: NuvemshopDimensions | None) -> dict[str, int] | None:
    """Whole millimetres; None where a side is not told, since a product without sizes comes with null or 0."""
    told = None if sides is None else {"length": sides.depth, "width": sides.width, "height": sides.height}
    if told is None or not all(told.values()):
        return None
    return {name: decimal_up(side, 10) for name, side in told.items() if side is not None}
