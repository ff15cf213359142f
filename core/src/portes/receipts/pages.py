"""Receipts as bytes and back: a line of JSON each, many lines a page; it knows no database and no clock."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic_core import to_json

from portes.contract import Answer, Quote, QuoteRequest, Shipment
from portes.receipts.receipt import Receipt


class Told(Protocol):
    """What one carrier said, as the engine tells it."""

    @property
    def carrier(self) -> str:
        """Its key in the settings."""
        ...

    @property
    def shipment(self) -> Shipment:
        """Of what."""
        ...

    @property
    def came(self) -> Answer:
        """As the carrier said it."""
        ...

    @property
    def decided(self) -> Answer | None:
        """What was decided on; None for a stand-in."""
        ...

    @property
    def seconds(self) -> float:
        """How long its call took."""
        ...


class Quoted(Protocol):
    """One quote and all it was made of, as the engine tells it."""

    @property
    def request(self) -> QuoteRequest:
        """What was asked."""
        ...

    @property
    def moment(self) -> datetime:
        """When, aware."""
        ...

    @property
    def heard(self) -> Sequence[Told]:
        """What the carriers said."""
        ...

    @property
    def quote(self) -> Quote:
        """What was decided."""
        ...

    @property
    def seconds(self) -> float:
        """How long it all took."""
        ...


class Replied(NamedTuple):
    """What a channel made of a quote."""

    status: int
    body: bytes
    seconds: float


class Entry(NamedTuple):
    """One receipt, ready to be kept."""

    id: str
    asked: str
    """The asker's own id; empty when there was none."""
    at: int
    """When it was asked, in milliseconds since 1970."""
    line: bytes


def entry(store: str, quoted: Quoted, replied: Replied | None) -> Entry:
    """Turn a quote into a line. Raises `ValueError` for a text that cannot be written as UTF-8."""
    shipments = {id(told.shipment): told.shipment for told in quoted.heard}
    places = {each: place for place, each in enumerate(shipments)}
    line = to_json(
        {
            "store": store,
            "moment": quoted.moment,
            "request": quoted.request,
            "shipments": [*shipments.values()],
            "heard": [_heard(told, places[id(told.shipment)]) for told in quoted.heard],
            "quote": quoted.quote,
            "seconds": round(quoted.seconds, 6),
            "reply": None if replied is None else _reply(replied),
        }
    )
    return Entry(quoted.quote.id, quoted.request.id, int(quoted.moment.timestamp() * 1000), line)


def _heard(told: Told, shipment: int) -> dict[str, Any]:
    heard = {"carrier": told.carrier, "shipment": shipment, "came": told.came, "seconds": round(told.seconds, 6)}
    if told.decided is None:
        heard["standby"] = True
    elif told.decided is not told.came:
        heard["covered"] = told.decided
    return heard


def _reply(replied: Replied) -> dict[str, Any]:
    return {
        "status": replied.status,
        "body": replied.body.decode("utf-8", "replace"),
        "seconds": round(replied.seconds, 6),
    }


def packed(lines: Sequence[bytes]) -> bytes:
    """A page: receipts resemble each other, so together they take a fraction of their room."""
    return zlib.compress(b"\n".join(lines), 1)


def receipt(page: bytes, place: int, versions: str) -> Receipt:
    """One receipt of a page, by its place on it; `versions` is the JSON that was kept apart.

    Raises `ValueError` for what is no page, and for a receipt that an other version of the product wrote differently.
    """
    line = zlib.decompress(page).split(b"\n")[place]
    return Receipt.model_validate_json(b'%s,"versions":%s}' % (line[:-1], versions.encode()))
