"""The channel that speaks the quote contract itself, for hosts in any language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import quote as url_quote

from pydantic import BaseModel, Field
from pydantic_core import to_json

from portes.channels.composing import ComposedLine, composed_body
from portes.channels.credentials import SHORTEST_KEY, BearerCredential, Gate, Key
from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import OneOrMore, understand
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.channels.withholding import WithholdingSettings, withheld_reply
from portes.contract import DeliveryType, Item, Place, Quote, QuoteRequest, Verdict
from portes.contract.base import Noun, ShortText
from portes.contract.bounds import (
    DEAREST_UNIT,
    HEAVIEST_UNIT,
    LONGEST_NAME,
    LONGEST_SIDE,
    MOST_LINES,
    MOST_NAMED,
    MOST_QUANTITY,
)
from portes.contract.durations import Duration, parse_duration
from portes.contract.money import Currency
from portes.errors import Problem, RequestError, shown

HINT: Final = "portes-deadline"
"""The header in which a caller says how long it waits: `800ms`."""

_FIELDS: Final = {
    "destination": "destination.postal_code",
    **{name: name for name in ("lines", "lines.*", "lines.*.sku", "lines.*.quantity")},
}
_FIXES: Final = {
    "lines": f"list the lines, at least one and at most {MOST_LINES}",
    "country": "write the two letters of ISO 3166-1, such as BR or ES",
    "postal_code": "write the postal code as text, without separators, leading zeros kept",
    "sku": f"write a text of 1 to {LONGEST_NAME} characters",
    "quantity": f"write a whole number from 1 to {MOST_QUANTITY}",
    "weight": f"write the grams of one unit as a whole number, {HEAVIEST_UNIT} at most",
    **dict.fromkeys(
        ("length", "width", "height"), f"write millimetres of one unit as a whole number, {LONGEST_SIDE} at most"
    ),
    "tags": f"write {MOST_NAMED} words at most, of {LONGEST_NAME} characters at most",
    "id": f"write {LONGEST_NAME} characters at most",
    "storefront": f"write {LONGEST_NAME} characters at most",
    "declared_value": "write an object with minor, whole minor units from 0, and currency",
    "minor": f"write whole minor units: 12.90 BRL are 1290; {DEAREST_UNIT} at most",
}


class NativeSettings(WithholdingSettings):
    """The settings of the channel, `[channels.native]`."""

    keys: OneOrMore[Key] = Field(
        description=f"The bearer key that callers show, of at least {SHORTEST_KEY} characters, or a list of them while"
        " one replaces another. You make it up yourself, such as with `openssl rand -base64 32`."
        " Without it the store does not start.",
    )
    limit: Duration = Field(
        default=2.0,
        gt=0,
        description="How long the engine may take at most. A caller that waits less says so in the header"
        " `Portes-Deadline`, which can only shorten it.",
    )


class NativeRequest(Noun):
    """A `QuoteRequest` without what the URL already says: channel and store."""

    id: ShortText = ""
    """The caller's own id; it may be missing or repeat."""
    storefront: ShortText = ""
    """Which of the caller's shops asks, when rules tell them apart."""
    destination: Place
    lines: Annotated[list[Item], Field(min_length=1, max_length=MOST_LINES)]
    """Duplicate SKUs are separate lines; each is answered, in order."""
    currency: Currency | None = None
    """The store's, when missing."""


class Native:
    """The channel `native`, `POST /v1/{store}/quotes`."""

    Settings: ClassVar[type[ChannelSettings]] = NativeSettings
    path: ClassVar[str] = "quotes"
    request_model: ClassVar[type[BaseModel]] = NativeRequest
    response_model: ClassVar[type[BaseModel]] = Quote
    statuses: ClassVar[Mapping[int, str]] = {
        200: "A `Quote` whose `verdict` is `served` or `not_served`: certain, to be shown to the shopper.",
        401: "The bearer key is missing or wrong.",
        413: "More lines, units or bytes than are answered.",
        422: "A field is wrong; `errors` names each.",
        503: "The `verdict` is `unknown`: a carrier that could have served did not answer; or, with `withhold`, a type"
        " of delivery that failed is missing. The member `quote` holds the whole `Quote`; ask again, or fall back to"
        " prices of your own. It never means that nothing is delivered.",
    }

    fields: ClassVar[Mapping[str, str]] = {}

    def __init__(self, settings: NativeSettings, storefront: Storefront) -> None:
        self._settings = settings
        self._storefront = storefront
        self.credentials = tuple(BearerCredential(key=key) for key in settings.keys)
        self._gate = Gate(self.credentials)

    @property
    def limit(self) -> float:
        """Seconds after which the answer is of no use."""
        return self._settings.limit

    @property
    def deadline(self) -> float:
        """Seconds the engine may take."""
        return self._settings.limit

    def within(self, asked: ChannelRequest) -> float:
        """Seconds the engine may take for this call: the caller's hint, never more than `deadline`.

        Raises `RequestError` for a hint that is no duration, or none at all.
        """
        hint = asked.headers.get(HINT)
        return self.deadline if hint is None else min(self.deadline, _seconds(hint))

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check the bearer key. Raises `UnauthorizedError`."""
        self._gate.check(asked)

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks. Raises `RequestError` naming every field, also money of a foreign currency."""
        body = understand(NativeRequest, asked.body, _FIXES)
        foreign = self._foreign(body)
        if foreign:
            raise RequestError(foreign)
        return QuoteRequest(
            id=body.id,
            channel="native",
            storefront=body.storefront,
            store=self._storefront.store,
            destination=body.destination,
            lines=tuple(body.lines),
            currency=self._storefront.currency,
            calendar=self._storefront.calendar,
            grouping=self._storefront.grouping,
        )

    def _foreign(self, body: NativeRequest) -> list[Problem]:
        named = [("currency", body.currency)] + [
            (f"lines.{index}.declared_value.currency", item.declared_value.currency)
            for index, item in enumerate(body.lines)
            if item.declared_value is not None
        ]
        ours = self._storefront.currency
        return [
            Problem(where, shown(currency), f"the store quotes in {ours}", f"write {ours}")
            for where, currency in named
            if currency not in {None, ours}
        ]

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:  # noqa: ARG002 -- the quote says everything
        """The reply: the quote as it is; an unknown or a withheld one with 503, so that nobody takes it for certain."""
        members = {"quote": quote}
        if missing := self._settings.withheld(quote, tuple(DeliveryType)):
            return withheld_reply(quote, missing, members)
        if quote.verdict is not Verdict.UNKNOWN:
            return ChannelReply(200, {"content-type": "application/json"}, to_json(quote))
        detail = "Whether and for how much these goods can be delivered could not be found out."
        return problem(503, "Service Unavailable", detail, members=members)

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the page has no rule about the question
        """What a host makes of a reply: a 200 by its verdict; prices of its own, or none, after everything else."""
        if reply.status != 200:
            return Understood(ReplyEffect.NO_FREIGHT)
        try:
            quote = Quote.model_validate_json(reply.body)
        except ValueError as error:
            return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
        if quote.verdict is Verdict.UNKNOWN:
            return Understood(ReplyEffect.NO_FREIGHT, faults=("a verdict that is not certain has status 503",))
        effect = ReplyEffect.PRICES if quote.verdict is Verdict.SERVED else ReplyEffect.NOT_DELIVERED
        options = tuple(
            [
                UnderstoodOption(
                    f"{offer.carrier}:{offer.rate.service}",
                    offer.price,
                    offer.lead_time.max,
                    line.sku,
                    offer.lead_time.latest,
                )
                for line in quote.lines
                for offer in line.offers
            ]
        )
        return Understood(effect, options)

    def example(self) -> ChannelRequest:
        """A question for one item, with the first key of the settings."""
        path = f"/v1/{url_quote(self._storefront.store, safe='')}/{self.path}"
        headers = {"content-type": "application/json", **self.credentials[0].headers()}
        return ChannelRequest("POST", path, headers=headers, body=to_json(self._question()))

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest:
        """The example, asking about another postal code and other goods."""
        example = self.example()
        return replace(example, body=composed_body(example.body, _FIELDS, code, lines))

    def _question(self) -> dict[str, Any]:
        return {
            "id": "order-1",
            "destination": Place.example(self._storefront.country),
            "lines": [
                {
                    "sku": "sku-1234-01",
                    "quantity": 1,
                    "weight": 500,
                    "size": {"length": 250, "width": 100, "height": 100},
                    "declared_value": {"minor": 12990, "currency": self._storefront.currency},
                }
            ],
        }


def _seconds(hint: str) -> float:
    try:
        seconds = parse_duration(hint)
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise RequestError(Problem(HINT, shown(hint), "is no duration above zero", "write one such as 800ms"))
    return seconds
