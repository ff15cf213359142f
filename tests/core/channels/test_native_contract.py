"""The native channel passes the suite that the contract kit has for channels."""

import json

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

LAMP = {"sku": "lamp", "quantity": 2, "weight": 900, "size": {"length": 300, "width": 200, "height": 100}}
VASE = {"sku": "vase", "quantity": 1, "weight": 4000, "size": {"length": 400, "width": 400, "height": 500}}
BODY = {
    "id": "order-1",
    "storefront": "shop",
    "destination": {"country": "BR", "postal_code": "01512651"},
    "lines": [LAMP, {**VASE, "declared_value": {"minor": 12990, "currency": "BRL"}}],
    "currency": "BRL",
}


def question(**changed: object) -> bytes:
    return json.dumps({**BODY, **changed}).encode()


def answer(verdict: str) -> bytes:
    return json.dumps({"id": "q-1", "verdict": verdict, "currency": "BRL", "lines": [{"sku": "lamp"}]}).encode()


class TestNative(ChannelContract):
    case = ChannelCase(
        "native",
        requests=[
            RequestSample(
                question(),
                Asks(
                    "01512651",
                    [AskedLine("lamp", 2, 900, (300, 200, 100)), AskedLine("vase", 1, 4000, (400, 400, 500), 12990)],
                ),
            ),
            RequestSample(question(currency="EUR"), wrong=["currency"]),
            RequestSample(question(lines=[{**LAMP, "quantity": 0}, VASE]), wrong=["lines.0.quantity"]),
            RequestSample(question(more=1), wrong=["more"]),
        ],
        replies=[
            ReplySample(answer("not_served"), ReplyEffect.NOT_DELIVERED),
            ReplySample(answer("unknown"), BROKEN),
            ReplySample(b"{}", BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=422),
        ],
        by_line=True,
        unknown=[ReplyEffect.NO_FREIGHT],
        hints={"Portes-Deadline": ["800ms", "4s", "0s", "soon"]},
    )
