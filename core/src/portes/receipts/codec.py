"""Receipts as bytes and back: a line of JSON each, many lines a page; it knows no database and no clock."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol

import orjson

from portes.contract import Answer, Quote, QuoteRequest, Shipment
from portes.receipts.receipt import Receipt

Told = tuple[str, Shipment, Answer, Answer | None, float]
"""What one carrier said, as the engine tells it: its key, the shipment, the answer as it came, the answer that was
decided on (None for a fallback), and the seconds its call took."""

Replied = tuple[int, bytes, float]
"""What a channel made of a quote: status, body, and the seconds from the call to it."""

_fields: Final = attrgetter("__dict__")


class Quoted(Protocol):
    """One quote and all it was made of, as the engine tells it."""

    @property
    def request(self) -> QuoteRequest:
        """The question."""
        ...

    @property
    def moment(self) -> datetime:
        """When it was asked, aware."""
        ...

    @property
    def heard(self) -> Sequence[Told]:
        """All that carriers said."""
        ...

    @property
    def quote(self) -> Quote:
        """The decision."""
        ...

    @property
    def seconds(self) -> float:
        """From the question to the decision."""
        ...


class Entry(NamedTuple):
    """One receipt, ready to be written."""

    id: str
    asked: str
    """The asker's own id; empty when there was none."""
    moment: datetime
    """When it was asked, aware."""
    line: bytes


def entry(store: str, quoted: Quoted, replied: Replied | None) -> Entry:
    """Turn a quote into a line. Raises `TypeError` for a text that is no UTF-8 and a number of more than 64 bits.

    Every answer pays for this with its share of time. pydantic's own writer looks at every field's type, which nouns
    that were validated do not need; told that a noun is the dictionary of its fields, orjson takes a third as long.
    """
    quote, request = quoted.quote, quoted.request
    shipments: dict[int, tuple[int, Shipment]] = {}
    heard: list[dict[str, Any]] = []
    for carrier, shipment, came, decided, seconds in quoted.heard:
        position, _ = shipments.setdefault(id(shipment), (len(shipments), shipment))
        said = {"carrier": carrier, "shipment": position, "came": came, "seconds": round(seconds, 6)}
        if decided is None:
            said["fallback_only"] = True
        elif decided is not came:
            said["covered"] = decided
        heard.append(said)
    kept = {
        "store": store,
        "moment": quoted.moment,
        "request": request,
        "shipments": [shipment for _, shipment in shipments.values()],
        "heard": heard,
        "quote": quote,
        "seconds": round(quoted.seconds, 6),
    }
    if replied is not None:
        status, body, seconds = replied
        kept["reply"] = {"status": status, "body": body.decode("utf-8", "replace"), "seconds": round(seconds, 6)}
    return Entry(quote.id, request.id, quoted.moment, orjson.dumps(kept, _fields))


def packed(lines: Sequence[bytes]) -> bytes:
    """A page: receipts resemble each other, so together they take a fraction of their room."""
    return zlib.compress(b"\n".join(lines), 1)


def receipt(page: bytes, place: int, versions: str) -> Receipt:
    """One receipt of a page, by its place on it; `versions` is the JSON that was kept apart.

    Raises `ValueError` for what is no page, and for a receipt that an other version of the product wrote differently.
    """
    line = zlib.decompress(page).split(b"\n")[place]
    return Receipt.model_validate_json(b'%s,"versions":%s}' % (line[:-1], versions.encode()))
