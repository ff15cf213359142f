"""VTEX passes the suite that the contract kit has for channels."""

import json

import pytest
from platforms import SAMPLES

from portes.channels.understood import ReplyEffect
from portes.channels.vtex.wire import TAIL
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

PRINTED = SAMPLES / "vtex__checkout_simulation.request.json"
BUILT = SAMPLES / "vtex__minimal_delivery.request.json"
DELIVERY = {"id": "2000037", "quantity": 1, "seller": "1"}


def cart(*items: dict[str, object], **address: object) -> bytes:
    return json.dumps({"items": items or [DELIVERY], **address}).encode()


def question(body: bytes, asks: Asks) -> RequestSample:
    return RequestSample(body, asks, tail=TAIL)


CHECKOUT = question(cart(postalCode="80250-000", country="BRA"), Asks("80250000", [AskedLine("2000037")]))
REQUESTS = [
    RequestSample(PRINTED, Asks("22270030", [AskedLine("7908010136043")]), tail=TAIL),
    RequestSample(BUILT, Asks("22270030", [AskedLine("2000037", 2)]), tail=TAIL),
    RequestSample(SAMPLES / "vtex__indexing_simulation.request.json", Asks(""), tail=TAIL),
    question(
        cart(DELIVERY, {**DELIVERY, "id": "2000038", "quantity": 3}, postalCode="22270-030", country="BRA"),
        Asks("22270030", [AskedLine("2000037"), AskedLine("2000038", 3)]),
    ),
    RequestSample(cart(country="BRA", geoCoordinates=["-22.9", "-43.1"]), wrong=["geoCoordinates"], tail=TAIL),
    RequestSample(cart({**DELIVERY, "quantity": 0}), wrong=["items.0.quantity"], tail=TAIL),
]


class TestVtex(ChannelContract):
    case = ChannelCase(
        "vtex",
        requests=REQUESTS,
        replies=[
            ReplySample(
                SAMPLES / "vtex__minimal_delivery.response.json", ReplyEffect.PRICES, prices=[1990], asked=REQUESTS[1]
            ),
            ReplySample(
                SAMPLES / "vtex__documented_delivery.response.json", ReplyEffect.PRICES, prices=[0], asked=CHECKOUT
            ),
            ReplySample(SAMPLES / "vtex__nothing_available.response.json", ReplyEffect.MESSAGE),
            ReplySample(b'{"items": 1}', BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        options="types",
        by_line=True,
        unknown=(ReplyEffect.NO_FREIGHT,),
    )


@pytest.mark.exhaustive
class TestVtexOfOneSeller(ChannelContract):
    case = ChannelCase(
        "vtex",
        requests=REQUESTS,
        settings={
            "auth": {"kind": "header", "name": "X-Pass", "value": "canary-4711-0815-agreed"},
            "seller": "1",
            "merchant_name": "mySeller1",
            "uncounted_stock": 20,
            "slas": {"express": "SUPER RÁPIDA"},
        },
        options="types",
        by_line=True,
        unknown=(ReplyEffect.NO_FREIGHT,),
    )
