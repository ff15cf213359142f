"""BigCommerce passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

DOCUMENTED = SAMPLES / "bigcommerce__documented.request.json"
_PRINTED = json.loads(DOCUMENTED.read_bytes())
_ITEM = _PRINTED["base_options"]["items"][0]
_INCH = (26, 26, 26)  # 25.4 mm, rounded up


def items(*changed: dict[str, object]) -> bytes:
    listed = [{**_ITEM, **each} for each in changed]
    return json.dumps({**_PRINTED, "base_options": {**_PRINTED["base_options"], "items": listed}}).encode()


class TestBigcommerce(ChannelContract):
    case = ChannelCase(
        "bigcommerce",
        requests=[
            RequestSample(DOCUMENTED, Asks("94103", [AskedLine("SKU-100", 1, 29, _INCH, 1000)]), tail="/rate"),
            RequestSample(
                items({"sku": "a", "quantity": 4}, {"sku": "b", "weight": None}),
                Asks("94103", [AskedLine("a", 4, 29, _INCH, 1000), AskedLine("b", 1, None, _INCH, 1000)]),
                tail="/rate",
            ),
            RequestSample(items({"quantity": 0}), wrong=["base_options.items.0.quantity"], tail="/rate"),
        ],
        replies=[
            ReplySample(SAMPLES / "bigcommerce__documented.response.json", ReplyEffect.PRICES, prices=[635, 853, 1047]),
            ReplySample(SAMPLES / "bigcommerce__no_rates.response.json", ReplyEffect.NOT_DELIVERED),
            ReplySample(SAMPLES / "bigcommerce__check.response.json", BROKEN),  # the reply to another call
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
    )
