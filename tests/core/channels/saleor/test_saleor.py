"""Saleor: both forms of its payload read, quotes told as a bare array, entries dropped as the platform drops them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.protocol import ChannelReply
from portes.channels.saleor import Saleor
from portes.channels.understood import ReplyEffect, Understood
from portes.contract import Money, Place
from portes.errors import RequestError, UnauthorizedError

VARIANT = "UHJvZHVjdFZhcmlhbnQ6Mzgx"


def saleor(**settings: object) -> Saleor:
    made: Saleor = speaking(Saleor, "US", "USD", **settings)
    return made


def chosen(line: dict[str, object] | None = None, **changed: object) -> bytes:
    """The payload of the subscription, fields of its first line or of its checkout changed."""
    checkout = json.loads(sample("saleor__subscription.request"))["checkout"]
    checkout["lines"][0] |= line or {}
    return json.dumps({"checkout": checkout | changed}).encode()


def variant(**changed: object) -> bytes:
    checkout = json.loads(sample("saleor__subscription.request"))["checkout"]
    return chosen({"variant": checkout["lines"][0]["variant"] | changed})


def plain(line: dict[str, object] | None = None, **changed: object) -> bytes:
    (checkout,) = json.loads(sample("saleor__lines.request"))
    checkout["lines"][0] |= line or {}
    return json.dumps([checkout | changed]).encode()


def test_a_subscription_s_payload_is_read_but_for_what_is_not_shipped() -> None:
    channel = saleor()
    request = channel.read(asked(channel, sample("saleor__subscription.request")))

    (line,) = request.lines
    assert request.destination == Place(country="US", postal_code="71807")
    assert (line.sku, line.quantity, line.weight, line.size) == ("apple-juice-1l", 2, 1050, None)
    assert line.declared_value == Money(minor=500, currency="USD")


def test_the_payload_without_a_subscription_is_read_without_weights() -> None:
    channel = saleor()
    request = channel.read(asked(channel, sample("saleor__lines.request")))

    (line,) = request.lines
    assert request.destination == Place(country="US", postal_code="71807")
    assert (line.sku, line.quantity, line.weight, line.size) == ("apple-juice-1l", 2, None, None)
    assert line.declared_value == Money(minor=500, currency="USD")


def test_the_printed_payload_has_no_lines_and_is_told_so() -> None:
    channel = saleor()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, sample("saleor__checkout.request")))

    assert [problem.where for problem in refused.value.problems] == ["0.lines"]


@pytest.mark.parametrize(
    ("unit", "grams"), [("G", 2), ("KG", 1500), ("TONNE", 1_500_000), ("OZ", 43), ("LB", 681), ("kg", 1500)]
)
def test_each_unit_of_weight_counts(unit: str, grams: int) -> None:
    channel = saleor()

    assert channel.read(asked(channel, variant(weight={"unit": unit, "value": 1.5}))).lines[0].weight == grams


@pytest.mark.parametrize("weight", [None, {"unit": "KG", "value": 0}])
def test_a_variant_without_a_weight_is_left_to_the_catalogue(weight: object) -> None:
    channel = saleor()

    assert channel.read(asked(channel, variant(weight=weight))).lines[0].weight is None


@pytest.mark.parametrize(
    ("key", "sku", "expected"), [("sku", "a", "a"), ("sku", None, VARIANT), ("variant_id", "a", VARIANT)]
)
def test_the_setting_says_which_field_is_the_sku(key: str, sku: str | None, expected: str) -> None:
    channel = saleor(sku=key)

    for body in (variant(sku=sku), plain({"sku": sku})):
        assert channel.read(asked(channel, body)).lines[0].sku == expected


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (chosen(channel={"currencyCode": "EUR"}), "checkout.channel.currencyCode"),
        (chosen(shippingAddress=None), "checkout.shippingAddress"),
        (
            chosen(shippingAddress={"postalCode": "1", "country": {"code": "XX"}}),
            "checkout.shippingAddress.country.code",
        ),
        (chosen(shippingAddress={"postalCode": "?", "country": {"code": "US"}}), "checkout.shippingAddress.postalCode"),
        (chosen(lines=[]), "checkout.lines"),
        (chosen({"quantity": 0}), "checkout.lines.0.quantity"),
        (variant(weight={"unit": "STONE", "value": 1}), "checkout.lines.0.variant.weight.unit"),
        (variant(sku=None, id=None), "checkout.lines.0.variant.sku"),
        (plain(currency="EUR"), "0.currency"),
        (plain(shipping_address=None), "0.shipping_address"),
        (plain(shipping_address={"postal_code": "1", "country": "XX"}), "0.shipping_address.country"),
        (plain(shipping_address={"postal_code": "?", "country": "US"}), "0.shipping_address.postal_code"),
        (plain({"quantity": 0}), "0.lines.0.quantity"),
        (plain({"base_price": "five"}), "0.lines.0.base_price"),
        (b"[]", "body"),
        (b"{}", "checkout"),
        (b"", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_payload_calls_it(body: bytes, field: str) -> None:
    channel = saleor()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_a_checkout_of_which_nothing_is_shipped_is_told_so() -> None:
    channel = saleor()

    with pytest.raises(RequestError, match=r"checkout\.lines: holds nothing that is shipped"):
        channel.read(asked(channel, chosen({"requiresShipping": False})))


def test_a_call_about_another_event_is_refused_and_not_answered_as_this_one() -> None:
    channel = saleor()
    call = asked(channel, chosen())

    channel.read(replace(call, headers={"saleor-event": "SHIPPING_LIST_METHODS_FOR_CHECKOUT"}))
    with pytest.raises(RequestError, match="subscribe to shipping_list_methods_for_checkout"):
        channel.read(replace(call, headers={"saleor-event": "checkout_filter_shipping_methods"}))


def test_a_quote_is_told_as_a_bare_array_of_ids_without_colons() -> None:
    channel = saleor(titles={"express": "Fast by {carrier}"})
    reply = channel.write(served([offer(currency="USD"), offer("express", 3550, (1, 2), currency="USD")]), None)

    assert told(reply) == [
        {
            "id": "correios/03298",
            "name": "Correios",
            "amount": 19.9,
            "currency": "USD",
            "minimum_delivery_days": 3,
            "maximum_delivery_days": 5,
            "description": "Correios",
        },
        {
            "id": "correios/03220",
            "name": "Fast by Correios",
            "amount": 35.5,
            "currency": "USD",
            "minimum_delivery_days": 1,
            "maximum_delivery_days": 2,
            "description": "Correios",
        },
    ]
    read = channel.understood(asked(channel), reply)
    assert [(option.name, option.price.minor, option.days) for option in read.options] == [
        ("correios/03298", 1990, 5),
        ("correios/03220", 3550, 2),
    ]


def test_days_can_be_left_out() -> None:
    (method,) = told(saleor(delivery_days=False).write(served([offer(currency="USD")]), None))

    assert set(method) == {"id", "name", "amount", "currency", "description"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [({"carrier": "c" * 95}, "0.id"), ({"carrier_name": "n" * 101}, "0.name")],
)
def test_an_id_or_a_name_that_is_too_long_alarms_and_is_not_sent(changed: dict[str, Any], word: str) -> None:
    reply = saleor().write(served([offer(currency="USD", **changed)]), None)

    assert (reply.status, word in reply.alarm) == (503, True)


def test_what_is_not_delivered_is_an_empty_array_and_what_is_not_known_is_never_one() -> None:
    channel = saleor()
    no, unsure = channel.write(not_served(currency="USD"), None), channel.write(unknown(currency="USD"), None)

    assert told(no) == []
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    for failed in (unsure, replace(no, status=503)):
        assert (failed.status, channel.understood(asked(channel), failed)) == (503, Understood(ReplyEffect.NO_FREIGHT))


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote = served([offer("express", currency="USD")], failed=["normal"])

    assert saleor().write(quote, None).status == 200
    assert saleor(withhold="normal").write(quote, None).status == 503


def test_the_printed_answer_is_understood() -> None:
    channel = saleor()
    read = channel.understood(asked(channel), ChannelReply(200, {}, sample("saleor__documented.response")))

    assert [(option.name, option.price.minor, option.days) for option in read.options] == [
        ("method-1", 1000, None),
        ("method-2", 0, 14),
    ]
    assert read.faults == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": -1},
        {"amount": "free"},
        {"name": "n" * 101},
        {"name": None},
        {"currency": "EUR"},
        {"maximum_delivery_days": -1},
        {"description": "d" * 256},
        {"metadata": {"key": 1}},
    ],
)
def test_the_platform_drops_an_entry_that_is_not_sound_and_keeps_the_others(wrong: dict[str, object]) -> None:
    channel = saleor()
    sound = {"id": 7, "name": "Sound", "amount": "10.5", "currency": "USD"}
    body = json.dumps([{**sound, **wrong}, sound]).encode()
    read = channel.understood(asked(channel), ChannelReply(200, {}, body))

    assert [(option.name, option.price.minor) for option in read.options] == [("7", 1050)]
    assert [fault[:18] for fault in read.faults] == ["entry 0 is dropped"]


@pytest.mark.parametrize("body", [b"", b'{"methods": []}', b"null"])
def test_an_answer_that_is_no_array_lists_nothing(body: bytes) -> None:
    read = saleor().understood(asked(saleor()), ChannelReply(200, {}, body))

    assert (read.effect, len(read.faults)) == (ReplyEffect.NO_FREIGHT, 1)


@pytest.mark.parametrize(("setting", "header"), [("domain", "saleor-domain"), ("api_url", "saleor-api-url")])
def test_a_call_of_another_instance_is_not_let_in(setting: str, header: str) -> None:
    channel = saleor(auth=AUTH, **{setting: "https://shop.example/"})
    call = asked(channel, chosen())

    channel.authenticate(replace(call, headers={header: "https://shop.example/"}))
    for headers in ({}, {header: "https://other.example/"}):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(call, headers=headers))


def test_whoever_is_not_let_in_is_told_by_which_header() -> None:
    channel = saleor(domain="shop.example")
    with pytest.raises(UnauthorizedError) as refused:
        channel.authenticate(replace(asked(channel), headers={}))

    assert b"another store than the one that is set up here, by its headers.saleor-domain" in (
        channel.refuse(refused.value).body
    )


def test_the_example_is_a_question_of_the_store_that_its_own_channel_takes() -> None:
    channel = saleor(auth=AUTH, domain="shop.example", api_url="https://shop.example/graphql/")
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert channel.read(example).lines[0].sku == "sku-1234-01"
