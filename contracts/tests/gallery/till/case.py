"""What the gallery's till declares about itself, and what its saboteurs would."""

import json

from gallery.till.channel import HINT

from portes.channels.understood import ReplyEffect
from portes.contract import Money, Quote
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ReplySample, RequestSample, body_signature

KEY = "canary-4711-of-the-till"
SECRET = "canary-0815-of-the-till"
LAMP = {"sku": "lamp", "count": 1, "grams": 900, "each": 89.9}
VASE = {"sku": "vase", "count": 2, "grams": 4000}


def question(*items: dict[str, object], to: object = "01512651") -> bytes:
    return json.dumps({"country": "BR", "to": to, "items": items, "note": "x" * 300}).encode()


def beyond_price(quote: Quote) -> Quote:
    """A quote of prices for which the till has no room."""
    dear = {"price": Money(minor=10**10, currency=quote.currency)}
    lines = [
        line.model_copy(update={"offers": tuple([offer.model_copy(update=dear) for offer in line.offers])})
        for line in quote.lines
    ]
    return quote.model_copy(update={"lines": tuple(lines)})


def till_case(name: str) -> ChannelCase:
    """The case of the till, or of a saboteur in its place."""
    return ChannelCase(
        name,
        requests=[
            RequestSample(
                question(LAMP, VASE),
                Asks("01512651", [AskedLine("lamp", 1, 900, value=8990), AskedLine("vase", 2, 4000)]),
            ),
            RequestSample(question({**LAMP, "count": 0}), wrong=["items.0.count"]),
            RequestSample(question(LAMP, to="1"), wrong=["to"]),
        ],
        replies=[
            ReplySample(b'{"offers": [{"name": "a", "price": 12.9, "days": 3}]}', ReplyEffect.PRICES, prices=[1290]),
            ReplySample(b'{"offers": []}', ReplyEffect.NOT_DELIVERED),
            ReplySample(b"[]", BROKEN),
            ReplySample(b'{"offers": []}', ReplyEffect.FALLBACK, status=404),
        ],
        settings={
            "signature_header": "Till-Signature",
            "secret": SECRET,
            "auth": {"kind": "header", "name": "Till-Key", "value": KEY},
        },
        signature=body_signature("Till-Signature", SECRET),
        breaks=[beyond_price],
        hints={HINT: ["800ms", "9s", "soon"]},
    )
