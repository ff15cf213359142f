"""MadeiraMadeira's freight callback: SKUs read, which the catalogue measures, and quotes told for the whole cart."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.madeira_madeira.settings import MadeiraMadeiraSettings
from portes.channels.madeira_madeira.wire import (
    EXAMPLE_VOLUMES,
    FIELDS,
    FIXES,
    NOT_SERVED,
    MadeiraNotServed,
    MadeiraReply,
    MadeiraRequest,
)
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import read_place, understand
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest, Verdict

_TROUBLE: Final = "No answer, so the marketplace has no freight of this seller."


class MadeiraMadeira(MarketplaceChannel):
    """The channel `madeira-madeira`, `POST /v1/{store}/madeira-madeira`: the callback of the type FRETE."""

    Settings: ClassVar[type[ChannelSettings]] = MadeiraMadeiraSettings
    path: ClassVar[str] = "madeira-madeira"
    request_model: ClassVar[type[BaseModel]] = MadeiraRequest
    response_model: ClassVar[type[BaseModel]] = MadeiraReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "The marketplace shows the ways of delivery.",
        401: f"The credentials are not those set up here. {_TROUBLE}",
        404: "The goods are not delivered there, and the marketplace says so.",
        413: f"More volumes, units or bytes than are answered. {_TROUBLE}",
        422: f"A field is not as documented; `errors` names each. {_TROUBLE}",
        503: "It could not be found out, or not in time; the catalogue does not tell weight and size of a SKU; with"
        f" `withhold` also when a type that failed is missing. {_TROUBLE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: MadeiraMadeiraSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the documentation knows CEPs and reais only."""
        refuse_other_countries(self.path, storefront, "BR", "BRL")
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks, without measures. Raises `RequestError` naming every wrong field."""
        body = understand(MadeiraRequest, asked.body, FIXES)
        lines = tuple([{"sku": item.sku, "quantity": item.quantity} for item in body.volumes])
        place = read_place(body.destination_zip, "BR", FIELDS["destination"])
        return self.question({"destination": place, "lines": lines})

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with ways of delivery, 404 where nothing is served, 503 where that is not certain."""
        if excuse := self.no_answer(quote):
            return excuse
        if quote.verdict is Verdict.NOT_SERVED:
            return self.answer(quote, MadeiraNotServed, NOT_SERVED, 404)
        shown = [self._option(option, quote.id) for option in self._shown(cart_options(quote))]
        return self.answer(quote, MadeiraReply, {"shippingQuotes": shown})

    def _shown(self, options: tuple[CartOption, ...]) -> tuple[CartOption, ...]:
        """What is told of the options, which come cheaper ones first."""
        if self._settings.show == "fastest":
            return tuple(sorted(options, key=lambda option: option.lead_time.max)[:1])
        return options[:1] if self._settings.show == "cheapest" else options

    def _option(self, option: CartOption, quote_id: str) -> dict[str, Any]:
        title = option.title(self._settings.titles)
        return {
            "shippingCost": option.price.amount,
            "deliveryTime": {
                "expedition": option.handling_days,
                "transit": option.transit_days,
                "total": option.lead_time.max,
            },
            "shippingEstimatedId": quote_id,
            "shippingMethodId": option.code,
            "shippingMethodName": title,
            "shippingMethodDisplayName": title,
        }

    def example(self) -> ChannelRequest:
        """A question as documented, with the settings' credentials; a store answers it whose catalogue has the SKU."""
        body = orjson.dumps({"destinationZip": Place.example("BR").postal_code, "volumes": EXAMPLE_VOLUMES})
        return self.call("POST", body=body, content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- no rule is about the question
        """What the marketplace shows: ways of delivery, that there is none, or no freight of this seller."""
        if reply.status == 404:
            return Understood(ReplyEffect.NOT_DELIVERED)
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read = MadeiraReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        ids = [each.shipping_method_id for each in read.shipping_quotes]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        options = [
            UnderstoodOption(
                each.shipping_method_id, Money.rounded(each.shipping_cost, "BRL"), each.delivery_time.total
            )
            for each in read.shipping_quotes
        ]
        return Understood(
            ReplyEffect.PRICES, tuple(options), tuple([f"shippingMethodId {each} stands there twice" for each in twice])
        )
