"""Receipts as bytes and back: a line of JSON each, many lines a page."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

import orjson

from portes.contract import Shipment
from portes.engine.answered import Answered, QuoteRecord
from portes.receipts.receipt import Receipt

Replied = tuple[int, bytes, float]
"""What a channel made of a quote: status, body, and the seconds from the call to it."""

_fields: Final = attrgetter("__dict__")


class Entry(NamedTuple):
    """A receipt as a line of bytes, ready to be written."""

    id: str
    asked: str
    """The asker's own id; empty when there was none."""
    moment: datetime
    """When it was asked, aware."""
    line: bytes


def entry(store: str, record: QuoteRecord, replied: Replied | None) -> Entry:
    """Turn a quote into a line, a `Receipt` without its versions.

    Raises `TypeError` for a text that is no UTF-8 and a number of more than 64 bits.

    Every answer pays for this with its share of time. pydantic's own writer looks at every field's type, which nouns
    that were validated do not need; told that a noun is the dictionary of its fields, orjson takes a third as long.
    """
    plan, quote = record.plan, record.quote
    shipments: dict[int, tuple[int, Shipment]] = {}
    answers = [_answer(answered, shipments) for answered in record.told]
    kept = {
        "store": store,
        "moment": plan.moment,
        "request": plan.request,
        "shipments": [shipment for _, shipment in shipments.values()],
        "answers": answers,
        "quote": quote,
        "seconds": round(record.seconds, 6),
    }
    if replied is not None:
        status, body, seconds = replied
        kept["reply"] = {"status": status, "body": body.decode("utf-8", "replace"), "seconds": round(seconds, 6)}
    return Entry(quote.id, plan.request.id, plan.moment, orjson.dumps(kept, _fields))


def _answer(answered: Answered, shipments: dict[int, tuple[int, Shipment]]) -> dict[str, Any]:
    """A `ReceiptAnswer`; the shipments that were seen, by identity, with their positions."""
    question = answered.question
    position, _ = shipments.setdefault(id(question.shipment), (len(shipments), question.shipment))
    kept = {
        "carrier": question.member.key,
        "shipment": position,
        "raw": answered.raw,
        "seconds": round(answered.seconds, 6),
    }
    if answered.final is not answered.raw:
        kept["covered"] = answered.final
    if question.collection is not None:
        kept |= {"ready": question.ready, "collection": question.collection}
    if answered.chain:
        kept["chain"] = [_answer(one, shipments) for one in answered.chain]
    return kept


def packed(lines: Sequence[bytes]) -> bytes:
    """A page: receipts resemble each other, so together they take a fraction of their room."""
    return zlib.compress(b"\n".join(lines), 1)


def lines_of(page: bytes) -> list[bytes]:
    """The lines of a page, as they were packed. Raises `ValueError` for what is no page."""
    try:
        return zlib.decompress(page).split(b"\n")
    except zlib.error as error:
        raise ValueError(str(error)) from None


def receipt(page: bytes, place: int, versions: str) -> Receipt:
    """One receipt of a page, by its place on it; `versions` is the JSON that was kept apart.

    Raises `ValueError` for what is no page, and for a receipt that an other version of the product wrote differently.
    """
    line = lines_of(page)[place]
    return Receipt.model_validate_json(b'%s,"versions":%s}' % (line[:-1], versions.encode()))
