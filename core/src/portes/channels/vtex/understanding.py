"""What a VTEX marketplace makes of a reply, by the rules of its schema and its guide; it shares no code that writes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money
from portes.contract.money import exponent

Json = Mapping[str, Any]

_ESTIMATE: Final = re.compile(r"([0-9]+)(bd|h|m)")
_ITEM_KEYS: Final = frozenset({"id", "requestIndex", "quantity", "seller", "price", "listPrice", "priceValidUntil"}) | {
    "measurementUnit",
    "unitMultiplier",
    "merchantName",
    "offerings",
    "priceTags",
}
_STOCK_KEYS: Final = frozenset(["itemIndex", "quantity", "stockBalance", "shipsTo", "slas", "deliveryChannels"])
_SLA_KEYS: Final = frozenset(
    ["id", "name", "deliveryChannel", "price", "shippingEstimate", "availableDeliveryWindows", "pickupStoreInfo"]
)


def understood(asked: ChannelRequest, reply: ChannelReply, currency: str) -> Understood:
    """What the marketplace shows after this reply to this call, and every rule of the schema that the reply breaks.

    What it makes of a reply that breaks one is not written, so nothing of that is counted on.
    """
    if reply.status != 200:
        return Understood(ReplyEffect.NO_FREIGHT)
    try:
        question = json.loads(asked.body)  # its writer's own business: a NaN in a field that nobody reads, say
        told = orjson.loads(reply.body)
        items, stocks = list(told["items"]), list(told["logisticsInfo"])
        faults = [*_faults(question["items"], told, items, stocks)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Understood(ReplyEffect.NO_FREIGHT, faults=(f"it is not the object of the schema: {error!r}",))
    if faults:
        return Understood(ReplyEffect.NO_FREIGHT, faults=tuple(faults))
    if not items:
        return Understood(ReplyEffect.MESSAGE)
    options = tuple(_options(question["items"], stocks, currency))
    has_address = bool(question.get("postalCode") or question.get("geoCoordinates"))
    effect = ReplyEffect.NOT_DELIVERED if has_address and not options else ReplyEffect.PRICES
    return Understood(effect, options)


def _faults(asked: Sequence[Json], told: Json, items: Sequence[Json], stocks: Sequence[Json]) -> Iterator[str]:
    if items:
        yield from (f"{key} is missing" for key in ("country", "postalCode") if key not in told)
    known = {item["requestIndex"] for item in items}
    for number, item in enumerate(items):
        yield from _item_faults(f"items.{number}", item, asked)
    for number, stock in enumerate(stocks):
        where = f"logisticsInfo.{number}"
        if stock["itemIndex"] not in known:
            yield f"{where} is of an item that is not told"
        yield from _stock_faults(where, stock)
    for index in sorted(known - {stock["itemIndex"] for stock in stocks}):
        yield f"the item {index} has no logisticsInfo"


def _item_faults(where: str, item: Json, asked: Sequence[Json]) -> Iterator[str]:
    yield from _missing(where, item, _ITEM_KEYS)
    index = item["requestIndex"]
    if not _is_whole(index) or index >= len(asked):
        yield f"{where}.requestIndex is no position of the question"
        return
    for key in ("id", "seller"):
        if item[key] != asked[index][key]:
            yield f"{where}.{key} is not that of the question"
    if not _is_whole(item["quantity"]) or not 1 <= item["quantity"] <= asked[index]["quantity"]:
        yield f"{where}.quantity is not from 1 to what was asked for"
    yield from (f"{where}.{key} is not in whole cents" for key in ("price", "listPrice") if not _is_whole(item[key]))


def _stock_faults(where: str, stock: Json) -> Iterator[str]:
    yield from _missing(where, stock, _STOCK_KEYS)
    if not _is_whole(stock["stockBalance"]) or stock["stockBalance"] < stock["quantity"]:
        yield f"{where}.stockBalance is less than its quantity"
    names = [sla["name"] for sla in stock["slas"]]
    yield from (f"{where}.slas has {name} twice" for name in sorted({name for name in names if names.count(name) > 1}))
    for number, sla in enumerate(stock["slas"]):
        place = f"{where}.slas.{number}"
        yield from _missing(place, sla, _SLA_KEYS)
        if not _is_whole(sla["price"]):
            yield f"{place}.price is not in whole cents"
        if not _ESTIMATE.fullmatch(sla["shippingEstimate"]):
            yield f"{place}.shippingEstimate is no number with bd, h or m"
        if sla["deliveryChannel"] not in {"delivery", "pickup-in-point"}:
            yield f"{place}.deliveryChannel is neither delivery nor pickup-in-point"


def _missing(where: str, told: Json, keys: frozenset[str]) -> Iterator[str]:
    yield from (f"{where}.{key} is missing" for key in sorted(keys - told.keys()))


def _options(asked: Sequence[Json], stocks: Sequence[Json], currency: str) -> Iterator[UnderstoodOption]:
    for stock in stocks:
        for sla in stock["slas"]:
            estimate = _ESTIMATE.fullmatch(sla["shippingEstimate"])
            days = int(estimate[1]) if estimate is not None and estimate[2] == "bd" else None
            minor = sla["price"] * 10 ** exponent(currency) // 100
            price = Money(minor=minor, currency=currency)
            yield UnderstoodOption(sla["name"], price, days, asked[stock["itemIndex"]]["id"])


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
