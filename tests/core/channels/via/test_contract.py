"""Via passes the suite that the contract kit has for channels."""

from platforms import AUTH, SAMPLES

from portes.channels.understood import ReplyEffect
from portes.contract import Quote
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

TWO = RequestSample(
    SAMPLES / "via__two_skus.request.json",
    Asks("88010000", [AskedLine("Q_VIA_1", 1), AskedLine("Q_VIA_2", 2)]),
    in_query=True,
)
ONE = RequestSample(
    b"",
    Asks("01512651", [AskedLine("lamp, of brass", 12)]),
    method="GET",
    query="skuId=lamp,%20of%20brass%2C12&zipCode=1512651",
)
WRONG = RequestSample(
    b"", method="GET", query="skuId=RB-1,1%7CRB-2,0%7CRB-3&zipCode=88010000", wrong=["skuId.1", "skuId.2"]
)
PRINTED = SAMPLES / "via__two_skus.response.json"


def without_its_last_line(quote: Quote) -> Quote:
    return quote.model_copy(update={"lines": quote.lines[:-1]})


class TestVia(ChannelContract):
    case = ChannelCase(
        "via",
        requests=[
            TWO,
            ONE,
            WRONG,
            RequestSample(b"", method="GET", query="skuId=RB-1,1", wrong=["zipCode"]),
        ],
        replies=[
            ReplySample(PRINTED, ReplyEffect.PRICES, prices=[1990, 2500], asked=TWO),
            ReplySample(PRINTED, BROKEN, asked=ONE),
            ReplySample(SAMPLES / "via__not_served.response.json", ReplyEffect.NOT_DELIVERED, asked=TWO),
            ReplySample(b"<html>", BROKEN),
            ReplySample(b"", ReplyEffect.NO_FREIGHT, status=503),
        ],
        settings={"auth": AUTH, "seller_token": "seller-token-4711-canary"},
        options="cheapest",
        by_line=True,
        unknown=[ReplyEffect.NO_FREIGHT],
        breaks=[without_its_last_line],
        tells=["seller_token"],
    )
