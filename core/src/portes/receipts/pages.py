"""Receipts as bytes and back: a line of JSON each, many lines a page; it knows no database and no clock."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic_core import to_json

from portes.contract import Answer, Failure, Quote, QuoteRequest, Refusal, Shipment
from portes.receipts.receipt import Receipt

Told = tuple[str, Shipment, Answer, Answer | None, float]
"""What one carrier said, as the engine tells it: its key, the shipment, the answer as it came, the answer that was
decided on (None for a stand-in), and the seconds its call took."""

Places = Mapping[int, tuple[int, int]]
"""Where rates stand in a quote: line and offer, by the rate's identity."""


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


Replied = tuple[int, bytes, float]
"""What a channel made of a quote: status, body, and the seconds from the call to it."""


class Entry(NamedTuple):
    """One receipt, ready to be kept."""

    id: str
    asked: str
    """The asker's own id; empty when there was none."""
    moment: datetime
    """When it was asked, aware."""
    line: bytes


def entry(store: str, quoted: Quoted, replied: Replied | None) -> Entry:
    """Turn a quote into a line. Raises `ValueError` for a text that cannot be written as UTF-8.

    Every answer pays for this with its share of time, so it is done in one go, and a rate that stands in the quote is
    not written twice: where a carrier said it there are the numbers of the line and of the offer.
    """
    quote, request = quoted.quote, quoted.request
    shipments: dict[int, tuple[int, Shipment]] = {}
    heard: list[dict[str, Any]] = []
    places = {
        id(offer.rate): (line, number)
        for line, told in enumerate(quote.lines)
        for number, offer in enumerate(told.offers)
    }
    for carrier, shipment, came, decided, seconds in quoted.heard:
        position, _ = shipments.setdefault(id(shipment), (len(shipments), shipment))
        said = {"carrier": carrier, "shipment": position, "seconds": round(seconds, 6), "came": _outcomes(came, places)}
        heard.append(said if decided is came else {**said, "covered": decided and _outcomes(decided, places)})
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
    return Entry(quote.id, request.id, quoted.moment, to_json(kept))


def _outcomes(answer: Answer, places: Places) -> tuple[Sequence[Any], Sequence[Refusal], Sequence[Failure]]:
    return [places.get(id(rate), rate) for rate in answer.rates], answer.refusals, answer.failures


def packed(lines: Sequence[bytes]) -> bytes:
    """A page: receipts resemble each other, so together they take a fraction of their room."""
    return zlib.compress(b"\n".join(lines), 1)


def receipt(page: bytes, place: int, versions: str) -> Receipt:
    """One receipt of a page, by its place on it; `versions` is the JSON that was kept apart.

    Raises `ValueError` for a receipt that an other version of the product wrote differently.
    """
    kept = json.loads(zlib.decompress(page).split(b"\n")[place])
    try:
        heard = [_heard(said, kept) for said in kept["heard"]]
    except (LookupError, TypeError) as error:
        raise ValueError(str(error)) from None
    return Receipt.model_validate_json(json.dumps({**kept, "heard": heard, "versions": json.loads(versions)}))


def _heard(said: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    shipment = kept["shipments"][said["shipment"]]["id"]
    came = _answer(said["came"], shipment, kept["quote"])
    covered = said.get("covered")
    standby = "covered" in said and covered is None
    return {**said, "came": came, "covered": covered and _answer(covered, shipment, kept["quote"]), "standby": standby}


def _answer(outcomes: Sequence[Any], shipment: str, quote: Mapping[str, Any]) -> dict[str, Any]:
    rates, refusals, failures = outcomes
    written = [rate if isinstance(rate, Mapping) else _offered(rate, quote) for rate in rates]
    return {"shipment_id": shipment, "rates": written, "refusals": refusals, "failures": failures}


def _offered(place: Sequence[int], quote: Mapping[str, Any]) -> Any:  # noqa: ANN401 — JSON
    line, offer = place
    return quote["lines"][line]["offers"][offer]["rate"]
