"""Omnik passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

DOCUMENTED = SAMPLES / "omnik__documented_shape.request.json"
TWO_OPTIONS = SAMPLES / "omnik__two_options.response.json"
NO_OPTIONS = SAMPLES / "omnik__no_options.response.json"
_DOCUMENTED = json.loads(DOCUMENTED.read_bytes())
_PRODUCT = _DOCUMENTED["products"][0]
ONE = RequestSample(DOCUMENTED, Asks("01415906", [AskedLine("SKU-1", 1, 500, (300, 200, 100), 9990)]))


def question(*products: object) -> bytes:
    return json.dumps({**_DOCUMENTED, "products": products}).encode()


def without_its_message(source: bytes) -> bytes:
    return json.dumps({**json.loads(source), "messages": []}).encode()


TWO = RequestSample(
    question({**_PRODUCT, "quantity": 3}, {**_PRODUCT, "skuId": "SKU-2", "weight": None, "cost": None}),
    Asks("01415906", [AskedLine("SKU-1", 3, 500, (300, 200, 100), 9990), AskedLine("SKU-2", 1, None, (300, 200, 100))]),
)


class TestOmnik(ChannelContract):
    case = ChannelCase(
        "omnik",
        requests=[
            ONE,
            TWO,
            RequestSample(question({**_PRODUCT, "quantity": 0}), wrong=["products.0.quantity"]),
            RequestSample(
                question(_PRODUCT, {**_PRODUCT, "sellerTenant": "seller-2"}), wrong=["products.1.sellerTenant"]
            ),
            RequestSample(question({**_PRODUCT, "sellerTenant": "seller-2"}), wrong=["products.0.sellerTenant"]),
        ],
        replies=[
            ReplySample(TWO_OPTIONS, ReplyEffect.PRICES, prices=[1300, 4100], asked=ONE),
            ReplySample(NO_OPTIONS, ReplyEffect.NOT_DELIVERED, asked=ONE),
            ReplySample(without_its_message(NO_OPTIONS.read_bytes()), BROKEN, asked=ONE),
            ReplySample(TWO_OPTIONS, BROKEN, asked=TWO),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH, "price_unit": "cents", "seller": "seller-1"},
        unknown=[ReplyEffect.NO_FREIGHT],
    )
