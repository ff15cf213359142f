"""Nuvemshop passes the suite that the contract kit has for channels."""

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

SECRET = "app-client-secret-of-the-shop"
PRINTED = SAMPLES / "nuvemshop__documented.request.json"
_CALL = json.loads(PRINTED.read_bytes())
(_ITEM,) = _CALL["items"]
_MUG = {**_ITEM, "sku": "mug-blue", "free_shipping": False, "quantity": 3, "price": 8.5}


def question(*items: object, **changed: object) -> bytes:
    return json.dumps({**_CALL, "items": items or [_ITEM], **changed}).encode()


REQUESTS = [
    RequestSample(PRINTED, Asks("1602", [AskedLine("1", 1, 1000, (100, 120, 100), 2000)])),
    RequestSample(
        question({**_MUG, "sku": "shirt-m", "grams": 0, "dimensions": None}, _MUG),
        Asks("1602", [AskedLine("shirt-m", 3, value=850), AskedLine("mug-blue", 3, 1000, (100, 120, 100), 850)]),
    ),
    RequestSample(question(currency="BRL"), wrong=["currency"]),
    RequestSample(question(_ITEM, {**_MUG, "quantity": 0, "grams": -1}), wrong=["items.1.quantity", "items.1.grams"]),
]
CODES = {
    "codes": {"normal": "standard", "express": "express", "super_express": "now"},
    "pickup_codes": {"normal": "pickup_1"},
}


class TestNuvemshop(ChannelContract):
    case = ChannelCase(
        "nuvemshop",
        requests=REQUESTS,
        replies=[
            ReplySample(SAMPLES / "nuvemshop__ship_rates.response.json", ReplyEffect.PRICES, prices=[0, 2815]),
            ReplySample(SAMPLES / "nuvemshop__pickup_rate.response.json", ReplyEffect.PRICES, prices=[1415]),
            ReplySample(b'{"rates": []}', ReplyEffect.NOT_DELIVERED),
            ReplySample(b'{"rates": [{"name": "Standard", "code": "standard", "price": 1}]}', BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH, **CODES},
        country="AR",
        currency="ARS",
        options="types",
        times="dates",
        unknown=[ReplyEffect.NO_FREIGHT],
    )


class TestNuvemshopWithASignature(ChannelContract):
    case = ChannelCase(
        "nuvemshop",
        requests=REQUESTS,
        settings={"auth": AUTH, "secret": SECRET, "dates": False},
        country="AR",
        currency="ARS",
        options="types",
        times="nothing",
        unknown=[ReplyEffect.NO_FREIGHT],
        signature=body_signature("x-linkedstore-hmac-sha256", SECRET, "hex"),
    )
