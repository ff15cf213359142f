"""VTEX's fulfilment simulation: carts read, price, stock and freight told in one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel

from portes.catalogue import CatalogueEntry
from portes.channels.base import MarketplaceChannel
from portes.channels.protocol import (
    ChannelQuestion,
    ChannelReply,
    ChannelRequest,
    ChannelSettings,
    Storefront,
)
from portes.channels.reading import hundredths, read_country, read_place, understand
from portes.channels.understood import Understood
from portes.channels.vtex.settings import VtexSettings
from portes.channels.vtex.stock import GoodsInStock, in_stock, unreadable
from portes.channels.vtex.understanding import understood
from portes.channels.vtex.wire import EXAMPLE, FIELDS, FIXES, TAIL, VtexItem, VtexReply, VtexRequest
from portes.contract import Offer, Place, Quote, QuoteLine, QuoteRequest
from portes.contract.bounds import MOST_QUANTITY
from portes.contract.countries import letters_of_country
from portes.errors import Problem, RequestError, UnauthorizedError, shown

_UNAVAILABLE = "No answer, so the items are taken for unavailable."


@dataclass(frozen=True, slots=True)
class VtexCall:
    """What of a call the reply repeats."""

    items: tuple[VtexItem, ...]
    postal_code: str | None
    """As it came; None where there was no address."""
    country: str
    """Three letters: as it came, else that of the store."""
    positions: tuple[int, ...]
    """Of the items that the engine is asked about."""


class VtexChannel(MarketplaceChannel):
    """The channel `vtex`, `POST /v1/{store}/vtex/{token}/api/pvt/orderForms/simulation`."""

    Settings: ClassVar[type[ChannelSettings]] = VtexSettings
    path: ClassVar[str] = "vtex"
    tails: ClassVar[tuple[str, ...]] = (TAIL,)
    request_model: ClassVar[type[BaseModel]] = VtexRequest
    response_model: ClassVar[type[BaseModel]] = VtexReply
    statuses: ClassVar[Mapping[int, str]] = {
        200: "Items with price and stock, each with what delivers it; an item that is left out is unavailable, and one"
        " with empty `slas` is not delivered there, or was asked about without an address.",
        401: f"The address or what else is set up here is wrong, or an item is of another seller. {_UNAVAILABLE}",
        413: f"More items, units or bytes than are answered. {_UNAVAILABLE}",
        422: f"A field is not as documented, or the place is told by coordinates alone. {_UNAVAILABLE}",
        503: "Of an item it could not be found out, or not in time; with `withhold` also when a type that failed is"
        f" missing. {_UNAVAILABLE}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: VtexSettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront, settings.auth)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> ChannelQuestion:
        """The question that a call asks: of the checkout for freight too, of the storefront for the goods alone.

        Raises `RequestError` naming every field, and a place told by coordinates; `UnauthorizedError` for items of
        another seller.
        """
        told = understand(VtexRequest, asked.body, FIXES)
        self._refuse_other_sellers(told.items)
        items, skus = tuple(told.items), tuple([item.id for item in told.items])
        ours = self._storefront.country
        country = read_country(told.country, "country") if told.country else ours
        if not told.postal_code:
            if told.geo_coordinates:
                raise RequestError(_coordinates())
            return ChannelQuestion(None, VtexCall(items, None, _three_letters(country), ()), skus)
        place = read_place(told.postal_code, country, self.fields["destination"])
        call = VtexCall(items, told.postal_code, _three_letters(country), tuple(range(len(items))))
        lines = [self._line(item, min(item.quantity, MOST_QUANTITY)) for item in items]
        return ChannelQuestion(self._asked(place, lines), call, skus)

    def _refuse_other_sellers(self, items: Sequence[VtexItem]) -> None:
        ours = self._settings.seller
        wrong = [number for number, item in enumerate(items) if ours is not None and item.seller != ours]
        if wrong:
            cause = "the item is of another seller than the one that this address is for"
            raise UnauthorizedError([Problem(f"items.{number}.seller", "", cause) for number in wrong])

    @staticmethod
    def _line(item: VtexItem, quantity: int) -> dict[str, Any]:
        return {"sku": item.id, "quantity": quantity}

    def _asked(self, place: Place, lines: Sequence[Mapping[str, Any]]) -> QuoteRequest:
        return self.question({"destination": place, "lines": tuple(lines), "answered_apart": True})

    def asking(self, question: ChannelQuestion, goods: Sequence[CatalogueEntry | None]) -> ChannelQuestion:
        """The question about what can be bought: no line for an item that cannot, and no more units than there are."""
        request, call = question.request, question.call
        if request is None:
            return question
        if unreadable(question.skus, goods):
            return replace(question, request=None)
        found = in_stock(call.items, goods, split=self._storefront.split_lines)
        positions = tuple([one.position for one in found])
        lines = [self._line(one.item, one.quantity) for one in found]
        asked = self._asked(request.destination, lines) if lines else None
        return replace(question, request=asked, call=replace(call, positions=positions))

    def write(self, quote: Quote, question: object) -> ChannelReply:  # noqa: ARG002 -- whatever was asked
        """No answer, since without the catalogue nobody knows what the goods cost; it is `write_goods` that answers."""
        return self.excuse(503, f"What the goods cost is not known (quote {quote.id}).", {})

    def write_goods(
        self, quote: Quote | None, question: ChannelQuestion, goods: Sequence[CatalogueEntry | None]
    ) -> ChannelReply:
        """The reply: 200 with what can be bought and how it is delivered, or 503 where that is not certain."""
        call: VtexCall = question.call
        if unknown := unreadable(question.skus, goods):
            return self.excuse(503, f"What the goods are is not known: {'; '.join(unknown.values())}.", {})
        lines = {} if quote is None else dict(zip(call.positions, quote.lines, strict=True))
        if quote is not None and (excuse := self.no_answer(quote) or self._not_known(quote)):
            return excuse
        found = in_stock(call.items, goods, split=self._storefront.split_lines)
        return self.answer(
            quote,
            VtexReply,
            {
                "country": call.country,
                "postalCode": call.postal_code,
                "items": [self._goods(one) for one in found],
                "logisticsInfo": [self._stock(one, lines.get(one.position), call) for one in found],
            },
        )

    def _not_known(self, quote: Quote) -> ChannelReply | None:
        """The excuse where some line has nothing and a failure decides about it; None where all is known."""
        for line in quote.lines:
            if line.failures and not _to_the_door(line):
                words = f"How {shown(line.sku)} can be delivered could not be found out (quote {quote.id})."
                types = tuple(dict.fromkeys([failed.delivery for failed in line.failures]))
                return replace(self.excuse(503, words, {}), withheld=types)
        return None

    def _goods(self, one: GoodsInStock) -> dict[str, Any]:
        return {
            "id": one.item.id,
            "requestIndex": one.position,
            "quantity": one.quantity,
            "seller": one.item.seller,
            "price": hundredths(one.price),
            "listPrice": hundredths(one.list_price),
            "merchantName": self._settings.merchant_name,
        }

    def _stock(self, one: GoodsInStock, line: QuoteLine | None, call: VtexCall) -> dict[str, Any]:
        balance = max(one.quantity, self._settings.uncounted_stock) if one.balance is None else one.balance
        slas = [] if line is None else [self._delivery(offer) for offer in _to_the_door(line)]
        countries = [_three_letters(self._storefront.country), *([call.country] if slas else [])]
        return {
            "itemIndex": one.position,
            "quantity": one.quantity,
            "stockBalance": balance,
            "shipsTo": [*dict.fromkeys(countries)],
            "slas": slas,
            "deliveryChannels": [{"id": "delivery", "stockBalance": balance}],
        }

    def _delivery(self, offer: Offer) -> dict[str, Any]:
        name = self._settings.slas.of(offer.delivery)
        return {
            "id": name,
            "name": name,
            "price": hundredths(offer.price),
            "shippingEstimate": f"{offer.lead_time.max}bd",
        }

    def example(self) -> ChannelRequest:
        """The question of a checkout that the page prints, for a place of the store's country."""
        place = Place.example(self._storefront.country)
        seller = self._settings.seller or EXAMPLE["items"][0]["seller"]
        items = [{**item, "seller": seller} for item in EXAMPLE["items"]]
        body = {"items": items, "postalCode": place.postal_code, "country": _three_letters(place.country)}
        return self.call("POST", tail=TAIL, body=orjson.dumps(body), content_type="application/json")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the marketplace makes of a reply by the rules of its schema."""
        return understood(asked, reply, self._storefront.currency)


def _to_the_door(line: QuoteLine) -> Sequence[Offer]:
    """The best offer of each delivery type that is brought to the shopper, and not fetched at a pick-up point."""
    best: dict[Any, Offer] = {}
    for offer in line.offers:
        if not offer.pickup_points and not any(part.rate.pickup_points for part in offer.parts):
            best.setdefault(offer.delivery, offer)
    return tuple(best.values())


def _three_letters(country: str) -> str:
    """The three letters of ISO 3166-1 of a country by its two."""
    return max(letters_of_country(country), key=len)


def _coordinates() -> Problem:
    return Problem(
        "geoCoordinates",
        "",
        "tells the place by coordinates alone, and freight is priced by postal code",
        "send postalCode and country; the marketplace must not be set up for geolocation",
    )
