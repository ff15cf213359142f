"""Ecwid passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

KEY = "canary-key-of-the-app-s-storage"
PRINTED = SAMPLES / "ecwid__documented.request.json"
_CALL = json.loads(PRINTED.read_bytes())
_FIRST, _SECOND = _CALL["cart"]["items"]
ASKS = Asks("10002", [AskedLine("30022537", 1, 545, value=200), AskedLine("02266183", 1, 137, value=508)])


def question(**changed: object) -> bytes:
    return json.dumps({**_CALL, "cart": {**_CALL["cart"], **changed}}).encode()


class TestEcwid(ChannelContract):
    case = ChannelCase(
        "ecwid",
        requests=[
            RequestSample(PRINTED, ASKS),
            RequestSample(
                question(items=[{**_FIRST, "amount": 3, "weight": 0}], weightUnit="kg"),
                Asks("10002", [AskedLine("30022537", 3, value=200)]),
            ),
            RequestSample(question(currency="EUR"), wrong=["cart.currency"]),
            RequestSample(
                question(items=[_FIRST, {**_SECOND, "amount": 0}], weightUnit="stone"),
                wrong=["cart.items.1.amount", "cart.weightUnit"],
            ),
        ],
        replies=[
            ReplySample(SAMPLES / "ecwid__documented.response.json", ReplyEffect.PRICES, prices=[1031, 501]),
            ReplySample(SAMPLES / "ecwid__no_options.response.json", ReplyEffect.NOT_DELIVERED),
            ReplySample(b'{"shippingOptions": [{"title": "Regular", "rate": 5.01}]}', BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"app_key": KEY, "auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
        body_secrets=["merchantAppSettings.portes_key"],
    )
