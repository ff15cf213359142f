"""Mercado Livre's dynamic freight of ME1: its questions read, quotes told in its words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar, Final

import orjson
from pydantic import BaseModel

from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.composing import ComposedLine
from portes.channels.mercado_livre.settings import MercadoLivreSettings
from portes.channels.mercado_livre.understood import understood
from portes.channels.mercado_livre.wire import (
    EXAMPLE,
    FIELDS,
    FIXES,
    INTERNAL,
    INVALID_DESTINATION,
    MILLIMETRES,
    NOT_COVERED,
    OUT_OF_STOCK,
    PRODUCT_NOT_FOUND,
    MercadoLivreItem,
    MercadoLivrePiece,
    MercadoLivreProblem,
    MercadoLivreReply,
    MercadoLivreRequest,
)
from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelQuestion, ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import minor_units, read_place, understand, whole_up
from portes.channels.understood import Understood
from portes.contract import Quote, Verdict
from portes.errors import Problem, RequestError, UnauthorizedError, shown

_UNKNOWN_SKU: Final = ("unknown_sku", "the SKU is not in the store's catalogue")
"""The code of a SKU that the catalogue lacks, and what a failure says of it that has no code."""
_SHEET: Final = "The marketplace sells by its contingency sheet."
_LONGEST_MESSAGE: Final = 500


class MercadoLivre(MarketplaceChannel):
    """The channel `mercado-livre`, `GET` and `POST /v1/{store}/mercado-livre`, both with a body."""

    Settings: ClassVar[type[ChannelSettings]] = MercadoLivreSettings
    path: ClassVar[str] = "mercado-livre"
    methods: ClassVar[tuple[str, ...]] = ("GET", "POST")
    request_model: ClassVar[type[BaseModel]] = MercadoLivreRequest
    response_model: ClassVar[type[BaseModel]] = MercadoLivreReply
    excuse_model: ClassVar[type[BaseModel] | None] = MercadoLivreProblem
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With packages: the marketplace shows these prices and times, and may keep them as `Cache-Control` says.",
        304: "To GET: the answer that the caller has, by its `ETag`, still holds.",
        400: "`error_code` 3: it cannot be delivered there. The buyer is told so, and no sheet is used.",
        401: f"What the call shows is not what is set up here, or it is for another seller. {_SHEET}",
        500: "`error_code` says why: 1 out of stock, 2 an invalid destination, of which the buyer is told, 4 a SKU that"
        " the catalogue lacks, -1 everything else: it could not be found out, or not in time, a field is not as"
        " documented, more was asked than is answered, or with `withhold` a type that failed is missing. At -1:"
        f" {_SHEET}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: MercadoLivreSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: elsewhere calls name a commune and no postal code."""
        refuse_other_countries("mercado-livre", storefront, "BR", "BRL")
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> ChannelQuestion:
        """The question that a call asks, of one piece: all units as the marketplace has consolidated them.

        Raises `RequestError` naming every field, `UnauthorizedError` for another seller.
        """
        body = understand(MercadoLivreRequest, asked.body, FIXES)
        ours = self._settings.seller_id
        if ours is not None and str(body.seller_id) != ours:
            cause = "the call is for another seller than this channel was set up for"
            raise UnauthorizedError(Problem("seller_id", shown(body.seller_id), cause))
        if body.destination.type != "zipcode":
            cause = "is no kind of destination in Brazil, where freight goes by postal codes"
            fix = 'write "zipcode", and the CEP as value'
            raise RequestError(Problem("destination.type", shown(body.destination.type), cause, fix))
        place = read_place(body.destination.value, "BR", self.fields["destination"])
        line = self._line(body.items[0], body.declared_value)
        return ChannelQuestion(self.question({"destination": place, "lines": (line,)}), body)

    def _line(self, item: MercadoLivreItem, value: Decimal | None) -> dict[str, Any]:
        """One piece that holds all units: neither measures nor value are multiplied again."""
        declared, size, currency = item.price if value is None else value, item.dimensions, self._storefront.currency
        line = {
            "sku": item.SKU,
            "quantity": 1,
            "consolidated": item.quantity,
            "weight": whole_up(size.weight, 1) or None,
            "size": _size(size),
        }
        if declared is not None:
            line["declared_value"] = {"minor": minor_units(declared, currency), "currency": currency}
        return line

    def write(self, quote: Quote, question: ChannelQuestion) -> ChannelReply:
        """The reply: 200 with packages, 400 for what is not covered, or 500 with the code of why."""
        code = _code(quote)
        if code is not None:
            return self._problem(code, f"{_MEANINGS[code]} (quote {quote.id})", is_answer=True)
        return self.no_answer(quote) or self._answer(quote, question.call)

    def _answer(self, quote: Quote, asked: MercadoLivreRequest) -> ChannelReply:
        item = asked.items[0]
        dimensions = {name: _as_sent(value) for name, value in item.dimensions}
        packed = {
            "id": item.id,
            "variation_id": item.variation_id,
            "quantity": item.quantity,
            "dimensions": dimensions,
        }
        package = {"dimensions": dimensions, "items": [packed], "quotations": self._quotations(quote)}
        values = {"destinations": [asked.destination.value], "packages": [package]}
        reply = self.answer(quote, MercadoLivreReply, values)
        if reply.status != 200:
            return reply
        seconds = int(self._settings.max_age)
        headers = {
            "cache-control": f"private, max-age={seconds}" if seconds else "no-store",
            "age": "0",
            "etag": f'"{sha256(reply.body).hexdigest()[:32]}"',
        }
        return replace(reply, headers={**reply.headers, **headers})

    def _quotations(self, quote: Quote) -> list[dict[str, Any]]:
        """One of each delivery type, its cheapest."""
        best: dict[str, CartOption] = {}
        for option in cart_options(quote):
            best.setdefault(option.delivery, option)
        return [
            {
                "price": option.price.amount,
                "handling_time": option.handling_days,
                "shipping_time": option.transit_days,
                "promise": option.lead_time.max,
                "service": int(self._settings.services.of(option.delivery)),
            }
            for option in best.values()
        ]

    def refuse(self, error: RequestError) -> ChannelReply:
        """500 with -1, with 2 where only the destination is wrong; 401 for credentials and another seller."""
        told = "; ".join([f"{each.where}: {each.cause}" for each in error.problems])
        if isinstance(error, UnauthorizedError):
            challenge = {"www-authenticate": error.challenge} if isinstance(error, ChallengedError) else {}
            return replace(self._problem(INTERNAL, told, challenge), status=401)
        if {each.where for each in error.problems} == {self.fields["destination"]}:
            return self._problem(INVALID_DESTINATION, told, is_answer=True)
        return self._problem(INTERNAL, told)

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:  # noqa: ARG002 -- the page has one status for it
        """500 with the code -1, at which the marketplace sells by its sheet."""
        return self._problem(INTERNAL, detail, headers)

    def _problem(
        self, code: int, message: str, headers: Mapping[str, str] | None = None, *, is_answer: bool | None = None
    ) -> ChannelReply:
        body = MercadoLivreProblem.model_validate({"message": message[:_LONGEST_MESSAGE], "error_code": code}).to_json()
        named = {"content-type": self.media_type, "cache-control": "no-store", **(headers or {})}
        return ChannelReply(400 if code == NOT_COVERED else 500, named, body, is_answer=is_answer)

    def example(self) -> ChannelRequest:
        """The question that the page prints, by GET, with the settings' credentials and seller."""
        seller = self._settings.seller_id
        body = EXAMPLE if seller is None else {**EXAMPLE, "seller_id": int(seller)}
        return self.call("GET", body=orjson.dumps(body), content_type="application/json")

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest | None:
        """The example, asking about another place and another thing; None for several, which no call is about."""
        return super().composed(code, lines) if len(lines) == 1 else None

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the buyer sees: prices, that it is not delivered there, a message, or the prices of the sheet."""
        return understood(asked, reply)


_MEANINGS: Final = {
    OUT_OF_STOCK: "no origin has as many units",
    NOT_COVERED: "the goods are not delivered there",
    PRODUCT_NOT_FOUND: "the SKU is not in the store's catalogue",
}


def _code(quote: Quote) -> int | None:
    """The code of a fact that a quote states; None where it has offers, or nobody could find out."""
    said = {(no.refusal.code, no.refusal.text) for line in quote.lines for no in line.refusals if no.origin_id == 0}
    if quote.verdict is Verdict.SERVED:
        return None
    failures = [one.failure for line in quote.lines for one in line.failures if one.origin_id == 0]
    said |= {(getattr(failure, "code", ""), failure.hint) for failure in failures}
    if any(code == _UNKNOWN_SKU[0] or hint == _UNKNOWN_SKU[1] for code, hint in said):
        return PRODUCT_NOT_FOUND
    if quote.verdict is Verdict.UNKNOWN:
        return None
    return OUT_OF_STOCK if any(code == "out_of_stock" for code, _ in said) else NOT_COVERED


def _size(size: MercadoLivrePiece) -> dict[str, int] | None:
    """The sides in millimetres; None where one is zero, and the catalogue has to tell them."""
    sides = {side: whole_up(getattr(size, side), MILLIMETRES) for side in ("length", "width", "height")}
    return sides if all(sides.values()) else None


def _as_sent(number: float) -> int | float:
    """A measure as the platform writes it: 10 and not 10.0."""
    return int(number) if number.is_integer() else number
