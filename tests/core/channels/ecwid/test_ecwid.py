"""Ecwid: documented bodies read in all units of weight, quotes told, calls let in by a key in the app's storage."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.ecwid import Ecwid
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect
from portes.contract import Money, Place
from portes.errors import RequestError, UnauthorizedError

KEY = "a-key-in-the-app-s-storage"


def ecwid(**settings: object) -> Ecwid:
    made: Ecwid = speaking(Ecwid, "US", "USD", **settings)
    return made


def question(**changed: object) -> bytes:
    """The printed question, fields of its cart changed."""
    whole = json.loads(sample("ecwid__documented.request"))
    return json.dumps({**whole, "cart": {**whole["cart"], **changed}}).encode()


def item(**changed: object) -> bytes:
    return question(items=[{**json.loads(sample("ecwid__documented.request"))["cart"]["items"][0], **changed}])


def keyed(channel: Ecwid, held: object) -> ChannelRequest:
    whole = json.loads(sample("ecwid__documented.request"))
    return replace(asked(channel, {**whole, "merchantAppSettings": held}), headers={}, token="")


def test_the_printed_question_is_read_in_grams_without_sizes() -> None:
    channel = ecwid()
    request = channel.read(asked(channel, sample("ecwid__documented.request")))

    assert request.destination == Place(country="US", postal_code="10002")
    assert [(line.sku, line.quantity, line.weight, line.size) for line in request.lines] == [
        ("30022537", 1, 545, None),
        ("02266183", 1, 137, None),
    ]
    assert request.lines[1].declared_value == Money(minor=508, currency="USD")


@pytest.mark.parametrize(
    ("unit", "grams"), [("carat", 1), ("gram", 3), ("ounce", 71), ("lbs", 1134), ("kg", 2500), ("KG", 2500)]
)
def test_each_unit_of_weight_counts_as_the_page_has_it(unit: str, grams: int) -> None:
    channel = ecwid()
    body = json.loads(item(weight=2.5))
    body["cart"]["weightUnit"] = unit

    assert channel.read(asked(channel, body)).lines[0].weight == grams


def test_a_product_without_a_weight_is_left_to_the_catalogue() -> None:
    channel = ecwid()

    assert channel.read(asked(channel, item(weight=0))).lines[0].weight is None


@pytest.mark.parametrize(("of", "grams", "minor"), [("unit", 1361, 1000), ("line", 454, 334)])
def test_the_settings_say_whether_weight_and_price_are_of_a_unit_or_of_the_line(
    of: str, grams: int, minor: int
) -> None:
    channel = ecwid(item_weight=of, item_price=of)
    (line,) = channel.read(asked(channel, item(amount=3, weight=3, price=10))).lines

    assert (line.quantity, line.weight, line.declared_value) == (3, grams, Money(minor=minor, currency="USD"))


@pytest.mark.parametrize(
    ("settings", "sku", "read"), [({}, "a-1", "a-1"), ({}, "", "65955001"), ({"sku": "productId"}, "a-1", "65955001")]
)
def test_the_setting_says_which_field_is_the_sku(settings: dict[str, object], sku: str, read: str) -> None:
    channel = ecwid(**settings)

    assert channel.read(asked(channel, item(sku=sku))).lines[0].sku == read


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(currency="EUR"), "cart.currency"),
        (question(weightUnit="stone"), "cart.weightUnit"),
        (question(shippingAddress={"countryCode": "XX", "postalCode": "1"}), "cart.shippingAddress.countryCode"),
        (question(shippingAddress={"countryCode": "US", "postalCode": "?"}), "cart.shippingAddress.postalCode"),
        (question(shippingAddress={"countryCode": "US"}), "cart.shippingAddress.postalCode"),
        (question(items=[]), "cart.items"),
        (item(amount=0), "cart.items.0.amount"),
        (item(weight=-1), "cart.items.0.weight"),
        (item(sku="", productId=None), "cart.items.0.sku"),
        (b"[]", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: bytes, field: str) -> None:
    channel = ecwid()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_a_unit_of_weight_that_is_not_known_is_told_with_those_that_are() -> None:
    with pytest.raises(RequestError, match="carat, gram, ounce, lbs, kg"):
        ecwid().read(asked(ecwid(), question(weightUnit="stone")))


def test_a_quote_is_told_as_options_with_days_as_text() -> None:
    channel = ecwid(titles={"express": "Fast by {carrier}"})
    reply = channel.write(served([offer(currency="USD"), offer("express", 3550, (2, 2), currency="USD")]), None)

    assert told(reply)["shippingOptions"] == [
        {"title": "Correios", "rate": 19.9, "transitDays": "3-5"},
        {"title": "Fast by Correios", "rate": 35.5, "transitDays": "2"},
    ]
    read = channel.understood(asked(channel), reply)
    assert [(option.name, option.price.minor, option.days) for option in read.options] == [
        ("Correios", 1990, 5),
        ("Fast by Correios", 3550, 2),
    ]


def test_days_that_are_not_told_are_an_empty_text() -> None:
    reply = ecwid(transit_days=False).write(served([offer(currency="USD")]), None)

    assert told(reply)["shippingOptions"] == [{"title": "Correios", "rate": 19.9, "transitDays": ""}]
    assert ecwid().understood(asked(ecwid()), reply).options[0].days is None


def test_what_is_not_delivered_adds_no_method_and_what_is_not_known_is_no_answer() -> None:
    channel = ecwid()
    no, unsure = channel.write(not_served(currency="USD"), None), channel.write(unknown(currency="USD"), None)

    assert told(no) == json.loads(sample("ecwid__no_options.response"))
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    assert (unsure.status, channel.understood(asked(channel), unsure).effect) == (503, ReplyEffect.NO_FREIGHT)


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote = served([offer("express", currency="USD")], failed=["normal"])

    assert ecwid().write(quote, None).status == 200
    assert ecwid(withhold="normal").write(quote, None).status == 503


def test_the_printed_answer_is_understood() -> None:
    channel = ecwid()
    read = channel.understood(asked(channel), ChannelReply(200, {}, sample("ecwid__documented.response")))

    assert [(option.price.minor, option.days) for option in read.options] == [(1031, 7), (501, 5)]
    assert read.faults == ()


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ({"title": "S", "rate": 1.0}, "transitDays"),
        ({"title": "S", "rate": 1.0, "transitDays": "soon"}, "transitDays"),
        ({"title": "S", "rate": 1.0, "transitDays": "9-4"}, "runs backwards"),
        ({"title": "S", "rate": -1.0, "transitDays": ""}, "rate"),
    ],
)
def test_an_answer_against_the_page_has_faults(option: dict[str, Any], word: str) -> None:
    channel = ecwid()
    reply = ChannelReply(200, {}, json.dumps({"shippingOptions": [option]}).encode())

    assert word in channel.understood(asked(channel), reply).faults[0]


def test_the_key_in_the_app_s_storage_opens_and_nothing_else_does() -> None:
    channel = ecwid(auth=None, app_key=["another-key-of-16-signs", KEY], app_key_name="secret_key")
    right = keyed(channel, {"secret_key": KEY})

    channel.authenticate(right)
    channel.verify(right)
    for held in (
        {},
        None,
        [KEY],
        {"secret_key": ""},
        {"secret_key": [KEY]},
        {"secret_key": KEY + "é"},
        {"public": KEY},
    ):
        with pytest.raises(UnauthorizedError):
            channel.verify(keyed(channel, held))
    for body in (b"", b"{", b"[]", b"\xff"):
        with pytest.raises(UnauthorizedError):
            channel.verify(replace(right, body=body))


def test_key_and_address_are_both_demanded_where_both_are_set() -> None:
    channel = ecwid(app_key=KEY, auth=AUTH)
    right = replace(asked(ecwid()), body=keyed(channel, {"portes_key": KEY}).body)

    channel.authenticate(right)
    channel.verify(right)
    with pytest.raises(UnauthorizedError):
        channel.authenticate(replace(right, token=""))
    with pytest.raises(UnauthorizedError):
        channel.verify(asked(ecwid(), question()))


def test_an_address_alone_needs_no_key() -> None:
    channel = ecwid()

    channel.authenticate(asked(channel, question()))
    channel.verify(asked(channel, question()))


def test_a_store_that_lets_anybody_ask_or_shows_its_key_to_all_does_not_start() -> None:
    with pytest.raises(ValueError, match="anybody could ask"):
        ecwid(auth=None)
    with pytest.raises(ValueError, match="every visitor"):
        ecwid(auth=AUTH, app_key=KEY, app_key_name="public")
    with pytest.raises(ValueError, match="16 characters"):
        ecwid(app_key="short")


def test_a_call_that_names_another_store_is_not_let_in() -> None:
    assert ecwid(store_id="35002").read(asked(ecwid(), question())).channel == "ecwid"
    with pytest.raises(UnauthorizedError):
        ecwid(store_id="35003").read(asked(ecwid(), question()))


def test_the_example_is_a_question_of_the_store_whose_key_pages_do_not_show() -> None:
    channel = ecwid(auth=None, app_key=KEY, store_id="77")
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert channel.read(example).lines[0].sku == "sku-1234-01"
    assert KEY.encode() not in channel.masked(example.body)
    assert json.loads(channel.masked(example.body))["merchantAppSettings"]["portes_key"] == "••••"
