"""Omnik's freight for sellers: its questions read, quotes told in its envelope, which always has status 200."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.omnik.settings import OmnikSettings
from portes.channels.omnik.wire import (
    EXAMPLE_GRAMS,
    EXAMPLE_MILLIMETRES,
    EXAMPLE_PRODUCT,
    FIELDS,
    NO_OPTIONS,
    NO_OPTIONS_TEXT,
    OmnikOption,
    OmnikProduct,
    OmnikReply,
    OmnikRequest,
)
from portes.channels.plausible import Units, doubt_about_units
from portes.channels.protocol import ChannelQuestion, ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import minor_units, read_place, understand
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, Verdict
from portes.contract.bounds import MOST_LINES, MOST_QUANTITY
from portes.contract.rounding import quotient
from portes.errors import Problem, RequestError, UnauthorizedError, shown

_TROUBLE: Final = "No answer of this seller; what the marketplace does then is not written."
_CENTS: Final = {"cents": 1, "reais": 100}
_UNITS: Final = tuple(Units(weight, side) for weight in ("kg", "g") for side in ("cm", "m", "mm"))


class Omnik(MarketplaceChannel):
    """The channel `omnik`, `POST /v1/{store}/omnik`: freight for sellers of Americanas."""

    Settings: ClassVar[type[ChannelSettings]] = OmnikSettings
    path: ClassVar[str] = "omnik"
    request_model: ClassVar[type[BaseModel]] = OmnikRequest
    response_model: ClassVar[type[BaseModel]] = OmnikReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: f"With options, the marketplace shows them; with an empty list and the message {NO_OPTIONS}, the goods"
        " are not delivered there.",
        401: f"The credentials are not those set up here, or the call is about another seller. {_TROUBLE}",
        413: f"More products, units or bytes than are answered. {_TROUBLE}",
        422: f"A field is not as documented, or there are several sellers; `errors` names each. {_TROUBLE}",
        503: "It could not be found out, or not in time; the measures are implausible in the units that are set; with"
        f" `withhold` also when a type that failed is missing. {_TROUBLE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: OmnikSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the page knows CEPs and reais only."""
        refuse_other_countries(self.path, storefront, "BR", "BRL")
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings
        self._units = Units(settings.weight_unit, settings.side_unit)
        self._others = tuple(units for units in _UNITS if units != self._units)
        side = f"write the {settings.side_unit} of one unit as a number"
        self._fixes = {
            "destinationZipCode": 'write the CEP as text of 8 digits, such as "01415906"',
            "products": f"list the products, at least one and at most {MOST_LINES}",
            "skuId": "write the SKU as text",
            "sellerTenant": "write the seller's name in the hub as text",
            "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
            "cost": "write reais as a number, such as 99.9",
            "weight": f"write the {settings.weight_unit} of one unit as a number",
            **dict.fromkeys(("width", "height", "length"), side),
        }

    def read(self, asked: ChannelRequest) -> ChannelQuestion | ChannelReply:
        """The question that a call asks, with its seller; the excuse with an alarm where its measures are implausible.

        Raises `RequestError` naming every wrong field, `UnauthorizedError` where another seller is asked about.
        """
        body = understand(OmnikRequest, asked.body, self._fixes)
        tenant = self._tenant(body.products)
        if self._settings.check_units and (doubt := doubt_about_units(_measures(body), self._units, self._others)):
            return self.distrusted(doubt)
        place = read_place(body.destination_zip_code, "BR", FIELDS["destination"])
        lines = tuple([self._line(product) for product in body.products])
        return ChannelQuestion(self.question({"destination": place, "lines": lines}), tenant)

    def _tenant(self, products: Sequence[OmnikProduct]) -> str:
        first = products[0].seller_tenant
        if others := [*_of_others(products, first)]:
            raise RequestError(others)
        if self._settings.seller not in {None, first}:
            cause = "the call is about another seller than this channel was set up for"
            raise UnauthorizedError(Problem("products.0.sellerTenant", shown(first), cause))
        return first

    def _line(self, product: OmnikProduct) -> dict[str, Any]:
        meant, units = self._settings.cost, product.quantity if self._settings.cost == "line" else 1
        cost = None if meant == "ignored" else product.cost
        return {
            "sku": product.sku_id,
            "quantity": product.quantity,
            "declared_value": None if cost is None else {"minor": minor_units(cost, "BRL", units), "currency": "BRL"},
            **self._units.line(product.weight, _sides(product)),
        }

    def write(self, quote: Quote, question: ChannelQuestion) -> ChannelReply:
        """The reply: 200 with options, 200 with none and the message that says so, 503 where that is not certain."""
        if excuse := self.no_answer(quote):
            return excuse
        is_served, request, tenant = quote.verdict is Verdict.SERVED, question.request, str(question.call)
        assert request is not None  # noqa: S101 — every question of this channel asks for freight
        options = [self._option(option) for option in self._shown(cart_options(quote))] if is_served else []
        none = {"type": "INFO", "key": NO_OPTIONS, "text": NO_OPTIONS_TEXT, "sellerTenant": tenant}
        content = {
            "sellerTenant": tenant,
            "destinationZipCode": int(request.destination.postal_code),
            "platform": self._settings.platform,
            "quotationId": quote.id,
            "deliveryOptions": options,
            "products": [{"skuId": line.sku, "sellerTenant": tenant} for line in request.lines],
        }
        messages = [] if is_served else [none]
        reply = {"statusHttp": 200, "status": "ok", "messages": messages, "content": content}
        return self.answer(quote, OmnikReply, reply)

    def _shown(self, options: tuple[CartOption, ...]) -> tuple[CartOption, ...]:
        """What is told of the options, which come cheaper ones first."""
        if self._settings.show == "fastest":
            return tuple(sorted(options, key=lambda option: option.lead_time.max)[:1])
        return options[:1] if self._settings.show == "cheapest" else options

    def _option(self, option: CartOption) -> dict[str, Any]:
        return {
            "deliveryMethodId": option.code,
            "deliveryMethodName": option.title(self._settings.titles),
            "deliveryTime": option.lead_time.max,
            "deliveryTimeType": "bd",
            "finalShippingCost": quotient(option.price.minor, _CENTS[self._settings.price_unit], "up"),
        }

    def example(self) -> ChannelRequest:
        """A question as documented, its measures in the units of the settings, with their credentials."""
        product = {
            **EXAMPLE_PRODUCT,
            "sellerTenant": self._settings.seller or "seller-1",
            "weight": EXAMPLE_GRAMS / self._units.grams,
            **{side: length / self._units.millimetres for side, length in EXAMPLE_MILLIMETRES.items()},
        }
        place = Place.example("BR").postal_code
        body = {"originZipCode": place, "destinationZipCode": place, "products": [product]}
        return self.call("POST", body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the marketplace makes of a reply: options, that there are none, or no word of this seller."""
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read, question = OmnikReply.model_validate_json(reply.body), OmnikRequest.model_validate_json(asked.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        options = tuple([self._understood(option) for option in read.content.delivery_options])
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, options, tuple(_echo_faults(question, read)))

    def _understood(self, option: OmnikOption) -> UnderstoodOption:
        price = Money(minor=option.final_shipping_cost * _CENTS[self._settings.price_unit], currency="BRL")
        return UnderstoodOption(option.delivery_method_id, price, option.delivery_time)


def _of_others(products: Sequence[OmnikProduct], first: str) -> Iterator[Problem]:
    for number, product in enumerate(products):
        if product.seller_tenant != first:
            where, cause = f"products.{number}.sellerTenant", "is another seller than that of the first product"
            yield Problem(where, shown(product.seller_tenant), cause, "ask about one seller in a call")


def _sides(product: OmnikProduct) -> tuple[float | None, float | None, float | None]:
    return product.length, product.width, product.height


def _measures(body: OmnikRequest) -> Mapping[str, tuple[float | None, tuple[float | None, ...]]]:
    return {f"products.{number}": (product.weight, _sides(product)) for number, product in enumerate(body.products)}


def _echo_faults(question: OmnikRequest, reply: OmnikReply) -> Iterator[str]:
    content, digits = reply.content, filter(str.isdigit, str(question.destination_zip_code))
    if content.destination_zip_code != int("".join(digits) or 0):
        yield f"destinationZipCode {content.destination_zip_code} is not that of the question"
    told = [(product.sku_id, product.seller_tenant) for product in content.products]
    if told != [(product.sku_id, product.seller_tenant) for product in question.products]:
        yield "products are not those of the question"
    if {content.seller_tenant} != {tenant for _, tenant in told}:
        yield f"sellerTenant {content.seller_tenant} is not that of the products"
