"""Shopify's CarrierService and Recharge: their questions read, quotes told in their words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.cart import CartOption, cart_options
from portes.channels.credentials import check_store_id
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import hundredths, read_country, read_place, understand
from portes.channels.shopify.settings import CarrierServiceSettings, RechargeSettings, ShopifySettings
from portes.channels.shopify.wire import (
    EXAMPLE,
    FIELDS,
    FIXES,
    HUNDREDTHS,
    ShopifyItem,
    ShopifyQuestion,
    ShopifyRate,
    ShopifyReply,
    ShopifyRequest,
)
from portes.channels.signatures import SignedChannel
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest
from portes.contract.money import exponent
from portes.contract.rounding import quotient
from portes.errors import Problem, RequestError

_SHOP: Final = "x-shopify-shop-domain"
_BACKUP: Final = "Not 2xx, so the shop shows its backup rates, where it has set any."


class CarrierServiceChannel(SignedChannel):
    """Base of a channel that is asked in the shape of a carrier service."""

    request_model: ClassVar[type[BaseModel]] = ShopifyRequest
    response_model: ClassVar[type[BaseModel]] = ShopifyReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With rates, the shopper chooses among them; with an empty list, this carrier service cannot ship the cart"
        " there, and no backup rates are shown.",
        401: f"The signature, or what else is set up here, is wrong. {_BACKUP}",
        413: f"More items, units or bytes than are answered. {_BACKUP}",
        422: f"A field is not as documented, or in another currency; `errors` names each. {_BACKUP}",
        503: f"It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_BACKUP}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: CarrierServiceSettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks. Raises `RequestError` naming every field, also another currency."""
        rate = understand(ShopifyRequest, asked.body, FIXES).rate
        items = [item for item in rate.items if item.requires_shipping]
        self._refuse_foreign(rate, items)
        country = read_country(rate.destination.country, "rate.destination.country")
        place = read_place(rate.destination.postal_code, country, self.fields["destination"])
        return self.question({"destination": place, "lines": tuple([self._line(item) for item in items])})

    def _refuse_foreign(self, rate: ShopifyQuestion, items: Iterable[ShopifyItem]) -> None:
        problems = [self.foreign("rate.currency", rate.currency)]
        if not items:
            problems.append(Problem("rate.items", "", "holds nothing that is shipped", "send what requires shipping"))
        found = [problem for problem in problems if problem is not None]
        if found:
            raise RequestError(found)

    def _line(self, item: ShopifyItem) -> dict[str, Any]:
        currency = self._storefront.currency
        return {
            "sku": self._sku(item),
            "quantity": item.quantity,
            "weight": item.grams or None,  # a product without a weight comes as 0 grams
            "declared_value": None if item.price is None else _declared(item, currency),
        }

    def _sku(self, item: ShopifyItem) -> str:
        if self._settings.sku == "product_id":
            return str(item.product_id or "")
        return (item.sku if self._settings.sku == "sku" else "") or str(item.variant_id or "")

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with rates, 200 with an empty list, or 503 for everything that is not certain."""
        rates = {"rates": [self._rate(option) for option in cart_options(quote)]}
        return self.no_answer(quote) or self.answer(quote, ShopifyReply, rates)

    def _rate(self, option: CartOption) -> dict[str, str]:
        rate = {
            "service_name": option.title(self._settings.titles),
            "service_code": option.code,
            "total_price": str(hundredths(option.price)),
            "currency": option.price.currency,
            "description": option.carriers,
        }
        if self._settings.dates:
            rate["min_delivery_date"] = _noon(option.lead_time.earliest)
            rate["max_delivery_date"] = _noon(option.lead_time.latest)
        return rate

    def example(self) -> ChannelRequest:
        """The question that the page prints, for a place of the store's country, with the settings' credentials."""
        front, rate = self._storefront, EXAMPLE["rate"]
        place = Place.example(front.country)
        destination = {"country": place.country, "postal_code": place.postal_code}
        body = {"rate": {**rate, "destination": destination, "currency": front.currency}}
        return self.call("POST", body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What the shop shows: rates, nothing, or its backup rates."""
        if not 200 <= reply.status < 300:
            return Understood(ReplyEffect.FALLBACK)
        try:
            read = ShopifyReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.FALLBACK, faults=(str(error),))
        codes = [rate.service_code for rate in read.rates]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        options = tuple([UnderstoodOption(rate.service_code, _money(rate), latest=_day(rate)) for rate in read.rates])
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, options, tuple([f"service_code {code} stands there twice" for code in twice]))


class Shopify(CarrierServiceChannel):
    """The channel `shopify`, `POST /v1/{store}/shopify`: the callback of a carrier service."""

    Settings: ClassVar[type[ChannelSettings]] = ShopifySettings
    path: ClassVar[str] = "shopify"

    def __init__(self, settings: ShopifySettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront)
        self._shop = settings.shop

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check the credentials, and that it is the shop of this store that asks. Raises `UnauthorizedError`."""
        super().authenticate(asked)
        check_store_id(self._shop, asked.headers.get(_SHOP, ""), _SHOP)

    def call(self, method: str, **others: Any) -> ChannelRequest:  # noqa: ANN401 — as its base
        """A call as the platform makes it, with the shop's domain where it is set."""
        shop: dict[str, Any] = {} if self._shop is None else {_SHOP.replace("-", "_"): self._shop}
        return super().call(method, **shop, **others)


class Recharge(CarrierServiceChannel):
    """The channel `recharge`, `POST /v1/{store}/recharge`: custom shipping rates, asked in Shopify's shape."""

    Settings: ClassVar[type[ChannelSettings]] = RechargeSettings
    path: ClassVar[str] = "recharge"


def _declared(item: ShopifyItem, currency: str) -> Money:
    """The value of one unit; the page's hundredths, whatever the currency's own minor unit is."""
    assert item.price is not None  # noqa: S101 — its caller looked
    return Money.rounded(item.price / HUNDREDTHS, currency, "up")


def _money(rate: ShopifyRate) -> Money:
    minor = quotient(int(rate.total_price) * 10 ** exponent(rate.currency), HUNDREDTHS, "down")
    return Money(minor=minor, currency=rate.currency)


def _day(rate: ShopifyRate) -> date | None:
    told = rate.max_delivery_date
    return None if told is None else date.fromisoformat(told.partition(" ")[0])


def _noon(day: date) -> str:
    return f"{day} 12:00:00 +0000"
