"""Yampi passes the suite that the contract kit has for channels."""

import json

import pytest
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

SECRET = "secret-of-the-checkout-4711"
PRINTED = SAMPLES / "yampi__current.request.json"
_QUESTION = json.loads(PRINTED.read_bytes())
(_ITEM,) = _QUESTION["skus"]


def cart(*items: dict[str, object]) -> bytes:
    return json.dumps({**_QUESTION, "skus": [{**_ITEM, **item} for item in items]}).encode()


OLDER = {key: value for key, value in _ITEM.items() if key != "unit_price"}
REQUESTS = [
    RequestSample(PRINTED, Asks("14940472", [AskedLine("716237816313213", 2, 1000, (10, 10, 10), 600)])),
    RequestSample(
        json.dumps({**_QUESTION, "zipcode": 1001000, "skus": [{**OLDER, "price": 6.0}]}).encode(),
        Asks("01001000", [AskedLine("716237816313213", 2, 1000, (10, 10, 10), 600)]),
    ),
    RequestSample(
        cart({"sku": "shirt-m", "weight": 0.18}, {"sku": "mug", "quantity": 1, "unit_price": 8.5, "weight": 0}),
        Asks(
            "14940472",
            [
                AskedLine("shirt-m", 2, 180, (10, 10, 10), 600),
                AskedLine("mug", size=(10, 10, 10), value=850),
            ],
        ),
    ),
    RequestSample(cart({"quantity": 0}), wrong=["skus.0.quantity"]),
    RequestSample(cart({"length": 5000}), wrong=["skus.0.length"]),
]
REPLIES = [
    ReplySample(SAMPLES / "yampi__two_quotes.response.json", ReplyEffect.PRICES, prices=[2130, 4200]),
    ReplySample(b'{"quotes": []}', ReplyEffect.NOT_DELIVERED),
    ReplySample(b'{"quotes": [{"name": "Expresso"}]}', BROKEN),
    ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
]


class TestYampi(ChannelContract):
    case = ChannelCase(
        "yampi",
        requests=REQUESTS,
        replies=REPLIES,
        settings={"secret": SECRET},
        unknown=(ReplyEffect.NO_FREIGHT,),
        signature=body_signature("X-Yampi-Hmac-SHA256", SECRET),
    )


@pytest.mark.exhaustive
class TestYampiBehindAnAddress(ChannelContract):
    case = ChannelCase("yampi", requests=REQUESTS, settings={"auth": AUTH}, unknown=(ReplyEffect.NO_FREIGHT,))
