"""MadeiraMadeira passes the suite that the contract kit has for channels."""

import json

from platforms import SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

_QUOTE = json.loads((SAMPLES / "madeira_madeira__one_quote.response.json").read_bytes())["shippingQuotes"][0]


def question(zip_code: object, **changed: object) -> bytes:
    return json.dumps({"destinationZip": zip_code, "volumes": [{"sku": "SKU-1", "quantity": 1, **changed}]}).encode()


def answer(*quotes: object) -> bytes:
    return json.dumps({"shippingQuotes": quotes}).encode()


class TestMadeiraMadeira(ChannelContract):
    case = ChannelCase(
        "madeira-madeira",
        requests=[
            RequestSample(
                SAMPLES / "madeira_madeira__two_volumes.request.json",
                Asks("80320120", [AskedLine("SKU-1", 1), AskedLine("SKU-2", 3)]),
            ),
            RequestSample(question(5010010), Asks("05010010", [AskedLine("SKU-1", 1)])),
            RequestSample(question("80320120", quantity=0), wrong=["volumes.0.quantity"]),
            RequestSample(question("8032012"), wrong=["destinationZip"]),
        ],
        replies=[
            ReplySample(SAMPLES / "madeira_madeira__one_quote.response.json", ReplyEffect.PRICES, prices=[4990]),
            ReplySample(b"", ReplyEffect.NOT_DELIVERED, status=404),  # no body of it is documented
            ReplySample(answer(), BROKEN),
            ReplySample(answer(_QUOTE, _QUOTE), BROKEN),
            ReplySample(answer({**_QUOTE, "deliveryTime": 7}), BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        unknown=[ReplyEffect.NO_FREIGHT],
    )
