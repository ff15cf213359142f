"""Via, first version: its questions read from the query, quotes told in its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, Literal
from urllib.parse import quote as url_quote

from pydantic import BaseModel

from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.composing import ComposedLine
from portes.channels.protocol import MASKED, ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.query import place_of, read_parameters
from portes.channels.understood import Understood
from portes.channels.via.settings import ViaSettings
from portes.channels.via.understood import understood
from portes.channels.via.wire import ENTRY_FIX, FIELDS, FIXES, ViaReply, ViaRequest
from portes.contract import Money, Offer, Quote, QuoteRequest, Verdict
from portes.contract.bounds import MOST_QUANTITY
from portes.contract.rounding import quotient
from portes.errors import Problem, RequestError, shown

_NO_FREIGHT: Final = "What the platform then shows is not public."


class Via(MarketplaceChannel):
    """The channel `via`, `GET /v1/{store}/via`: freight of each SKU of a cart, the cheapest."""

    Settings: ClassVar[type[ChannelSettings]] = ViaSettings
    path: ClassVar[str] = "via"
    methods: ClassVar[tuple[str, ...]] = ("GET",)
    reads: ClassVar[Literal["body", "query"]] = "query"
    request_model: ClassVar[type[BaseModel]] = ViaRequest
    response_model: ClassVar[type[BaseModel]] = ViaReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With freights, the platform shows the price and time of each SKU; with an empty list it is not delivered"
        " there.",
        401: f"What the call shows is not what is set up here. {_NO_FREIGHT}",
        413: f"More lines or units than are answered. {_NO_FREIGHT}",
        422: f"A parameter is not as documented; `errors` names each. {_NO_FREIGHT}",
        503: "It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_NO_FREIGHT}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: ViaSettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the contract knows CEPs and reais only."""
        refuse_other_countries("via", storefront, "BR", "BRL")
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question in a query; weights and sizes are the catalogue's. Raises `RequestError` naming each fault."""
        told = read_parameters(asked, FIXES, self._settings.plus)
        place = place_of(told["zipCode"], "BR", self.fields["destination"])
        return self.question({"destination": place, "lines": tuple(_lines(told["skuId"]))})

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:
        """The reply: 200 with the cheapest freight of each SKU, 200 with none, or 503 where it is not certain."""
        if unanswered := self.no_answer(quote):
            return unanswered
        is_served = quote.verdict is Verdict.SERVED
        cheapest = [min(line.offers, key=_dearness) for line in quote.lines if line.offers] if is_served else []
        if is_served and len(cheapest) != len(request.lines):
            return self.broken(quote, [f"freights: {len(cheapest)} for the {len(request.lines)} lines that were asked"])
        freights = [
            self._freight(line.sku, line.quantity, offer)
            for line, offer in zip(request.lines, cheapest, strict=False)  # where nothing is offered, none at all
        ]
        values = {"freights": freights, **(self._about(cheapest) if cheapest else {})}
        token = self._settings.seller_token
        if token is None or not cheapest:
            return self.answer(quote, ViaReply, values)
        kept = self.answer(quote, ViaReply, {**values, "sellerMpToken": MASKED})
        told = self.answer(quote, ViaReply, {**values, "sellerMpToken": token.get_secret_value()})
        return replace(told, kept=kept.body)

    def _freight(self, sku: str, quantity: int, offer: Offer) -> dict[str, Any]:
        units = quantity if self._settings.line_price == "unit" else 1
        price = Money(minor=quotient(offer.price.minor, units, "up"), currency=offer.price.currency)
        return {
            "skuIdOrigin": sku,
            "quantity": quantity,
            "freightAmount": price.amount,
            "deliveryTime": offer.lead_time.max,
            "freightType": self._settings.freight_type,
        }

    def _about(self, offers: Sequence[Offer]) -> dict[str, str]:
        """What comes back in the order: who carries, each once."""
        if self._settings.additional_info == "none":
            return {}
        by_service = self._settings.additional_info == "services"
        names = [f"{one.carrier}:{one.rate.service}" if by_service else one.carrier_name for one in offers]
        return {"freightAdditionalInfo": " + ".join(dict.fromkeys(names))}

    def example(self) -> ChannelRequest:
        """A question for two units of a SKU of the demo, with the settings' credentials."""
        return self.call("GET", query=f"skuId={url_quote('sku-1234-01,2')}&zipCode=01512651")

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest:
        """A question about another CEP and other goods."""
        entries = "|".join([f"{line.sku},{line.quantity}" for line in lines])
        return self.call("GET", query=f"skuId={url_quote(entries, safe='')}&zipCode={url_quote(code, safe='')}")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the platform shows: the price of each SKU, that it is not delivered there, or nothing."""
        return understood(asked, reply)


def _lines(text: str) -> Iterator[dict[str, Any]]:
    """The lines of `skuId`; a SKU may hold commas, since the quantity stands after the last one.

    Raises `RequestError` naming each entry that is wrong.
    """
    entries = [entry.rpartition(",") for entry in text.split("|")]
    wrong = [number for number, (sku, _, units) in enumerate(entries) if not sku or not _is_quantity(units)]
    if wrong:
        parts = text.split("|")
        cause = "is no SKU and quantity"
        raise RequestError([Problem(f"skuId.{number}", shown(parts[number]), cause, ENTRY_FIX) for number in wrong])
    yield from ({"sku": sku, "quantity": int(units)} for sku, _, units in entries)


def _is_quantity(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST_QUANTITY


def _dearness(offer: Offer) -> tuple[int, int]:
    return offer.price.minor, offer.lead_time.max
