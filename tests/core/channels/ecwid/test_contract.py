"""Ecwid passes the suite that the contract kit has for channels."""

import json

import pytest
from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

DOCUMENTED = SAMPLES / "ecwid__documented.request.json"
_PRINTED = json.loads(DOCUMENTED.read_bytes())
_ASKS = Asks("10002", [AskedLine("30022537", 1, 545, value=200), AskedLine("02266183", 1, 137, value=508)])
KEY = "a-key-in-the-app-s-storage"


def cart(**changed: object) -> bytes:
    return json.dumps({**_PRINTED, "cart": {**_PRINTED["cart"], **changed}}).encode()


def first(**changed: object) -> bytes:
    return cart(items=[{**_PRINTED["cart"]["items"][0], **changed}])


REQUESTS = [
    RequestSample(DOCUMENTED, _ASKS),
    RequestSample(first(amount=3, weight=2, price=1.5), Asks("10002", [AskedLine("30022537", 3, 908, value=150)])),
    RequestSample(first(weight=0), Asks("10002", [AskedLine("30022537", 1, value=200)])),
    RequestSample(cart(currency="EUR"), wrong=["cart.currency"]),
    RequestSample(first(amount=0), wrong=["cart.items.0.amount"]),
]
REPLIES = [
    ReplySample(SAMPLES / "ecwid__documented.response.json", ReplyEffect.PRICES, prices=[1031, 501]),
    ReplySample(SAMPLES / "ecwid__no_options.response.json", ReplyEffect.NOT_DELIVERED),
    ReplySample(b'{"shippingOptions": [{"title": "a", "rate": 1}]}', BROKEN),
    ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
]


class TestEcwid(ChannelContract):
    case = ChannelCase(
        "ecwid",
        requests=REQUESTS,
        replies=REPLIES,
        settings={"auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
    )


@pytest.mark.exhaustive
class TestEcwidWithAKeyInTheBody(ChannelContract):
    case = ChannelCase(
        "ecwid",
        requests=[
            RequestSample(
                json.dumps({**_PRINTED, "merchantAppSettings": {"portes_key": KEY}}).encode(),
                _ASKS,
            ),
        ],
        replies=REPLIES,
        settings={"app_key": KEY},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
        body_secrets=["merchantAppSettings.portes_key"],
    )
