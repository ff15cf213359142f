"""Shopify and Recharge pass the suite that the contract kit has for channels."""

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

SECRET = "app-client-secret-of-the-shop"
PRINTED = SAMPLES / "shopify__documented.request.json"
_RATE = json.loads(PRINTED.read_bytes())["rate"]


def question(**changed: object) -> bytes:
    return json.dumps({"rate": {**_RATE, **changed}}).encode()


REQUESTS = [
    RequestSample(PRINTED, Asks("K1M1M4", [AskedLine("258644705304", 1, 1000, value=1999)])),
    RequestSample(
        SAMPLES / "shopify__two_items.request.json",
        Asks("K1M1M4", [AskedLine("shirt-m", 2, 180, value=1999), AskedLine("mug-blue", 1, value=850)]),
    ),
    RequestSample(question(currency="CAD"), wrong=["rate.currency"]),
    RequestSample(question(items=[]), wrong=["rate.items"]),
]
REPLIES = [
    ReplySample(SAMPLES / "shopify__documented.response.json", BROKEN),  # two of its rates lack what its page demands
    ReplySample(SAMPLES / "shopify__cannot_ship.response.json", ReplyEffect.NOT_DELIVERED),
    ReplySample(b"", ReplyEffect.FALLBACK, status=503),
]


class TestShopify(ChannelContract):
    case = ChannelCase(
        "shopify",
        requests=REQUESTS,
        replies=REPLIES,
        settings={"secret": SECRET},
        country="CA",
        currency="USD",
        times="dates",
        signature=body_signature("X-Shopify-Hmac-Sha256", SECRET),
    )


@pytest.mark.exhaustive
class TestShopifyBehindAnAddress(ChannelContract):
    case = ChannelCase(
        "shopify",
        requests=REQUESTS,
        settings={"secret": SECRET, "auth": AUTH, "dates": False},
        country="CA",
        currency="USD",
        times="nothing",
        signature=body_signature("X-Shopify-Hmac-Sha256", SECRET),
    )


class TestRecharge(ChannelContract):
    case = ChannelCase(
        "recharge",
        requests=[
            *REQUESTS,
            RequestSample(
                question(destination={"country": "USA", "postal_code": "10001"}),
                Asks("10001", [AskedLine("258644705304", 1, 1000, value=1999)], country="US"),
            ),
        ],
        replies=REPLIES,
        country="CA",
        currency="USD",
        times="dates",
    )
