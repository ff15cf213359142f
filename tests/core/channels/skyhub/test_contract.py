"""SkyHub passes the suite that the contract kit has for channels."""

import json

import pytest
from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

PRINTED = SAMPLES / "skyhub__two_volumes.request.json"
_PRINTED = json.loads(PRINTED.read_bytes())
_LARGE, _SMALL = _PRINTED["volumes"]


def question(zip_code: object = "05010-010", **changed: object) -> bytes:
    """The printed question for another place, and the first of its volumes alone, changed."""
    return json.dumps({"destinationZip": zip_code, "volumes": [{**_LARGE, **changed}]}).encode()


def answer(*days: object) -> bytes:
    """The printed answer with a way of delivery for each of these times."""
    printed = json.loads((SAMPLES / "skyhub__documented.response.json").read_bytes())["shippingQuotes"][0]
    return json.dumps({"shippingQuotes": [{**printed, "deliveryTime": each} for each in days]}).encode()


class TestSkyhub(ChannelContract):
    case = ChannelCase(
        "skyhub",
        requests=[
            RequestSample(
                PRINTED,
                Asks(
                    "05010010",
                    [
                        AskedLine("SKU_PARCEIRO_1", 2, 1000, (630, 210, 550), 1520),
                        AskedLine("SKU_PARCEIRO_2", 1, 1750, (200, 100, 300), 5399),
                    ],
                ),
            ),
            RequestSample(
                question(price=None, weight=None, height=None),
                Asks("05010010", [AskedLine("SKU_PARCEIRO_1", 2)]),
            ),
            RequestSample(question("5010-010", quantity=0), wrong=["volumes.0.quantity"]),
            RequestSample(question("501010"), wrong=["destinationZip"]),
        ],
        replies=[
            ReplySample(SAMPLES / "skyhub__documented.response.json", ReplyEffect.PRICES, prices=[1300]),
            ReplySample(answer(10, 3), ReplyEffect.PRICES, prices=[1300]),  # the first alone is looked at
            ReplySample(SAMPLES / "skyhub__not_served.response.json", ReplyEffect.NOT_DELIVERED, status=404),
            ReplySample(answer({"total": 10, "transit": 8, "expedition": 1}), BROKEN),
            ReplySample(answer(), BROKEN),
            ReplySample(b"", ReplyEffect.FALLBACK, status=503),
        ],
        options="cheapest",
    )


@pytest.mark.exhaustive
class TestSkyhubInTheShapeOfNovoMundo(ChannelContract):
    case = ChannelCase(
        "skyhub",
        requests=[
            RequestSample(
                question(length=63, width=21, height=55),
                Asks("05010010", [AskedLine("SKU_PARCEIRO_1", 2, 1000, (630, 210, 550), 760)]),
            )
        ],
        settings={
            "auth": AUTH,
            "side_unit": "cm",
            "price": "line",
            "show": "fastest",
            "delivery_time": "total",
            "estimate_id": True,
            "sku": True,
        },
        options="one",
        one_line="the other case of this channel asks about several",
    )
