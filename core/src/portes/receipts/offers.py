"""What receipts say was offered live, read quickly: a million of them in a minute, so no noun is made of any."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

Json = Mapping[str, Any]

FREE: Final = "made free by a rule of the cart, so that its price is not known"
FALLBACK: Final = "priced by a fallback, since the carrier failed"
REMEMBERED: Final = "priced from memory in place of a failure"
SPLIT: Final = "offered from several origins at once, which is not one lane"
UNSERVED: Final = "not served, or not known: nothing was offered"
"""Why what was asked is not compared with a table."""


class OfferedLane(NamedTuple):
    """What a shopper was offered live for lines that travel together, by one delivery type."""

    country: str
    postal_code: str
    """Canonical text, of the destination."""
    origin: str
    """Postal code that they leave from; empty where it lies in another country, or nobody knows."""
    delivery: str
    """A delivery type's value: `normal`."""
    price: int
    """The lowest one before the marketplace, in minor units: for all of the lines, the shop's rules applied."""
    currency: str
    weight: int
    """Grams of all units."""
    volume: int
    """Cubic millimetres of all units."""
    value: int | None
    """Declared value of all units, in minor units, as asked or else as the catalogue says; None when any has none."""
    units: int


class OfferedQuote(NamedTuple):
    """What a receipt tells of a quote: what was offered, and what became of the answer."""

    moment: datetime
    channel: str
    status: int | None
    """The HTTP status of the reply; None when there was none."""
    seconds: float
    """From the call to the reply, or to the decision where there was none."""
    request: Json
    """The question, as JSON of a `QuoteRequest`."""
    lanes: Sequence[OfferedLane]
    left_out: Sequence[str]
    """Why something that was asked is in no lane, once for each."""


def offered_quote(line: bytes, *, free_counts: bool = False) -> OfferedQuote:
    """What a receipt's line tells; what a rule made free is left out unless it counts as a price of 0.

    Raises `ValueError` for a line that another version of the product wrote.
    """
    try:
        return quoted(orjson.loads(line), free_counts=free_counts)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"is no receipt of this version: {error!r}") from None


def quoted(kept: Json, *, free_counts: bool = False) -> OfferedQuote:
    """What the JSON of a `Receipt` tells; its `versions` are not needed."""
    lanes: list[OfferedLane] = []
    left_out: list[str] = []
    quote, request = kept["quote"], kept["request"]
    if quote["verdict"] == "served":
        shipments = [(_lines_in(shipment), shipment) for shipment in kept["shipments"]]
        replaced = _replaced(kept, [lines for lines, _ in shipments])
        places = {shipment["origin"]["id"]: shipment["origin"]["place"] for _, shipment in shipments}
        for lines, shipment in _apart(shipments, len(request["lines"])):
            offered = [quote["lines"][line]["offers"] for line in lines]
            goods, currency = _goods(lines, request, shipment), quote["currency"]
            for delivery, found in _by_type(offered, lines, replaced, free_counts=free_counts):
                if isinstance(found, str):
                    left_out.append(found)
                else:
                    price, left = found
                    country, code, origin = _place(places.get(left), request)
                    lanes.append(OfferedLane(country, code, origin, delivery, price, currency, *goods))
    else:
        left_out.append(UNSERVED)
    reply = kept.get("reply")
    status, seconds = (None, kept["seconds"]) if reply is None else (reply["status"], reply["seconds"])
    moment = datetime.fromisoformat(kept["moment"])
    return OfferedQuote(moment, request["channel"], status, seconds, request, lanes, left_out)


_Lines = tuple[int, ...]
"""Positions of request lines, in order."""


def _lines_in(shipment: Json) -> _Lines:
    parcels = shipment["parcels"]
    if len(parcels) == 1:
        return tuple(parcels[0]["lines"])
    return tuple(sorted({line for parcel in parcels for line in parcel["lines"]}))


def _apart(shipments: Sequence[tuple[_Lines, Json]], count: int) -> Iterator[tuple[_Lines, Json | None]]:
    """Lines that travel together, once however many carriers packed them; each line alone where nobody tells."""
    if count == 1:
        yield (0,), shipments[0][1] if shipments else None
        return
    seen: set[int] = set()
    for lines, shipment in shipments:
        if lines and seen.isdisjoint(lines):
            seen.update(lines)
            yield lines, shipment
    for line in range(count):
        if line not in seen:
            yield (line,), None


def _place(left: Json | None, request: Json) -> tuple[str, str, str]:
    """Country and postal code of the destination, and the origin's postal code in that country."""
    place = request["destination"]
    origin = left["postal_code"] if left and left["country"] == place["country"] else ""
    return place["country"], place["postal_code"], origin


def _goods(lines: _Lines, request: Json, shipment: Json | None) -> tuple[int, int, int | None, int]:
    """Weight, volume, declared value and units of some lines together.

    A marketplace that states no value has that of the store's catalogue, with which the lines were packed.
    """
    weight = volume = units = 0
    value: int | None = 0
    for line in lines:
        item = request["lines"][line]
        quantity, size, worth = item["quantity"], item["size"], item["declared_value"]
        weight += quantity * item["weight"]
        volume += quantity * size["length"] * size["width"] * size["height"]
        units += quantity
        value = None if value is None or worth is None else value + quantity * worth["minor"]
    return weight, volume, _packed_value(shipment) if value is None and shipment else value, units


def _packed_value(shipment: Json) -> int | None:
    """The declared value of all parcels in minor units; None when any has none."""
    worths = [(parcel["value"], parcel["count"]) for parcel in shipment["parcels"]]
    return None if any(worth is None for worth, _ in worths) else sum(worth["minor"] * many for worth, many in worths)


_Replaced = frozenset[tuple[str, str, int, int]]


def _replaced(kept: Json, lines_of: Sequence[_Lines]) -> _Replaced:
    """The carrier, service, origin and line of each failure that memory or a fallback stands for."""
    origins = [shipment["origin"]["id"] for shipment in kept["shipments"]]
    return frozenset(
        (answer["carrier"], failure["service"], origins[answer["shipment"]], line)
        for answer in kept["answers"]
        if answer.get("covered")
        for failure in answer["raw"]["failures"]
        for line in lines_of[answer["shipment"]] or (0,)
    )


_Offered = tuple[str, str, str, int]
"""Delivery type, carrier, service and origin of offers that make up one."""


def _by_type(
    offered: Sequence[Sequence[Json]], lines: _Lines, replaced: _Replaced, *, free_counts: bool
) -> Iterator[tuple[str, tuple[int, int] | str]]:
    """Each delivery type with its lowest live price over all lines together and its origin, or why it is not known."""
    sums: dict[_Offered, tuple[int, int]] = {}
    sources: dict[_Offered, str] = {}
    freed: set[str] = set()
    origins: dict[str, set[int]] = {}
    for line, offers in zip(lines, offered, strict=True):
        for offer in offers:
            rate, price = offer["rate"], offer["price"]["minor"]
            key = offer["delivery"], offer["carrier"], rate["service"], offer["origin_id"]
            count, total = sums.get(key, (0, 0))
            sums[key] = count + 1, total + price
            origins.setdefault(key[0], {key[3]}).update(part["origin_id"] for part in (offer, *offer.get("parts", ())))
            if rate["source"] == "fallback":
                sources[key] = FALLBACK
            elif rate["source"] == "cache" and (*key[1:], line) in replaced:
                sources[key] = REMEMBERED
            if not free_counts and not price and rate["cost"]["minor"]:
                freed.add(key[0])
    lowest: dict[str, tuple[int, _Offered]] = {}
    for key, (count, total) in sums.items():
        if count == len(lines) and (key[0] not in lowest or total < lowest[key[0]][0]):
            lowest[key[0]] = total, key
    yield from ((delivery, SPLIT) for delivery, left in origins.items() if len(left) > 1)
    for delivery, (total, key) in lowest.items():
        if len(origins[delivery]) == 1:
            yield delivery, FREE if delivery in freed else sources.get(key, (total, key[3]))
