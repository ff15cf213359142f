"""Netshoes passes the suite that the contract kit has for channels."""

import json

import pytest
from platforms import SAMPLES

from portes.channels.understood import ReplyEffect
from portes.contract import DeliveryType, Quote
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

ONE = RequestSample(
    SAMPLES / "netshoes__single_sku.request.json",
    Asks("01512651", [AskedLine("sku-1234-01", 1, 500, (250, 100, 100))]),
)
TWO = RequestSample(
    SAMPLES / "netshoes__two_skus_qty.request.json",
    Asks("04001001", [AskedLine("TEN-42_AZ", 2, 900, (330, 200, 120)), AskedLine("MEIA-UN", 3, 50, (150, 100, 30))]),
)
_PRINTED = json.loads((SAMPLES / "netshoes__single_sku.request.json").read_bytes())


def question(zip_code: object, **changed: object) -> bytes:
    """The printed question for another place, its product changed."""
    return json.dumps({**_PRINTED, "zipCode": zip_code, "products": [{**_PRINTED["products"][0], **changed}]}).encode()


OF_THE_PRINTED_ANSWER = RequestSample(
    question("30512651", skuCode="127-0004-064-01"),
    Asks("30512651", [AskedLine("127-0004-064-01", 1, 500, (250, 100, 100))]),
)
"""The page prints no question for its answer, which is for another place and SKU than its question."""
OUT_OF_COVERAGE = RequestSample(
    question("69900000"), Asks("69900000", [AskedLine("sku-1234-01", 1, 500, (250, 100, 100))])
)
WRONG = RequestSample(question(1512651, quantity=0), wrong=["zipCode", "products.0.quantity"])


def without_its_last_line(quote: Quote) -> Quote:
    return quote.model_copy(update={"lines": quote.lines[:-1]})


class TestNetshoes(ChannelContract):
    case = ChannelCase(
        "netshoes",
        requests=[ONE, TWO, OF_THE_PRINTED_ANSWER, OUT_OF_COVERAGE, WRONG],
        replies=[
            ReplySample(
                SAMPLES / "netshoes__two_options.response.json",
                ReplyEffect.PRICES,
                prices=[1524, 3575],
                asked=OF_THE_PRINTED_ANSWER,
            ),
            ReplySample(
                SAMPLES / "netshoes__two_skus_common_types.response.json",
                ReplyEffect.PRICES,
                prices=[2490, 890],
                asked=TWO,
            ),
            ReplySample(SAMPLES / "netshoes__two_skus_common_types.response.json", BROKEN, asked=ONE),
            ReplySample(
                SAMPLES / "netshoes__out_of_coverage.response.json", ReplyEffect.NOT_DELIVERED, asked=OUT_OF_COVERAGE
            ),
            ReplySample(b"<html>", BROKEN),
            ReplySample(b"", ReplyEffect.FALLBACK, status=503),
        ],
        options="types",
        by_line=True,
        types=[DeliveryType.NORMAL, DeliveryType.EXPRESS],
        breaks=[without_its_last_line],
    )


@pytest.mark.exhaustive
class TestNetshoesByAKeyAndUnitPrices(ChannelContract):
    case = ChannelCase(
        "netshoes",
        requests=[ONE],
        settings={
            "auth": [
                {"kind": "app_key", "app_key": "key-0815-canary", "app_token": "token-4711-canary"},
                {"kind": "basic", "username": "netshoes", "password": "password-4711-canary"},
            ],
            "super_express_text": "SUPER",
        },
        options="types",
        by_line=True,
        one_line="the other case of this channel asks about several",
    )
