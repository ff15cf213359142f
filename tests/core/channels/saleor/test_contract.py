"""Saleor passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

SUBSCRIBED = SAMPLES / "saleor__subscription.request.json"
_CHECKOUT = json.loads(SUBSCRIBED.read_bytes())["checkout"]


def lines(*changed: dict[str, object]) -> bytes:
    listed = [{**_CHECKOUT["lines"][0], **each} for each in changed]
    return json.dumps({"checkout": {**_CHECKOUT, "lines": listed}}).encode()


class TestSaleor(ChannelContract):
    case = ChannelCase(
        "saleor",
        requests=[
            RequestSample(SUBSCRIBED, Asks("71807", [AskedLine("apple-juice-1l", 2, 1050, value=500)])),
            RequestSample(
                SAMPLES / "saleor__lines.request.json", Asks("71807", [AskedLine("apple-juice-1l", 2, value=500)])
            ),
            RequestSample(SAMPLES / "saleor__checkout.request.json", wrong=["0.lines"]),  # printed without any
            RequestSample(
                lines({"quantity": 1}, {"quantity": 3}),
                Asks("71807", [
                    AskedLine("apple-juice-1l", 1, 1050, value=500),
                    AskedLine("apple-juice-1l", 3, 1050, value=500),
                ]),
            ),
            RequestSample(lines({"quantity": 0}), wrong=["checkout.lines.0.quantity"]),
        ],
        replies=[
            ReplySample(SAMPLES / "saleor__documented.response.json", ReplyEffect.PRICES, prices=[1000, 0]),
            ReplySample(b"[]", ReplyEffect.NOT_DELIVERED),
            ReplySample(b"{}", BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
    )  # fmt: skip
