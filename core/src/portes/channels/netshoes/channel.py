"""Netshoes and Zattini ("API de Frete"): their questions read, quotes told in their words."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Final
from urllib.parse import quote as url_quote

from pydantic import BaseModel

from portes.channels.composing import ComposedLine, composed_body
from portes.channels.credentials import Gate
from portes.channels.netshoes.settings import NetshoesSettings
from portes.channels.netshoes.wire import (
    EXAMPLE,
    FIELDS,
    LONGEST_ID,
    BrokenReplyError,
    NetshoesLine,
    NetshoesOption,
    NetshoesProduct,
    NetshoesReply,
    NetshoesRequest,
    echo,
    make_reply,
)
from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import make_question, understand, whole_up
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.channels.withholding import withheld_reply
from portes.contract import Money, Offer, Quote, QuoteLine, QuoteRequest, Verdict
from portes.contract.names import without_accents
from portes.contract.rounding import quotient
from portes.errors import Problem, RequestError, SettingsError, shown

_NO_WORD: Final = re.compile(r"[^A-Za-z0-9]+")
_CONTINGENCY: Final = "Not 200, so the marketplace sells by the imported freight table."


class Netshoes:
    """The channel `netshoes`, `POST /v1/{store}/netshoes`; one URL for all shops of the marketplace."""

    Settings: ClassVar[type[ChannelSettings]] = NetshoesSettings
    path: ClassVar[str] = "netshoes"
    request_model: ClassVar[type[BaseModel]] = NetshoesRequest
    response_model: ClassVar[type[BaseModel]] = NetshoesReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With lines, the marketplace shows these prices and times; with an empty `shippingQuotes`, it says that"
        " the goods cannot be delivered there.",
        401: f"The credentials are not those set up here. {_CONTINGENCY}",
        413: f"More lines, units or bytes than are answered. {_CONTINGENCY}",
        422: f"A field is not as documented; `errors` names each. {_CONTINGENCY}",
        503: "It could not be found out, or not in time, or not be said by the page's rules; with"
        f" `prefer_contingency` also when it might have been cheaper, with `withhold` when a type that failed is"
        f" missing. {_CONTINGENCY}",
    }

    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: NetshoesSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the page knows CEPs and centavos only."""
        _check_country(storefront)
        self._settings = settings
        self._store, self._calendar = storefront.store, storefront.calendar
        self._grouping = storefront.grouping
        self.credentials = settings.auth
        self._gate = Gate(self.credentials)
        self._texts = settings.freight_types
        self._fixes, self._most = settings.fixes, settings.most
        self._grams, self._millimetres = settings.grams, settings.millimetres

    @property
    def limit(self) -> float:
        """Seconds after which the marketplace discards the answer."""
        return self._settings.limit

    @property
    def deadline(self) -> float:
        """Seconds the engine may take."""
        return self._settings.limit - self._settings.reserve

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check the credentials on the raw headers. Raises `UnauthorizedError`."""
        self._gate.check(asked)

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks. Raises `RequestError` naming every field, `TooMuchError` above 2000 lines."""
        body = understand(NetshoesRequest, asked.body, self._fixes)
        if any(self._is_beyond(product) for product in body.products):
            raise RequestError(self._beyond(body))
        question = {
            "id": body.id if isinstance(body.id, str) and len(body.id) <= LONGEST_ID else "",
            "channel": self.path,
            "storefront": body.catalog_code,
            "store": self._store,
            "destination": {"country": "BR", "postal_code": body.zip_code},
            "lines": tuple([self._line(product) for product in body.products]),
            "currency": "BRL",
            "calendar": self._calendar,
            "grouping": self._grouping,
        }
        return make_question(question, self.fields)

    def _is_beyond(self, product: NetshoesProduct) -> bool:
        side = self._most["length"]
        return (
            product.weight > self._most["weight"]
            or product.length > side
            or product.width > side
            or product.height > side
        )

    def _beyond(self, body: NetshoesRequest) -> Iterator[Problem]:
        """Measures larger than any unit's, which depends on the units that are set, each as it was sent."""
        for number, product in enumerate(body.products):
            for field, most in self._most.items():
                value = getattr(product, field)
                if value > most:
                    where, fix = f"products.{number}.{field}", self._fixes[field]
                    yield Problem(where, shown(value), f"is more than {most}", fix)

    def _line(self, product: NetshoesProduct) -> dict[str, Any]:
        side = self._millimetres
        return {
            "sku": product.sku_code,
            "quantity": round(product.quantity),
            "weight": whole_up(product.weight, self._grams),
            "size": {
                "length": whole_up(product.length, side),
                "width": whole_up(product.width, side),
                "height": whole_up(product.height, side),
            },
            "pre_sale": product.pre_sale,
        }

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:
        """The reply: 200 with lines, 200 with an empty list, or 503 for everything that is not certain.

        The marketplace takes an answer that breaks its rules for no answer at all, without a word; such a one
        becomes 503 here, with an alarm.
        """
        verdict = self._verdict(quote)
        if verdict is Verdict.UNKNOWN:
            return _unknown(quote)
        if verdict is Verdict.SERVED and (missing := self._settings.withheld(quote, self._texts)):
            return withheld_reply(quote, missing)
        if verdict is Verdict.SERVED and self._settings.prefer_contingency and self._might_be_cheaper(quote):
            return _perhaps_dearer(quote)
        try:
            reply = self._reply(quote, request, self._lines(quote, request) if verdict is Verdict.SERVED else [])
        except BrokenReplyError as error:
            return _broken(quote, error.faults)
        return ChannelReply(200, {"content-type": "application/json"}, reply.to_json())

    def _reply(self, quote: Quote, request: QuoteRequest, lines: list[dict[str, Any]]) -> NetshoesReply:
        """The reply with these lines. Raises `BrokenReplyError` naming every rule that quote or reply breaks."""
        faults = _quote_faults(quote, request)
        try:
            body = {**echo(request), "shippingQuotes": lines}
            reply = make_reply(body, question=request, freight_types=self._texts.values())
        except BrokenReplyError as error:
            raise BrokenReplyError([*faults, *error.faults]) from None
        if faults:
            raise BrokenReplyError(faults)
        return reply

    def _verdict(self, quote: Quote) -> Verdict:
        """The verdict, narrowed to the delivery types that have a text here.

        When all offers, and all types that failures decide about, are of other types, nothing that can be said serves,
        whatever the failures would have said.
        """
        offered = {offer.delivery for line in quote.lines for offer in line.offers}
        known = offered.union(quote.uncertain)
        if not known or offered & self._texts.keys():
            return quote.verdict
        return Verdict.UNKNOWN if known & self._texts.keys() else Verdict.NOT_SERVED

    def _might_be_cheaper(self, quote: Quote) -> bool:
        """Whether a carrier failed at a delivery type that is told: it could have been the cheapest."""
        told = {offer.delivery for line in quote.lines for offer in line.offers} & self._texts.keys()
        return any(failed.delivery in told for line in quote.lines for failed in line.failures)

    def _lines(self, quote: Quote, request: QuoteRequest) -> list[dict[str, Any]]:
        # a quote with more or fewer lines than were asked is found by the checks of the whole
        return [
            {"skuCode": line.sku, "deliveryOptions": self._options(line, item.quantity)}
            for line, item in zip(quote.lines, request.lines, strict=False)
        ]

    def _options(self, line: QuoteLine, quantity: int) -> list[dict[str, Any]]:
        best: dict[str, Offer] = {}
        for offer in line.offers:
            if offer.delivery in self._texts:
                best.setdefault(self._texts[offer.delivery], offer)
        return [self._option(offer, text, quantity) for text, offer in best.items()]

    def _option(self, offer: Offer, text: str, quantity: int) -> dict[str, Any]:
        units = quantity if self._settings.line_price == "unit" else 1
        lead_time, hours = offer.lead_time, self._settings.hours_per_day
        return {
            "deliveryMinHH": lead_time.min * hours,
            "deliveryMaxHH": lead_time.max * hours,
            "freightType": text,
            "priceInCents": quotient(offer.price.minor, units, "up"),
            "carrierId": offer.carrier_id,
            "carrierName": carrier_word(offer.carrier_name, offer.carrier_id),
            "originWareHouseId": offer.origin_id,
        }

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the marketplace shows: the lines of a 200 that keeps every rule, nothing of an empty one, or its table.

        Raises `RequestError` for a 200 to a call that is no question.
        """
        if reply.status != 200:
            return Understood(ReplyEffect.FALLBACK)
        question = self.read(asked)
        try:
            read = make_reply(json.loads(reply.body), question=question, freight_types=self._texts.values())
        except BrokenReplyError as error:
            return Understood(ReplyEffect.FALLBACK, faults=tuple(error.faults))
        except ValueError as error:
            return Understood(ReplyEffect.FALLBACK, faults=(str(error),))
        if not read.shipping_quotes:
            return Understood(ReplyEffect.NOT_DELIVERED)
        lines = zip(read.shipping_quotes, question.lines, strict=True)  # as many as were asked, which was looked at
        options = [
            self._understood(line, option, item.quantity) for line, item in lines for option in line.delivery_options
        ]
        return Understood(ReplyEffect.PRICES, tuple(options))

    def _understood(self, line: NetshoesLine, option: NetshoesOption, quantity: int) -> UnderstoodOption:
        units = quantity if self._settings.line_price == "unit" else 1
        price = Money(minor=option.price_in_cents * units, currency="BRL")
        days = quotient(option.delivery_max_hh, self._settings.hours_per_day, "down")
        return UnderstoodOption(option.freight_type, price, days, line.sku_code)

    def example(self) -> ChannelRequest:
        """The question that the page prints, with the first credentials of the settings."""
        headers = {"content-type": "application/json", **self.credentials[0].headers()}
        return ChannelRequest(
            "POST", f"/v1/{url_quote(self._store, safe='')}/{self.path}", headers=headers, body=EXAMPLE
        )

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest:
        """The printed question, asking about another CEP and other goods."""
        example = self.example()
        return replace(example, body=composed_body(example.body, self.fields, code, lines))


@lru_cache(maxsize=1024)
def carrier_word(name: str, number: int) -> str:
    """A carrier's name in the letters the page allows, `[A-Za-z0-9-]`: `São João Cargas` is `Sao-Joao-Cargas`.

    A name without any such letter becomes `carrier-` and the carrier's number.
    """
    return _NO_WORD.sub("-", without_accents(name)).strip("-") or f"carrier-{number}"


def _quote_faults(quote: Quote, request: QuoteRequest) -> list[str]:
    currencies = {offer.price.currency for line in quote.lines for offer in line.offers} - {"BRL"}
    faults = [f"priceInCents: the price is in {currency}, not in BRL" for currency in sorted(currencies)]
    if quote.verdict is Verdict.SERVED and len(quote.lines) != len(request.lines):
        faults.append(f"shippingQuotes: {len(quote.lines)} lines for the {len(request.lines)} that were asked")
    return faults


def _unknown(quote: Quote) -> ChannelReply:
    detail = f"Whether and for how much these goods can be delivered could not be found out (quote {quote.id})."
    return problem(503, "Service Unavailable", detail)


def _perhaps_dearer(quote: Quote) -> ChannelReply:
    detail = f"A carrier failed that might have been cheaper than what could be offered (quote {quote.id})."
    return problem(503, "Service Unavailable", detail)


def _broken(quote: Quote, faults: list[str]) -> ChannelReply:
    detail = f"The answer cannot be said by the marketplace's rules (quote {quote.id})."
    alarm = f"quote {quote.id} breaks the page's rules: {'; '.join(faults)}"
    return problem(503, "Service Unavailable", detail, alarm=alarm)


def _check_country(storefront: Storefront) -> None:
    cause = "the channel netshoes speaks for Brazilian stores only"
    wanted = (("store.country", storefront.country, "BR"), ("store.currency", storefront.currency, "BRL"))
    wrong = [
        Problem(where, shown(value), cause, f"write {want}, or remove the channel")
        for where, value, want in wanted
        if value != want
    ]
    if wrong:
        raise SettingsError(wrong)
