"""Saleor passes the suite that the contract kit has for channels."""

import json
from collections.abc import Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import api_jws
from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

PRINTED = SAMPLES / "saleor__checkout.request.json"
CHOSEN = SAMPLES / "saleor__subscription.request.json"
_CHECKOUT = json.loads(CHOSEN.read_bytes())["checkout"]
_JUICE, _CARD = _CHECKOUT["lines"]
_MUG = {**_JUICE, "quantity": 1, "variant": {"id": "UHJvZHVjdA==", "sku": None, "weight": {"unit": "LB", "value": 1}}}


def question(*lines: object, **changed: object) -> bytes:
    return json.dumps({"checkout": {**_CHECKOUT, "lines": lines, **changed}}).encode()


REQUESTS = [
    RequestSample(CHOSEN, Asks("71807", [AskedLine("apple-juice-1l", 2, 1050, value=500)])),
    RequestSample(SAMPLES / "saleor__lines.request.json", Asks("71807", [AskedLine("apple-juice-1l", 2, value=500)])),
    RequestSample(
        question(_JUICE, _MUG),
        Asks("71807", [AskedLine("apple-juice-1l", 2, 1050, value=500), AskedLine("UHJvZHVjdA==", 1, 454, value=500)]),
    ),
    RequestSample(PRINTED, wrong=["0.lines"]),  # the page prints its lines empty
    RequestSample(question(_CARD), wrong=["checkout.lines"]),
    RequestSample(question(_JUICE, shippingAddress=None), wrong=["checkout.shippingAddress"]),
    RequestSample(question(_JUICE, channel={"currencyCode": "EUR"}), wrong=["checkout.channel.currencyCode"]),
]


class TestSaleor(ChannelContract):
    case = ChannelCase(
        "saleor",
        requests=REQUESTS,
        replies=[
            ReplySample(SAMPLES / "saleor__documented.response.json", ReplyEffect.PRICES, prices=[1000, 0]),
            ReplySample(b"[]", ReplyEffect.NOT_DELIVERED),
            ReplySample(b'{"methods": []}', BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
    )


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jws(body: bytes) -> Mapping[str, str]:
    """The signature that the platform makes, with the library and the arguments that it has."""
    made = api_jws.encode(body, KEY, algorithm="RS256", headers={"kid": "1"}, is_payload_detached=True)
    return {"Saleor-Signature": made}


class TestSaleorThatSigns(ChannelContract):
    case = ChannelCase(
        "saleor",
        requests=REQUESTS,
        settings={"public_keys": PEM.decode(), "auth": AUTH, "delivery_days": False},
        country="US",
        currency="USD",
        times="nothing",
        unknown=[ReplyEffect.NO_FREIGHT],
        signature=jws,
        unsigned_example="only the platform has the key that signs",
    )
