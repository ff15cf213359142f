"""Yampi passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import (
    BROKEN,
    AskedLine,
    Asks,
    ChannelCase,
    ChannelContract,
    ReplySample,
    RequestSample,
    body_signature,
)

SECRET = "secret-of-the-shops-panel"
PRINTED = SAMPLES / "yampi__current.request.json"
_PRINTED = json.loads(PRINTED.read_bytes())
_ITEM = _PRINTED["skus"][0]
_OLDER = {name: value for name, value in _ITEM.items() if name != "unit_price"}
"""As the page had it before: `price` of one unit, and nothing beside it."""
_QUOTE = json.loads((SAMPLES / "yampi__two_quotes.response.json").read_bytes())["quotes"][0]


def question(*items: object) -> bytes:
    return json.dumps({**_PRINTED, "skus": items}).encode()


def answer(*quotes: object) -> bytes:
    return json.dumps({"quotes": quotes}).encode()


REQUESTS = [
    RequestSample(PRINTED, Asks("14940472", [AskedLine("716237816313213", 2, 1000, (10, 10, 10), 600)])),
    RequestSample(
        question(
            {**_OLDER, "sku": "", "platform": {"external_id": 1231231231313}, "weight": 0.4},
            {**_ITEM, "sku": "mug-blue", "quantity": 1, "length": 0, "weight": 0, "availability_days": None},
        ),
        Asks("14940472", [AskedLine("1231233", 2, 400, (10, 10, 10), 1200), AskedLine("mug-blue", 1, value=600)]),
    ),
    RequestSample(question({**_ITEM, "quantity": 0, "weight": -1}), wrong=["skus.0.quantity", "skus.0.weight"]),
]


class TestYampi(ChannelContract):
    case = ChannelCase(
        "yampi",
        requests=REQUESTS,
        replies=[
            ReplySample(SAMPLES / "yampi__two_quotes.response.json", ReplyEffect.PRICES, prices=[2130, 4200]),
            ReplySample(answer(), ReplyEffect.NOT_DELIVERED),
            ReplySample(answer(_QUOTE, _QUOTE), BROKEN),
            ReplySample(answer({**_QUOTE, "free_shipment": True}), BROKEN),
            ReplySample(b"[]", BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"secret": SECRET},
        unknown=[ReplyEffect.NO_FREIGHT],
        signature=body_signature("X-Yampi-Hmac-SHA256", SECRET),
    )


class TestYampiWithAHeaderOfTheShops(ChannelContract):
    case = ChannelCase(
        "yampi",
        requests=[
            RequestSample(
                question({**_ITEM, "length": 300, "width": 200, "height": 100}, _ITEM),
                Asks(
                    "14940472",
                    [
                        AskedLine("1231231231313", 2, 1000, (300, 200, 100), 600),
                        AskedLine("1231231231313", 2, 1000, (1, 1, 1), 600),
                    ],
                ),
            )
        ],
        settings={"auth": AUTH, "sku": "external_id", "size_unit": "mm", "availability": "leave_out"},
        unknown=[ReplyEffect.NO_FREIGHT],
    )
