"""Mercado Livre passes the suite that the contract kit has for channels."""

import json

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

PRINTED = SAMPLES / "mercado_livre__zipcode.request.json"
ANSWER = SAMPLES / "mercado_livre__two_quotations.response.json"
ERROR = SAMPLES / "mercado_livre__error.response.json"
_PRINTED = json.loads(PRINTED.read_bytes())
_ITEM = _PRINTED["items"][0]
_KEPT, _NO_STORE, _STILL = [
    {name.lower(): value for name, value in each["headers"].items()}
    for each in json.loads((SAMPLES / "mercado_livre__cache_headers.cases.json").read_bytes())
]
_IN_HTTP = {**_KEPT, "cache-control": "private, max-age=1000000"}
"""The printed headers in the form of RFC 9111."""


def question(item: dict[str, object], **changed: object) -> bytes:
    return json.dumps({**_PRINTED, "items": [{**_ITEM, **item}], **changed}).encode()


ONE = RequestSample(PRINTED, Asks("88063038", [AskedLine("RB-PC890A", 1, 500, (310, 100, 100), 6990)]), method="GET")
CONSOLIDATED = RequestSample(
    question({"quantity": 3, "dimensions": {"height": 30, "width": 10, "length": 31, "weight": 1500}}),
    Asks("88063038", [AskedLine("RB-PC890A", 1, 1500, (310, 100, 300), 6990)]),
)
"""Three units, whose measures the marketplace has put together: one piece of them all."""
OF_THE_PRINTED_ANSWER = RequestSample(
    question({"variation_id": 3123212}), Asks("88063038", [AskedLine("RB-PC890A", 1, 500, (310, 100, 100), 6990)])
)


class TestMercadoLivre(ChannelContract):
    case = ChannelCase(
        "mercado-livre",
        requests=[
            ONE,
            CONSOLIDATED,
            OF_THE_PRINTED_ANSWER,
            RequestSample(question({"quantity": 0}), wrong=["items.0.quantity"]),
            RequestSample(question({}, seller_id=337352781), wrong=["seller_id"]),
            RequestSample(question({}, destination={"type": "city", "value": "RM/Lampa"}), wrong=["destination.type"]),
        ],
        replies=[
            ReplySample(ANSWER, ReplyEffect.PRICES, prices=[11988, 0], asked=OF_THE_PRINTED_ANSWER, headers=_IN_HTTP),
            ReplySample(ANSWER, ReplyEffect.PRICES, prices=[11988, 0], asked=OF_THE_PRINTED_ANSWER, headers=_NO_STORE),
            ReplySample(ANSWER, BROKEN, asked=OF_THE_PRINTED_ANSWER, headers=_KEPT),  # `;` and `:` are not HTTP's
            ReplySample(ANSWER, BROKEN, asked=ONE, headers=_IN_HTTP),
            ReplySample(b"", ReplyEffect.PRICES, status=304, headers=_STILL),
            ReplySample(ERROR, ReplyEffect.FALLBACK, status=500),
            ReplySample(ERROR, BROKEN, status=400),
            ReplySample(b'{"message": "no", "error_code": 3}', ReplyEffect.NOT_DELIVERED, status=400),
            ReplySample(b'{"message": "no", "error_code": 2}', ReplyEffect.MESSAGE, status=500),
            ReplySample(b"", ReplyEffect.FALLBACK, status=503),
        ],
        settings={"auth": AUTH, "seller_id": "337352780"},
        options="types",
        one_line="a call is about one item of one seller",
        elsewhere={304: "the service, to GET, for an ETag that is known"},
    )
