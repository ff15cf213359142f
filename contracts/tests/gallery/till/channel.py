"""A sound channel: a shop's till that asks for a few things and shows every service."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, Field

from portes.channels.cart import CartOption, JsonNumber, cart_options
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings
from portes.channels.reading import ReplyModel, WireModel, minor_units, read_place, understand
from portes.channels.signatures import SignedChannel, SignedSettings
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money, Place, Quote, QuoteRequest
from portes.contract.durations import Duration, parse_duration
from portes.errors import Problem, RequestError

HINT: Final = "till-wait"
FIXES: Final = {"count": "write a whole number from 1", "each": "write the price of one in reais"}


class TillSettings(SignedSettings):
    """The settings of the channel, `[channels.till]`."""

    limit: Duration = Field(default=2.0, gt=0, description="After how long the till goes on without an answer.")


class TillItem(WireModel):
    """One thing that was put on the till."""

    sku: Annotated[str, Field(min_length=1, max_length=60)]
    count: Annotated[int, Field(ge=1, le=999)]
    grams: Annotated[int, Field(ge=1, le=30_000)]
    each: Annotated[Decimal, Field(ge=0, le=10_000)] | None = None
    """What one costs, in reais."""


class TillQuestion(WireModel):
    """What the till sends."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    to: Annotated[str, Field(max_length=20)]
    items: Annotated[list[TillItem], Field(min_length=1, max_length=50)]


class TillOffer(ReplyModel):
    """One way to have it all delivered."""

    name: str
    price: Annotated[JsonNumber, Field(ge=0, le=9_999_999)]
    days: int


class TillReply(ReplyModel):
    """What the till shows; nothing can be delivered where there is no offer."""

    offers: list[TillOffer]


class Till(SignedChannel):
    """The channel `till`."""

    Settings: ClassVar[type[ChannelSettings]] = TillSettings
    path: ClassVar[str] = "till"
    request_model: ClassVar[type[BaseModel]] = TillQuestion
    response_model: ClassVar[type[BaseModel]] = TillReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "The till shows the offers; without any it says that it is not delivered there.",
        401: "Somebody else asks.",
        413: "There is too much on the till.",
        422: "A field is wrong.",
        503: "Nobody knows; the till shows its own price.",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "destination": "to",
        "lines": "items",
        "lines.*": "items.*",
        "lines.*.sku": "items.*.sku",
        "lines.*.quantity": "items.*.count",
        "lines.*.weight": "items.*.grams",
        "lines.*.declared_value": "items.*.each",
    }

    def __init_subclass__(cls) -> None:
        """A saboteur is at the address of its name, as every channel is."""
        cls.path = cls.__module__.rpartition(".")[2]

    def within(self, asked: ChannelRequest) -> float:
        """The seconds that the till says it waits, no more than the deadline."""
        hint = asked.headers.get(HINT)
        return self.deadline if hint is None else min(self.deadline, _seconds(hint))

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question of a call."""
        told = understand(TillQuestion, asked.body, FIXES)
        try:
            place = read_place(told.to, told.country, "to")
        except RequestError as error:
            wrong = [problem.at("country" if problem.where == "country" else "to") for problem in error.problems]
            raise RequestError(wrong) from None
        return self.question({"destination": place, "lines": tuple([self.line(item) for item in told.items])})

    def line(self, item: TillItem) -> dict[str, Any]:
        """One line of it."""
        value = None if item.each is None else {"minor": minor_units(item.each, "BRL"), "currency": "BRL"}
        return {"sku": item.sku, "quantity": item.count, "weight": item.grams, "declared_value": value}

    def write(self, quote: Quote, question: Any) -> ChannelReply:
        """The reply to it."""
        return self.no_answer(quote) or self.told(quote)

    def told(self, quote: Quote) -> ChannelReply:
        """The offers of a quote."""
        return self.answer(quote, TillReply, {"offers": [self.offer(option) for option in cart_options(quote)]})

    def offer(self, option: CartOption) -> dict[str, Any]:
        """One of them."""
        return {"name": option.code, "price": option.price.amount, "days": option.lead_time.max}

    def example(self) -> ChannelRequest:
        """A question with the store's credentials."""
        place = Place.example(self._storefront.country)
        items = [{"sku": "lamp", "count": 1, "grams": 900, "each": 89.9}]
        body = json.dumps({"country": place.country, "to": place.postal_code, "items": items}).encode()
        return self.call("POST", body=body, content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the till makes of a reply."""
        if reply.status != 200:
            return Understood(ReplyEffect.FALLBACK)
        try:
            offers = json.loads(reply.body, parse_float=Decimal)["offers"]
            options = tuple([self.shown(offer) for offer in offers])
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            return Understood(ReplyEffect.FALLBACK, faults=(repr(error),))
        return Understood(ReplyEffect.PRICES if options else ReplyEffect.NOT_DELIVERED, options)

    @staticmethod
    def shown(offer: Mapping[str, Any]) -> UnderstoodOption:
        """One offer as the till shows it: to the cent."""
        return UnderstoodOption(offer["name"], Money.rounded(Decimal(offer["price"]), "BRL"), offer["days"])


def _seconds(hint: str) -> float:
    try:
        return parse_duration(hint)
    except ValueError:
        raise RequestError(Problem("headers", hint, "is no time", "write 800ms")) from None
