"""BigCommerce's shipping provider: its questions read, quotes told in its words, entered keys checked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.bigcommerce.settings import BigcommerceSettings
from portes.channels.bigcommerce.wire import (
    EXAMPLE,
    FIELDS,
    FIXES,
    GRAMS,
    LONGEST_MESSAGE,
    MILLIMETRES,
    MOST_TRANSIT,
    WHOLE_CODE,
    BigcommerceAnswer,
    BigcommerceCheck,
    BigcommerceChecked,
    BigcommerceItem,
    BigcommerceOptions,
    BigcommerceQuestion,
    BigcommerceReply,
    BigcommerceRequest,
)
from portes.channels.body_keys import BodyKey, BodyKeyChannel
from portes.channels.cart import CartOption, cart_options
from portes.channels.credentials import check_store_id
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import decimal_up, minor_units, read_country, read_place, understand
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest
from portes.errors import Problem, RequestError, UnauthorizedError, cut, shown

_NONE: Final = "No rate of this carrier is shown."
_ENTERED: Final = "connection_options"
_RATE: Final = "/rate"
_CHECK: Final = "/check_connection_options"
_JSON: Final = {"content-type": "application/json"}
_NO_QUOTE: Final = "none"


class Bigcommerce(BodyKeyChannel):
    """The channel `bigcommerce`, `POST /v1/{store}/bigcommerce/rate`, and beside it `/check_connection_options`."""

    Settings: ClassVar[type[ChannelSettings]] = BigcommerceSettings
    path: ClassVar[str] = "bigcommerce"
    tails: ClassVar[tuple[str, ...]] = (_RATE, _CHECK)
    request_model: ClassVar[type[BaseModel]] = BigcommerceQuestion
    response_model: ClassVar[type[BaseModel]] = BigcommerceAnswer
    excuse_model: ClassVar[type[BaseModel] | None] = BigcommerceReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With `carrier_quotes`, the shopper chooses among them; with an empty list, none is available. Of a check,"
        " whether what the shop entered is right.",
        401: f"The key among the connection options, the token of the address or the store is another one. {_NONE}",
        413: f"More items, units or bytes than are answered. {_NONE}",
        422: f"A field is not as documented, in another currency, or only the beginning of a postal code; `messages`"
        f" name each. {_NONE}",
        503: f"It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_NONE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: BigcommerceSettings, storefront: Storefront) -> None:
        keys = settings.connection_key
        key = None if keys is None else BodyKey((_ENTERED, settings.connection_key_name), keys)
        super().__init__(settings, storefront, settings.auth, key)
        self._settings = settings

    def verify(self, asked: ChannelRequest) -> None:
        """Check the key among the connection options; a check of these is answered, and not refused, where it is wrong.

        Raises `UnauthorizedError`.
        """
        if asked.tail != _CHECK:
            super().verify(asked)

    def read(self, asked: ChannelRequest) -> QuoteRequest | ChannelReply:
        """The question that a call asks, or the reply to a check of the connection options.

        Raises `RequestError` naming every field, also another currency; `UnauthorizedError` for another store.
        """
        if asked.tail == _CHECK:
            return self._checked(asked)
        options = understand(BigcommerceRequest, asked.body, FIXES).base_options
        check_store_id(self._settings.store_id, options.store_id, "base_options.store_id")
        if foreign := list(self._foreign_values(options)):
            raise RequestError(foreign)
        place = _place(options, self.fields["destination"])
        return self.question({"destination": place, "lines": tuple([self._line(item) for item in options.items])})

    def _checked(self, asked: ChannelRequest) -> ChannelReply:
        understand(BigcommerceCheck, asked.body, {_ENTERED: "write an object of the options that the shop entered"})
        is_valid = self._key is None or self._key.stands_in(asked.body)
        text = f"{self._settings.connection_key_name} is missing, or not the key that is set up for this store"
        messages = [] if is_valid else [_error(text)]
        return ChannelReply(
            200, _JSON, BigcommerceChecked.model_validate({"valid": is_valid, "messages": messages}).to_json()
        )

    def _foreign_values(self, options: BigcommerceOptions) -> Iterator[Problem]:
        for number, item in enumerate(options.items):
            where = f"base_options.items.{number}.declared_value.currency"
            value = item.declared_value
            if value is not None and (problem := self.foreign(where, value.currency)) is not None:
                yield problem

    def _line(self, item: BigcommerceItem) -> dict[str, Any]:
        asked, weight, value = self._settings, item.weight, item.declared_value
        weighed = item.quantity if asked.item_weight == "line" else 1
        valued = item.quantity if asked.item_value == "line" else 1
        return {
            "sku": self._sku(item),
            "quantity": item.quantity,
            "weight": decimal_up(weight.value, GRAMS[weight.units], weighed) if weight and weight.value else None,
            "size": _size(item),
            "declared_value": value
            and Money(minor=minor_units(value.amount, value.currency, valued), currency=value.currency),
        }

    def _sku(self, item: BigcommerceItem) -> str:
        if self._settings.sku == "product_id":
            return str(item.product_id or "")
        return (item.sku if self._settings.sku == "sku" else "") or str(item.variant_id or "")

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: 200 with rates, 200 without any, or 503 for everything that is not certain."""
        ttl = self._settings.ttl
        values = {
            "quote_id": quote.id,
            "messages": [],
            "carrier_quotes": self._by_carrier(quote),
            "ttl": None if ttl is None else int(ttl),
        }
        return self.no_answer(quote) or self.answer(quote, BigcommerceReply, values)

    def _by_carrier(self, quote: Quote) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for number, option in enumerate(cart_options(quote), 1):
            code = "+".join(dict.fromkeys(offer.carrier for offer in option.offers))
            info = {"code": code, "display_name": option.carriers}
            found.setdefault(code, {"carrier_info": info, "quotes": []})["quotes"].append(
                self._told(option, f"{quote.id}-{number}")
            )
        return list(found.values())

    def _told(self, option: CartOption, rate_id: str) -> dict[str, Any]:
        days = max(1, option.lead_time.max)
        is_told = self._settings.transit_times and days <= MOST_TRANSIT
        return {
            "code": option.code,
            "display_name": option.title(self._settings.titles),
            "cost": {"currency": option.price.currency, "amount": option.price.amount},
            "rate_id": rate_id,
            "transit_time": {"units": "BUSINESS_DAYS", "duration": days} if is_told else None,
        }

    def refuse(self, error: RequestError) -> ChannelReply:
        """The status that it has everywhere, with a message of type ERROR for each wrong field."""
        is_stranger = isinstance(error, UnauthorizedError)
        texts = [each.cause if is_stranger else _words(each) for each in error.problems]
        return _failed(super().refuse(error), texts)

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        """The status, with a message of type ERROR, which the platform documents for failures."""
        return _failed(super().excuse(status, detail, headers), [detail])

    def example(self) -> ChannelRequest:
        """The question that the page prints, for a place of the store's country, with the settings' credentials."""
        front, asked, options = self._storefront, self._settings, EXAMPLE["base_options"]
        place = Place.example(front.country)
        (item,) = options["items"]
        body = {
            **EXAMPLE,
            "base_options": {
                **options,
                "destination": options["destination"] | {"zip": place.postal_code, "country_iso2": place.country},
                "items": [{**item, "declared_value": {"currency": front.currency, "amount": "10"}}],
                "store_id": asked.store_id or options["store_id"],
            },
            _ENTERED: {} if self._key is None else {asked.connection_key_name: self._key.held()},
        }
        return self.call("POST", tail=_RATE, body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the shop shows: quotes from the lowest price to the highest, or none of this carrier."""
        if reply.status != 200 or asked.tail == _CHECK:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            read = BigcommerceReply.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        options: list[UnderstoodOption] = []
        for quote in [quote for those in read.carrier_quotes for quote in those.quotes]:
            transit = quote.transit_time
            days = transit.duration if transit is not None and transit.units == "BUSINESS_DAYS" else None
            options.append(UnderstoodOption(quote.code, Money.of(quote.cost.amount, quote.cost.currency), days))
        if not options and any(message.type == "ERROR" for message in read.messages):
            return Understood(ReplyEffect.NO_FREIGHT)
        effect = ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED
        return Understood(effect, tuple(sorted(options, key=lambda option: option.price.minor)))


def _place(options: BigcommerceOptions, where: str) -> Place:
    """The destination. Raises `RequestError`, also for the first signs of a postal code, of which nothing can be said.

    To look such a code up would find nothing, and would tell the shopper that nothing is delivered there.
    """
    address = options.destination
    country = read_country(address.country_iso2, "base_options.destination.country_iso2")
    place = read_place(address.zip, country, where)
    least = WHOLE_CODE.get(country, 0)
    if len(place.postal_code) < least:
        cause = f"is only the beginning of a postal code of {country}, as digital wallets send it"
        raise RequestError(
            Problem(where, shown(address.zip), cause, f"ask again with all of it, {least} signs or more")
        )
    return place


def _size(item: BigcommerceItem) -> dict[str, int] | None:
    """Whole millimetres; None where a side is not told, or is 0."""
    sides = {"length": item.length, "width": item.width, "height": item.height}
    told = {name: side for name, side in sides.items() if side is not None and side.value}
    if len(told) < len(sides):
        return None
    return {name: decimal_up(side.value, MILLIMETRES[side.units]) for name, side in told.items()}


def _failed(reply: ChannelReply, texts: list[str]) -> ChannelReply:
    """The same status and headers with a body of the platform's form."""
    values = {"quote_id": _NO_QUOTE, "messages": [_error(text) for text in texts], "carrier_quotes": []}
    body = BigcommerceReply.model_validate(values).to_json()
    return replace(reply, headers={**reply.headers, **_JSON}, body=body)


def _error(text: str) -> dict[str, str]:
    return {"text": cut(text, LONGEST_MESSAGE), "type": "ERROR"}


def _words(problem: Problem) -> str:
    fix = f"; {problem.fix}" if problem.fix else ""
    return f"{problem.where}: {problem.value} {problem.cause}{fix}"
