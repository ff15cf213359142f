"""Offers held back because another delivery type, which might serve all lines as well, could not be found out."""

import json
from collections.abc import Callable, Mapping

import pytest
from marketplace import channel as netshoes
from marketplace import request

from portes.channels.native import Native, NativeSettings
from portes.channels.protocol import ChannelReply, Storefront
from portes.contract import DeliveryType, Offer, Quote

MakeOffer = Callable[..., Offer]
MakeQuote = Callable[..., Quote]


def native(**settings: object) -> Native:
    fields = NativeSettings.model_validate({"keys": "canary-key-of-ours", **settings})
    return Native(fields, Storefront(store="demo", country="BR", currency="BRL"))


def withheld(reply: ChannelReply) -> list[str]:
    """The types for whose sake a reply is 503; a reply with offers has none."""
    assert (reply.status, reply.alarm) == (503 if reply.withheld else 200, "")
    return [delivery.value for delivery in reply.withheld]


@pytest.mark.parametrize("channel", [netshoes, native], ids=["netshoes", "native"])
@pytest.mark.parametrize(
    ("withhold", "offered", "failed", "missing"),
    [
        ("never", "express", "normal", []),
        ("normal", "express", "normal", ["normal"]),
        ("normal", "normal", "express", []),
        ("any", "express", "normal", ["normal"]),
        ("any", "normal", "express", ["express"]),
        ("any", "normal", "normal", []),
    ],
)
def test_a_channel_withholds_what_its_setting_says(
    channel: Callable[..., Native],
    withhold: str,
    offered: str,
    failed: str,
    missing: list[str],
    make_offer: MakeOffer,
    make_quote: MakeQuote,
) -> None:
    quote = make_quote("served", ("a", (make_offer(offered, 4000, (1, 2)),)), failed=(failed,))

    assert withheld(channel(withhold=withhold).write(quote, request("a"))) == missing


@pytest.mark.parametrize(("settings", "missing"), [({}, []), ({"super_express_text": "SUPER"}, ["super_express"])])
def test_a_type_that_cannot_be_told_keeps_no_offer_back(
    settings: Mapping[str, str], missing: list[str], make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 900, (3, 4)),)), failed=("super_express",))

    assert withheld(netshoes(withhold="any", **settings).write(quote, request("a"))) == missing


def test_where_the_marketplace_has_a_table_of_its_own_a_failed_normal_withholds_and_else_nothing_does(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    """A dear express alone is what the shopper would see, while the imported table has a price for normal."""
    quote = make_quote("served", ("a", (make_offer("express", 4000, (1, 2)),)), failed=("normal",))

    assert withheld(netshoes().write(quote, request("a"))) == ["normal"]
    assert withheld(native().write(quote, request("a"))) == []


def test_a_native_caller_gets_the_offers_that_are_withheld_beside_the_reason(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("express", 4000, (1, 2)),)), failed=("normal",))

    body = json.loads(native(withhold="normal").write(quote, request("a")).body)

    assert "normal delivery could not be found out" in body["detail"]
    assert Quote.model_validate_json(json.dumps(body["quote"])) == quote
    assert quote.uncertain == (DeliveryType.NORMAL,)
