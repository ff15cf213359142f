"""Saleor's list of shipping methods for a checkout: its questions read, quotes told in its words."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel, ValidationError

from portes.channels.base import MarketplaceChannel
from portes.channels.cart import CartOption, cart_options
from portes.channels.credentials import Credential, check_store_id
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import decimal_up, minor_units, read_country, read_place, understand
from portes.channels.saleor.jws import SaleorSignature
from portes.channels.saleor.settings import SaleorSettings
from portes.channels.saleor.wire import (
    EVENT,
    EXAMPLE,
    FIELDS,
    FIXES,
    GRAMS,
    SaleorLine,
    SaleorListed,
    SaleorPlainLine,
    SaleorPlainRequest,
    SaleorQuestion,
    SaleorReply,
    SaleorRequest,
)
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest
from portes.errors import Problem, RequestError, shown

_NONE: Final = "No method of this app is listed; the shop's own are."
_SIGNATURE: Final = "saleor-signature"
_DOMAIN: Final = "saleor-domain"
_API_URL: Final = "saleor-api-url"
_EVENT: Final = "saleor-event"


class Saleor(MarketplaceChannel):
    """The channel `saleor`, `POST /v1/{store}/saleor`: the webhook SHIPPING_LIST_METHODS_FOR_CHECKOUT."""

    Settings: ClassVar[type[ChannelSettings]] = SaleorSettings
    path: ClassVar[str] = "saleor"
    request_model: ClassVar[type[BaseModel]] = SaleorQuestion
    response_model: ClassVar[type[BaseModel]] = SaleorReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With methods, the shopper chooses among them and the shop's own; with an empty array, none is added. Kept"
        " for up to 12 hours.",
        401: f"The signature, the token of the address or the instance is another one. {_NONE}",
        413: f"More lines, units or bytes than are answered. {_NONE}",
        422: f"A field is not as documented, or in another currency, or there is no address yet; `errors` names each."
        f" {_NONE}",
        503: f"It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_NONE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: SaleorSettings, storefront: Storefront) -> None:
        keys = settings.public_keys
        self._signature = None if keys is None else SaleorSignature(_SIGNATURE, keys, "channels.saleor.public_keys")
        self._is_gated = settings.auth is not None
        signed: list[Credential] = [] if self._signature is None else [self._signature]
        super().__init__(settings, storefront, settings.auth or signed)
        self._settings = settings

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check what stands in headers and address, and that there is a signature. Raises `UnauthorizedError`."""
        asks = self._settings
        check_store_id(asks.domain, asked.headers.get(_DOMAIN), f"headers.{_DOMAIN}")
        check_store_id(asks.api_url, asked.headers.get(_API_URL), f"headers.{_API_URL}")
        if self._is_gated:
            super().authenticate(asked)
        if self._signature is not None:
            self._signature.require(asked)

    def verify(self, asked: ChannelRequest) -> None:
        """Check the signature over the body. Raises `UnauthorizedError`."""
        if self._signature is not None:
            self._signature.check(asked)

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks, in either form of its payload.

        Raises `RequestError` naming every field, also another currency, or a call about another event.
        """
        event = asked.headers.get(_EVENT, EVENT)
        if event.lower() != EVENT:
            raise RequestError(
                Problem(f"headers.{_EVENT}", shown(event), "is not what this address answers", f"subscribe to {EVENT}")
            )
        return self._read_plain(asked.body) if asked.body.lstrip().startswith(b"[") else self._read_chosen(asked.body)

    def _read_chosen(self, body: bytes) -> QuoteRequest:
        """The question of a webhook with a subscription."""
        checkout = understand(SaleorRequest, body, FIXES).checkout
        self._refuse_foreign("checkout.channel.currencyCode", checkout.channel.currency_code)
        lines = [line for line in checkout.lines if line.requires_shipping]
        if not lines:
            raise RequestError(
                Problem("checkout.lines", "", "holds nothing that is shipped", "ask about what requires shipping")
            )
        address = checkout.shipping_address
        place = self._place(address.country.code, address.postal_code, "checkout.shippingAddress", "country.code")
        return self.question({"destination": place, "lines": tuple([self._line(line) for line in lines])})

    def _read_plain(self, body: bytes) -> QuoteRequest:
        """The question of a webhook without a subscription."""
        (checkout,) = understand(SaleorPlainRequest, body, FIXES).root
        self._refuse_foreign("0.currency", checkout.currency)
        address = checkout.shipping_address
        place = self._place(address.country, address.postal_code, "0.shipping_address", "country")
        return self.question(
            {"destination": place, "lines": tuple([self._plain_line(line) for line in checkout.lines])}
        )

    def _refuse_foreign(self, where: str, currency: str) -> None:
        if (foreign := self.foreign(where, currency)) is not None:
            raise RequestError(foreign)

    @staticmethod
    def _place(country: str, code: str | int, where: str, country_field: str) -> Place:
        postal = "postalCode" if country_field == "country.code" else "postal_code"
        return read_place(code, read_country(country, f"{where}.{country_field}"), f"{where}.{postal}")

    def _line(self, line: SaleorLine) -> dict[str, Any]:
        weight, price = line.variant.weight, line.undiscounted_unit_price
        return {
            "sku": self._sku(line.variant.sku, line.variant.id),
            "quantity": line.quantity,
            "weight": decimal_up(weight.value, GRAMS[weight.unit]) if weight and weight.value else None,
            "declared_value": price and Money(minor=minor_units(price.amount, price.currency), currency=price.currency),
        }

    def _plain_line(self, line: SaleorPlainLine) -> dict[str, Any]:
        price, currency = line.base_price, self._storefront.currency
        return {
            "sku": self._sku(line.sku, line.variant_id),
            "quantity": line.quantity,
            "declared_value": None if price is None else Money(minor=minor_units(price, currency), currency=currency),
        }

    def _sku(self, sku: str | None, variant_id: str | None) -> str:
        return (sku if self._settings.sku == "sku" else "") or variant_id or ""

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with methods, 200 with an empty array, or 503 for everything that is not certain."""
        methods = [self._method(option) for option in cart_options(quote)]
        return self.no_answer(quote) or self.answer(quote, SaleorReply, methods)

    def _method(self, option: CartOption) -> dict[str, Any]:
        method = {
            "id": option.code.replace(":", "/"),
            "name": option.title(self._settings.titles),
            "amount": option.price.amount,
            "currency": option.price.currency,
            "description": option.carriers,
        }
        if self._settings.delivery_days:
            method["minimum_delivery_days"] = option.lead_time.min
            method["maximum_delivery_days"] = option.lead_time.max
        return method

    def example(self) -> ChannelRequest:
        """A question with the subscription of the documents; with credentials, but for a signature.

        Only the platform can sign it.
        """
        front = self._storefront
        place = Place.example(front.country)
        (line,) = EXAMPLE["lines"]
        checkout = {
            "channel": {"currencyCode": front.currency},
            "shippingAddress": {"postalCode": place.postal_code, "country": {"code": place.country}},
            "lines": [{**line, "undiscountedUnitPrice": {"amount": 129.9, "currency": front.currency}}],
        }
        return self.call("POST", body=orjson.dumps({"checkout": checkout}), content_type="application/json")

    def call(self, method: str, **others: Any) -> ChannelRequest:  # noqa: ANN401 — as its base
        """A call as the platform makes it: beside credentials, with the event and the instance of the settings."""
        asks = self._settings
        told = {"saleor_event": EVENT, "saleor_domain": asks.domain, "saleor_api_url": asks.api_url}
        named: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        return super().call(method, **named, **others)

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the store has one currency, which every question that is answered has
        """What the shop lists beside its own methods: every entry that is sound, in the checkout's currency."""
        if not 200 <= reply.status < 300:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            entries = orjson.loads(reply.body)
        except ValueError:
            return Understood(ReplyEffect.NO_FREIGHT, faults=("the body is no JSON",))
        if not isinstance(entries, list):
            return Understood(ReplyEffect.NO_FREIGHT, faults=("the body is no array",))
        found = list(self._listed(entries))
        options = tuple([each for each in found if not isinstance(each, str)])
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, options, tuple([each for each in found if isinstance(each, str)]))

    def _listed(self, entries: list[object]) -> Iterator[UnderstoodOption | str]:
        """Each entry as an option, or why it is dropped."""
        currency = self._storefront.currency
        for number, entry in enumerate(entries):
            try:
                read = SaleorListed.model_validate(entry)
            except ValidationError as error:
                fields = ", ".join(".".join(map(str, each["loc"])) or "all" for each in error.errors())
                yield f"entry {number} is dropped for {fields}"
                continue
            if read.currency != currency:
                yield f"entry {number} is dropped for its currency {read.currency}, the checkout's is {currency}"
            else:
                yield UnderstoodOption(str(read.id), Money.of(read.amount, currency), read.maximum_delivery_days)
