"""BigCommerce passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes.contract import Quote
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

KEY = "canary-key-that-the-shop-entered"
RATE, CHECK = "/rate", "/check_connection_options"
PRINTED = SAMPLES / "bigcommerce__documented.request.json"
CHECKED = SAMPLES / "bigcommerce__check.response.json"
_CALL = json.loads(PRINTED.read_bytes())
_OPTIONS = _CALL["base_options"]
(_ITEM,) = _OPTIONS["items"]
_MUG = {**_ITEM, "sku": "mug-blue", "quantity": 2, "weight": {"units": "g", "value": 400}}


def question(*items: object, **changed: object) -> bytes:
    options = {**_OPTIONS, "items": items or [_ITEM], **changed}
    return json.dumps({**_CALL, "base_options": options}).encode()


INCH = (26, 26, 26)
ONE = RequestSample(PRINTED, Asks("94103", [AskedLine("SKU-100", 1, 29, INCH, 1000)]), tail=RATE)
TWO = RequestSample(
    question(_ITEM, _MUG),
    Asks("94103", [AskedLine("SKU-100", 1, 29, INCH, 1000), AskedLine("mug-blue", 2, 400, INCH, 1000)]),
    tail=RATE,
)
FOREIGN = {**_ITEM, "declared_value": {"currency": "EUR", "amount": 10}}
CUT_OFF = {**_OPTIONS["destination"], "zip": "SW1", "country_iso2": "GB"}
REQUESTS = [
    ONE,
    TWO,
    RequestSample(question(FOREIGN), wrong=["base_options.items.0.declared_value.currency"], tail=RATE),
    RequestSample(question(destination=CUT_OFF), wrong=["base_options.destination.zip"], tail=RATE),
    RequestSample(question({**_ITEM, "quantity": 0}), wrong=["base_options.items.0.quantity"], tail=RATE),
]


def of_a_carrier_with_a_long_name(quote: Quote) -> Quote:
    lines = [
        line.model_copy(
            update={"offers": tuple([offer.model_copy(update={"carrier_name": "x" * 101}) for offer in line.offers])}
        )
        for line in quote.lines
    ]
    return quote.model_copy(update={"lines": tuple(lines)})


class TestBigcommerce(ChannelContract):
    case = ChannelCase(
        "bigcommerce",
        requests=[
            *REQUESTS,
            RequestSample(b'{"connection_options": {"key": "?"}}', Asks(""), tail=CHECK),
            RequestSample(b"[]", wrong=["body"], tail=CHECK),
        ],
        replies=[
            ReplySample(SAMPLES / "bigcommerce__documented.response.json", ReplyEffect.PRICES, prices=[635, 853, 1047]),
            ReplySample(SAMPLES / "bigcommerce__no_rates.response.json", ReplyEffect.NOT_DELIVERED),
            ReplySample(CHECKED, BROKEN),  # a check's answer is none to a question for rates
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"connection_key": KEY, "auth": AUTH},
        country="US",
        currency="USD",
        unknown=[ReplyEffect.NO_FREIGHT],
        body_secrets=["connection_options.key"],
        breaks=[of_a_carrier_with_a_long_name],
    )
