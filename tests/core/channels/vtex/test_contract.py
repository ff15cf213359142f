"""VTEX passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes.channels.vtex.wire import TAIL
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

_ITEM = {"id": "lamp", "quantity": 2, "seller": "1"}


def question(*items: object, **more: object) -> bytes:
    return json.dumps({"items": items, **more}).encode()


CHECKOUT = RequestSample(
    SAMPLES / "vtex__checkout_simulation.request.json", Asks("22270030", [AskedLine("7908010136043", 1)]), tail=TAIL
)
INDEXING = RequestSample(SAMPLES / "vtex__indexing_simulation.request.json", Asks(""), tail=TAIL)
MINIMAL = RequestSample(
    SAMPLES / "vtex__minimal_delivery.request.json", Asks("22270030", [AskedLine("2000037", 2)]), tail=TAIL
)
OF_THE_PRINTED_ANSWER = RequestSample(
    question({"id": "2000037", "quantity": 1, "seller": "1"}, postalCode="80250-000", country="BRA"),
    Asks("80250000", [AskedLine("2000037", 1)]),
    tail=TAIL,
)
REQUESTS = [
    CHECKOUT,
    INDEXING,
    MINIMAL,
    RequestSample(
        question(_ITEM, {**_ITEM, "id": "vase", "quantity": 1}, postalCode="22270-030", country="BRA"),
        Asks("22270030", [AskedLine("lamp", 2), AskedLine("vase", 1)]),
        tail=TAIL,
    ),
    RequestSample(question({**_ITEM, "quantity": 0}), wrong=["items.0.quantity"], tail=TAIL),
    RequestSample(question(_ITEM, {**_ITEM, "seller": "2"}), wrong=["items.1.seller"], tail=TAIL),
    RequestSample(question(_ITEM, geoCoordinates=["-43.1", "-22.9"]), wrong=["geoCoordinates"], tail=TAIL),
]


class TestVtex(ChannelContract):
    case = ChannelCase(
        "vtex",
        requests=REQUESTS,
        replies=[
            ReplySample(
                SAMPLES / "vtex__minimal_delivery.response.json", ReplyEffect.PRICES, prices=[1990], asked=MINIMAL
            ),
            ReplySample(SAMPLES / "vtex__minimal_delivery.response.json", BROKEN, asked=CHECKOUT),
            ReplySample(
                SAMPLES / "vtex__documented_delivery.response.json", ReplyEffect.PRICES, asked=OF_THE_PRINTED_ANSWER
            ),
            ReplySample(SAMPLES / "vtex__nothing_available.response.json", ReplyEffect.MESSAGE, asked=CHECKOUT),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH, "seller": "1"},
        options="types",
        by_line=True,
        unknown=[ReplyEffect.NO_FREIGHT],
    )
