"""Yampi's freight question in both of its versions, quotes told in its words, calls let in by signature and header."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import digest
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.protocol import ChannelReply
from portes.channels.understood import ReplyEffect, Understood
from portes.channels.yampi import Yampi
from portes.channels.yampi.channel import quote_ids
from portes.contract import Dimensions, Money, Place, RequestLine
from portes.errors import RequestError, SettingsError, UnauthorizedError

SECRET = "whsec-of-the-shop"


def yampi(**settings: object) -> Yampi:
    made: Yampi = speaking(Yampi, "BR", "BRL", **{"secret": SECRET, **settings})
    return made


def question(**changed: object) -> bytes:
    return json.dumps({**json.loads(sample("yampi__current.request")), **changed}).encode()


def cart(*left_out: str, **changed: Any) -> bytes:
    """The printed question with other values of its item, or without some."""
    (printed,) = json.loads(sample("yampi__current.request"))["skus"]
    item = {key: value for key, value in {**printed, **changed}.items() if key not in left_out}
    return question(skus=[item])


def line(body: bytes, **settings: object) -> RequestLine:
    channel = yampi(**settings)
    (found,) = channel.read(asked(channel, body)).lines
    return found


def reais(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def test_the_printed_question_of_the_current_version_is_read() -> None:
    channel = yampi()
    request = channel.read(asked(channel, sample("yampi__current.request")))

    (found,) = request.lines
    assert request.destination == Place(country="BR", postal_code="14940472")
    assert (found.sku, found.quantity, found.weight) == ("716237816313213", 2, 1000)
    assert found.size == Dimensions(length=10, width=10, height=10)
    assert (found.declared_value, found.handling_days) == (reais(600), 1)
    assert request.channel == "yampi"


def test_the_older_version_has_the_price_of_one_unit_and_a_number_as_the_external_id() -> None:
    older = cart("unit_price", price=6.0, platform={"name": "shopify", "external_id": 1231231231313})

    assert line(older).declared_value == reais(600)
    assert line(older, sku="external_id").sku == "1231231231313"


@pytest.mark.parametrize(
    ("body", "cents"),
    [
        (cart(price=12.0, unit_price=6.0), 600),
        (cart(price=10.0, unit_price=3.33, quantity=3), 333),
        (cart(price=10.0, unit_price=None, quantity=3), 334),
        (cart("unit_price", price=12.0, quantity=2), 1200),
        (cart("unit_price", price="12.10"), 1210),
        (cart("price", unit_price=0), 0),
        (cart("price", "unit_price"), None),
    ],
    ids=["both", "both, not even", "of the line alone", "of one unit", "as text", "nothing", "untold"],
)
def test_which_price_is_of_one_unit_hangs_on_whether_unit_price_is_there(body: bytes, cents: int | None) -> None:
    assert line(body).declared_value == (None if cents is None else reais(cents))


@pytest.mark.parametrize(
    ("key", "sku"), [("sku", "716237816313213"), ("id", "1231233"), ("external_id", "1231231231313")]
)
def test_the_setting_says_which_field_is_the_sku(key: str, sku: str) -> None:
    assert line(cart(), sku=key).sku == sku


@pytest.mark.parametrize("body", [cart(sku=""), cart(sku=None), cart("sku"), cart(sku=None, platform=None)])
def test_an_item_without_the_sku_that_is_set_goes_by_the_platforms_id(body: bytes) -> None:
    assert line(body).sku == "1231233"


def test_an_item_without_a_shop_system_goes_by_the_platforms_id_too() -> None:
    assert line(cart(platform=None), sku="external_id").sku == "1231233"


@pytest.mark.parametrize(("unit", "millimetres"), [("cm", 105), ("mm", 11), ("m", 10_500)])
def test_the_unit_of_sizes_is_a_setting(unit: str, millimetres: int) -> None:
    found = line(cart(length=10.5, width=10.5, height=10.5), size_unit=unit)

    assert found.size == Dimensions(length=millimetres, width=millimetres, height=millimetres)


def test_weights_are_kilograms_rounded_up_to_the_gram() -> None:
    assert line(cart(weight=0.1 + 0.2)).weight == 300
    assert line(cart(weight=0.0001)).weight == 1


@pytest.mark.parametrize("missing", [0, None])
def test_weight_and_size_that_the_shop_does_not_have_are_left_to_the_catalogue(missing: float | None) -> None:
    assert line(cart(weight=missing)).weight is None
    assert line(cart(height=missing)).size is None
    assert line(cart("weight", "length")).size is None


def test_days_until_goods_are_available_are_handling_days_unless_the_platform_adds_them() -> None:
    assert line(cart(availability_days=4)).handling_days == 4
    assert line(cart(availability_days=None)).handling_days == 0
    assert line(cart(availability_days=4), availability="leave_out").handling_days == 0


@pytest.mark.parametrize("zipcode", ["01001000", "01001-000", 1001000])
def test_a_postal_code_keeps_its_zeros_or_gets_them_back(zipcode: object) -> None:
    channel = yampi()

    assert channel.read(asked(channel, question(zipcode=zipcode))).destination.postal_code == "01001000"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(zipcode="1494047"), "zipcode"),
        (question(skus=[]), "skus"),
        (cart(quantity=0), "skus.0.quantity"),
        (cart("quantity"), "skus.0.quantity"),
        (cart(price=-1), "skus.0.price"),
        (cart(weight=-1), "skus.0.weight"),
        (cart(availability_days=366), "skus.0.availability_days"),
        (cart(length=5000), "skus.0.length"),
        (cart("sku", "id"), "skus.0.sku"),
        (b"{", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: bytes, field: str) -> None:
    channel = yampi()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_a_quote_is_told_with_prices_in_reais_days_and_a_number_of_its_own() -> None:
    channel = yampi()
    reply = channel.write(served([offer(minor=2130, days=(5, 8)), offer("express", 4200, (1, 3))]), None)

    normal, express = told(reply)["quotes"]
    assert {**normal, "quote_id": 1} == {
        "name": "Correios",
        "service": "correios:03298",
        "price": 21.3,
        "days": 8,
        "quote_id": 1,
        "free_shipment": False,
    }
    assert (express["name"], express["price"], express["days"]) == ("Correios Express", 42.0, 3)
    assert normal.keys() == json.loads(sample("yampi__two_quotes.response"))["quotes"][0].keys()
    found = channel.understood(asked(channel), reply)
    assert [(one.name, one.price.minor, one.days) for one in found.options] == [
        ("Correios", 2130, 8),
        ("Correios Express", 4200, 3),
    ]
    assert (found.effect, found.faults) == (ReplyEffect.PRICES, ())


def test_the_number_of_a_service_stays_the_same_whatever_else_is_offered() -> None:
    channel = yampi()
    alone = told(channel.write(served([offer()]), None))["quotes"]
    both = told(channel.write(served([offer("express", 900), offer()]), None))["quotes"]

    numbers = {one["service"]: one["quote_id"] for one in both}
    assert alone[0]["quote_id"] == numbers["correios:03298"] == 427_589_715
    assert len({*numbers.values()}) == 2


def test_services_whose_numbers_would_be_one_get_two() -> None:
    twins = ("a:50055", "a:61200")  # their digests leave the same remainder
    alone = [quote_ids([code])[code] for code in twins]
    both = quote_ids(twins)

    assert alone[0] == alone[1]
    assert len({*both.values()}) == 2
    assert quote_ids(reversed(twins)) == both


def test_what_costs_the_shopper_nothing_is_free_shipment() -> None:
    reply = yampi().write(served([offer(minor=0), offer("express", 100)]), None)

    assert [one["free_shipment"] for one in told(reply)["quotes"]] == [True, False]


def test_nothing_to_offer_is_an_empty_list_and_what_is_not_known_is_no_answer() -> None:
    channel = yampi()
    no, unsure = channel.write(not_served(), None), channel.write(unknown(), None)

    assert told(no) == {"quotes": []}
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    assert (unsure.status, channel.understood(asked(channel), unsure)) == (503, Understood(ReplyEffect.NO_FREIGHT))


def test_an_answer_is_withheld_where_a_type_failed_and_that_is_set() -> None:
    quote = served([offer("express")], failed=["normal"])

    assert yampi().write(quote, None).status == 200
    assert yampi(withhold="normal").write(quote, None).status == 503


def test_the_shape_of_an_answer_is_understood() -> None:
    channel = yampi()
    found = channel.understood(asked(channel), ChannelReply(200, {}, sample("yampi__two_quotes.response")))

    assert [(one.name, one.price.minor, one.days) for one in found.options] == [
        ("Econômico", 2130, 8),
        ("Expresso", 4200, 3),
    ]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"days": "8"}, "days"),
        ({"quote_id": 2}, "two quotes have the same quote_id"),
        ({"free_shipment": True}, "Econômico is free and has a price"),
        ({"price": -1}, "price"),
    ],
)
def test_an_answer_that_breaks_the_shape_is_seen(changed: dict[str, object], fault: str) -> None:
    whole = json.loads(sample("yampi__two_quotes.response"))
    whole["quotes"][0].update(changed)
    reply = ChannelReply(200, {}, json.dumps(whole).encode())

    assert fault in " ".join(yampi().understood(asked(yampi()), reply).faults)


def test_a_call_signed_over_its_raw_body_is_let_in_and_a_changed_one_is_not() -> None:
    channel, body = yampi(), b' {"zipcode": "1"}\r\n'
    signature = b64encode(digest(SECRET.encode(), body, sha256)).decode()
    call = replace(asked(channel, body), headers={"x-yampi-hmac-sha256": signature})

    channel.authenticate(call)
    channel.verify(call)
    with pytest.raises(UnauthorizedError):
        channel.verify(replace(call, body=body.strip()))
    with pytest.raises(UnauthorizedError, match="no signature"):
        channel.authenticate(replace(call, headers={}))


def test_a_header_that_the_merchant_defines_may_be_demanded_besides_or_in_place_of_the_signature() -> None:
    header = {"kind": "header", "name": "X-Portes", "value": "a-long-random-text"}
    both, alone = yampi(auth=header), yampi(secret=None, auth=header)

    both.authenticate(asked(both))
    both.verify(asked(both))
    alone.authenticate(asked(alone))
    alone.verify(asked(alone))
    for channel in (both, alone):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(asked(yampi()))


def test_a_store_that_lets_anybody_ask_or_that_is_not_of_brazil_does_not_start() -> None:
    with pytest.raises(ValueError, match="anybody could ask"):
        yampi(secret=None)
    with pytest.raises(SettingsError, match="speaks for stores of BR"):
        speaking(Yampi, "ES", "EUR", auth=AUTH)


def test_the_example_is_a_question_of_the_store_that_its_own_channel_takes() -> None:
    channel = yampi()
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert channel.read(example).destination == Place.example("BR")
    assert channel.read(example).lines[0].sku == "sku-1234-01"
