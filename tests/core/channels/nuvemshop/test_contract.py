"""Nuvemshop and Tiendanube pass the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

DOCUMENTED = SAMPLES / "nuvemshop__documented.request.json"
DOOR = {"normal": "standard", "express": "express", "super_express": "same-day"}
PICK_UP = {"normal": "pickup_1"}
_PRINTED = json.loads(DOCUMENTED.read_bytes())
_ITEM = {**_PRINTED["items"][0], "free_shipping": False}


def items(*changed: dict[str, object]) -> bytes:
    return json.dumps({**_PRINTED, "items": [{**_ITEM, **each} for each in changed]}).encode()


class TestNuvemshop(ChannelContract):
    case = ChannelCase(
        "nuvemshop",
        requests=[
            RequestSample(DOCUMENTED, Asks("1602", [AskedLine("1", 1, 1000, (100, 120, 100), 2000)])),
            RequestSample(
                items({"sku": "a", "quantity": 2}, {"sku": "b", "grams": 0, "price": 3.5}),
                Asks("1602", [
                    AskedLine("a", 2, 1000, (100, 120, 100), 2000),
                    AskedLine("b", 1, None, (100, 120, 100), 350),
                ]),
            ),
            RequestSample(items({"quantity": 0}), wrong=["items.0.quantity"]),
            RequestSample(json.dumps({**_PRINTED, "currency": "BRL"}).encode(), wrong=["currency"]),
        ],
        replies=[
            ReplySample(SAMPLES / "nuvemshop__ship_rates.response.json", ReplyEffect.PRICES, prices=[0, 2815]),
            ReplySample(SAMPLES / "nuvemshop__pickup_rate.response.json", ReplyEffect.PRICES, prices=[1415]),
            ReplySample(b'{"rates": [{"name": "a"}]}', BROKEN),
            ReplySample(b'{"rates": []}', ReplyEffect.NOT_DELIVERED),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH, "codes": DOOR, "pickup_codes": PICK_UP},
        country="AR",
        currency="ARS",
        options="types",
        times="nothing",
        unknown=[ReplyEffect.NO_FREIGHT],
        other_numbers=["latitude", "longitude"],
    )  # fmt: skip
