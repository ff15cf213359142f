"""BigCommerce: value objects read, quotes told by carrier, failures told as messages, connection options checked."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.bigcommerce import Bigcommerce
from portes.channels.protocol import ChannelReply, ChannelRequest, request_in
from portes.channels.understood import ReplyEffect
from portes.contract import Dimensions, Money, Place, QuoteRequest
from portes.errors import RequestError, TooMuchError, UnauthorizedError

KEY = "a-key-that-the-shop-enters"


def bigcommerce(**settings: object) -> Bigcommerce:
    made: Bigcommerce = speaking(Bigcommerce, "US", "USD", **settings)
    return made


def question(destination: dict[str, object] | None = None, **changed: object) -> bytes:
    """The printed question, fields of its first item changed."""
    whole = json.loads(sample("bigcommerce__documented.request"))
    options = whole["base_options"]
    options["items"][0] |= changed
    options["destination"] |= destination or {}
    return json.dumps(whole).encode()


def read(channel: Bigcommerce, body: bytes) -> QuoteRequest:
    return request_in(channel.read(replace(asked(channel, body), tail="/rate")))


def check(channel: Bigcommerce, options: object) -> ChannelRequest:
    return replace(asked(channel, {"connection_options": options}), tail="/check_connection_options")


def side(value: object, units: str = "cm") -> dict[str, object]:
    return {"units": units, "value": value}


def test_the_printed_question_is_read_inches_ounces_and_amounts_as_text() -> None:
    request = read(bigcommerce(), sample("bigcommerce__documented.request"))

    (line,) = request.lines
    assert request.destination == Place(country="US", postal_code="94103")
    assert (line.sku, line.quantity, line.weight) == ("SKU-100", 1, 29)
    assert line.size == Dimensions(length=26, width=26, height=26)
    assert line.declared_value == Money(minor=1000, currency="USD")


@pytest.mark.parametrize(("units", "grams"), [("oz", 57), ("lb", 908), ("g", 2), ("kg", 2000)])
def test_each_unit_of_weight_counts(units: str, grams: int) -> None:
    assert read(bigcommerce(), question(weight=side(2, units))).lines[0].weight == grams


@pytest.mark.parametrize(("amount", "minor"), [(10.5, 1050), ("10.50", 1050), (10, 1000)])
def test_amounts_come_as_numbers_or_as_texts(amount: object, minor: int) -> None:
    line = read(bigcommerce(), question(declared_value={"currency": "USD", "amount": amount})).lines[0]

    assert line.declared_value == Money(minor=minor, currency="USD")


@pytest.mark.parametrize("missing", [None, side(0)])
def test_a_product_without_weight_or_a_side_is_left_to_the_catalogue(missing: object) -> None:
    weight = None if missing is None else side(0, "oz")
    (line,) = read(bigcommerce(), question(weight=weight, height=missing)).lines

    assert (line.weight, line.size) == (None, None)


def test_a_product_without_a_declared_value_has_none() -> None:
    assert read(bigcommerce(), question(declared_value=None)).lines[0].declared_value is None


@pytest.mark.parametrize(("of", "grams", "minor"), [("unit", 300, 1000), ("line", 100, 334)])
def test_the_settings_say_whether_weight_and_value_are_of_a_unit_or_of_the_line(
    of: str, grams: int, minor: int
) -> None:
    channel = bigcommerce(item_weight=of, item_value=of)
    (line,) = read(channel, question(quantity=3, weight=side(300, "g"))).lines

    assert (line.quantity, line.weight, line.declared_value) == (3, grams, Money(minor=minor, currency="USD"))


@pytest.mark.parametrize(
    ("settings", "sku", "expected"),
    [({}, "a", "a"), ({}, "", "v"), ({"sku": "variant_id"}, "a", "v"), ({"sku": "product_id"}, "a", "p")],
)
def test_the_setting_says_which_field_is_the_sku(settings: dict[str, object], sku: str, expected: str) -> None:
    channel = bigcommerce(**settings)

    assert read(channel, question(sku=sku, variant_id="v", product_id="p")).lines[0].sku == expected


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(declared_value={"currency": "EUR", "amount": 1}), "base_options.items.0.declared_value.currency"),
        (question(declared_value={"currency": "USD", "amount": "ten"}), "base_options.items.0.declared_value.amount"),
        (question({"country_iso2": "XX"}), "base_options.destination.country_iso2"),
        (question({"zip": "?"}), "base_options.destination.zip"),
        (question({"zip": None}), "base_options.destination.zip"),
        (question(quantity=0), "base_options.items.0.quantity"),
        (question(weight=side(1, "stone")), "base_options.items.0.weight.units"),
        (question(width=side(-1)), "base_options.items.0.width.value"),
        (question(sku="", variant_id=None), "base_options.items.0.sku"),
        (b"{}", "base_options"),
    ],
)
def test_a_wrong_field_is_named_in_a_message_of_type_error(body: bytes, field: str) -> None:
    channel = bigcommerce()

    with pytest.raises(RequestError) as refused:
        read(channel, body)

    reply = channel.refuse(refused.value)
    answer = told(reply, 422)
    (message,) = answer["messages"]
    assert (message["type"], message["text"].split(": ")[0]) == ("ERROR", field)
    assert answer["carrier_quotes"] == []


@pytest.mark.parametrize(("country", "code"), [("GB", "SW1"), ("GB", "SW1A"), ("CA", "K2P"), ("CA", "K2P 1")])
def test_the_beginning_of_a_postal_code_is_no_place_of_which_anything_is_known(country: str, code: str) -> None:
    with pytest.raises(RequestError, match="only the beginning"):
        read(bigcommerce(), question({"country_iso2": country, "zip": code}))


@pytest.mark.parametrize(("country", "code"), [("GB", "M1 1AA"), ("GB", "SW1A1AA"), ("CA", "K2P 1L4"), ("IS", "101")])
def test_a_whole_postal_code_is_read_however_short_it_is(country: str, code: str) -> None:
    place = read(bigcommerce(), question({"country_iso2": country, "zip": code})).destination

    assert place == Place(country=country, postal_code=code.replace(" ", ""))


def test_a_quote_is_told_by_carrier_with_business_days() -> None:
    channel = bigcommerce(titles={"express": "Fast by {carrier}"}, ttl="5m")
    dear = offer(minor=9990, currency="USD", carrier="jamef", carrier_id=2, carrier_name="Jamef")
    reply = channel.write(served([offer(currency="USD"), dear, offer("express", 3550, (0, 0), currency="USD")]), None)

    assert told(reply) == {
        "quote_id": "q-1",
        "messages": [],
        "carrier_quotes": [
            {
                "carrier_info": {"code": "correios", "display_name": "Correios"},
                "quotes": [
                    {
                        "code": "correios:03298",
                        "display_name": "Correios",
                        "cost": {"currency": "USD", "amount": 19.9},
                        "rate_id": "q-1-1",
                        "transit_time": {"units": "BUSINESS_DAYS", "duration": 5},
                    },
                    {
                        "code": "correios:03220",
                        "display_name": "Fast by Correios",
                        "cost": {"currency": "USD", "amount": 35.5},
                        "rate_id": "q-1-2",
                        "transit_time": {"units": "BUSINESS_DAYS", "duration": 1},
                    },
                ],
            },
            {
                "carrier_info": {"code": "jamef", "display_name": "Jamef"},
                "quotes": [
                    {
                        "code": "jamef:03298",
                        "display_name": "Jamef",
                        "cost": {"currency": "USD", "amount": 99.9},
                        "rate_id": "q-1-3",
                        "transit_time": {"units": "BUSINESS_DAYS", "duration": 5},
                    },
                ],
            },
        ],
        "ttl": 300,
    }


@pytest.mark.parametrize(("settings", "days"), [({}, (3, 91)), ({"transit_times": False}, (3, 5))])
def test_days_that_cannot_or_shall_not_be_told_are_left_out(settings: dict[str, object], days: tuple[int, int]) -> None:
    answer = told(bigcommerce(**settings).write(served([offer(days=days, currency="USD")]), None))

    assert "transit_time" not in answer["carrier_quotes"][0]["quotes"][0]


def test_a_cart_that_two_carriers_share_names_both() -> None:
    other = offer(currency="USD", carrier="jamef", carrier_id=2, carrier_name="Jamef")
    answer = told(bigcommerce().write(served([offer(currency="USD")], [other]), None))

    assert [each["carrier_info"] for each in answer["carrier_quotes"]] == [
        {"code": "correios+jamef", "display_name": "Correios + Jamef"}
    ]


def test_a_code_longer_than_the_schema_has_it_alarms_and_is_not_sent() -> None:
    reply = bigcommerce().write(served([offer(currency="USD", carrier="c" * 51)]), None)

    assert (reply.status, "at most 50 characters" in reply.alarm) == (503, True)


def test_what_is_not_available_has_no_quotes_and_what_is_not_known_has_a_message() -> None:
    channel = bigcommerce()
    no, unsure = channel.write(not_served(currency="USD"), None), channel.write(unknown(currency="USD"), None)

    assert told(no) == {**json.loads(sample("bigcommerce__no_rates.response")), "quote_id": "q-1"}
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    assert [message["type"] for message in told(unsure, 503)["messages"]] == ["ERROR"]
    for failed in (unsure, replace(unsure, status=200), replace(no, status=503)):  # its message or its status is enough
        assert channel.understood(asked(channel), failed).effect is ReplyEffect.NO_FREIGHT


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote = served([offer("express", currency="USD")], failed=["normal"])

    assert bigcommerce().write(quote, None).status == 200
    assert bigcommerce(withhold="normal").write(quote, None).status == 503


def test_every_status_of_a_refusal_stays_and_long_texts_are_cut() -> None:
    channel = bigcommerce()
    with pytest.raises(UnauthorizedError) as stranger:
        channel.authenticate(replace(asked(channel), token=""))
    too_much = channel.refuse(TooMuchError([]))
    turned_away = channel.excuse(503, "x" * 600, {"retry-after": "1"})

    refused = channel.refuse(stranger.value)
    assert (refused.status, "www-authenticate" in refused.headers) == (401, True)
    assert json.loads(refused.body)["messages"][0]["text"].startswith("the credentials are missing")
    assert (too_much.status, turned_away.status, turned_away.headers["retry-after"]) == (413, 503, "1")
    assert len(json.loads(turned_away.body)["messages"][0]["text"]) == 500


def test_the_printed_answer_is_understood_from_the_lowest_price_to_the_highest() -> None:
    channel = bigcommerce()
    printed = json.loads(sample("bigcommerce__documented.response"))
    printed["carrier_quotes"].reverse()
    understood = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(printed).encode()))

    assert [(option.name, option.price.minor, option.days) for option in understood.options] == [
        ("USPS-PM", 635, 1),
        ("GND", 853, 1),
        ("2DA", 1047, 2),
    ]
    assert understood.faults == ()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"code": ""}, "code"),
        ({"cost": {"currency": "USD", "amount": -1.0}}, "amount"),
        ({"transit_time": {"units": "BUSINESS_DAYS", "duration": 0}}, "duration"),
        ({"transit_time": {"units": "WEEKS", "duration": 1}}, "units"),
        ({"display_name": "n" * 101}, "display_name"),
    ],
)
def test_an_answer_against_the_schema_has_faults(changed: dict[str, Any], word: str) -> None:
    channel = bigcommerce()
    printed = json.loads(sample("bigcommerce__documented.response"))
    printed["carrier_quotes"][0]["quotes"][0] |= changed
    understood = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(printed).encode()))

    assert (understood.effect, word in understood.faults[0]) == (ReplyEffect.NO_FREIGHT, True)


def test_hours_of_transit_are_no_business_days() -> None:
    channel = bigcommerce()
    printed = json.loads(sample("bigcommerce__documented.response"))
    printed["carrier_quotes"][0]["quotes"][0]["transit_time"] = {"units": "HOURS", "duration": 30}
    understood = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(printed).encode()))

    assert understood.options[0].days is None


def test_a_check_says_whether_the_shop_entered_the_key() -> None:
    channel = bigcommerce(auth=None, connection_key=KEY)
    right, wrong = check(channel, {"key": KEY, "account": "7"}), check(channel, {"key": "guessed"})

    for call in (right, wrong):
        channel.authenticate(call)
        channel.verify(call)
    assert told(channel.read(right)) == {"valid": True, "messages": []}  # type: ignore[arg-type] # a reply at once
    answer = told(channel.read(wrong))  # type: ignore[arg-type] # a reply at once
    printed = json.loads(sample("bigcommerce__check.response"))
    assert (answer["valid"], answer.keys()) == (False, printed.keys())
    assert answer["messages"][0].keys() == printed["messages"][0].keys()
    assert KEY not in json.dumps(answer)


def test_a_check_without_a_key_to_compare_finds_nothing_wrong_and_one_that_is_none_is_refused() -> None:
    channel = bigcommerce()

    assert told(channel.read(check(channel, {"anything": 1}))) == {"valid": True, "messages": []}  # type: ignore[arg-type] # a reply at once
    with pytest.raises(RequestError, match="connection_options"):
        channel.read(check(channel, None))


def test_a_check_is_no_question_for_freight() -> None:
    channel = bigcommerce()
    call = check(channel, {})
    understood = channel.understood(call, channel.read(call))  # type: ignore[arg-type] # a reply at once

    assert (understood.effect, understood.faults) == (ReplyEffect.NO_FREIGHT, ())


def test_a_question_needs_the_key_that_the_shop_entered() -> None:
    channel = bigcommerce(auth=None, connection_key=["another-key-of-16-signs", KEY], connection_key_name="token")
    whole = json.loads(question())
    right = replace(asked(channel, {**whole, "connection_options": {"token": KEY}}), tail="/rate")

    channel.authenticate(right)
    channel.verify(right)
    wrong: tuple[object, ...] = ({}, [], None, {"token": "guessed"}, {"key": KEY})
    for options in wrong:
        with pytest.raises(UnauthorizedError):
            channel.verify(replace(right, body=json.dumps({**whole, "connection_options": options}).encode()))


def test_key_and_address_are_both_demanded_where_both_are_set_and_one_of_them_always() -> None:
    channel = bigcommerce(auth=AUTH, connection_key=KEY)

    with pytest.raises(UnauthorizedError):
        channel.authenticate(replace(asked(channel), token=""))
    with pytest.raises(UnauthorizedError):
        channel.verify(replace(asked(channel, question()), tail="/rate"))
    with pytest.raises(ValueError, match="anybody could ask"):
        bigcommerce(auth=None)


def test_a_call_that_names_another_store_is_not_let_in() -> None:
    assert read(bigcommerce(store_id="ru7t7fv9"), question()).channel == "bigcommerce"
    with pytest.raises(UnauthorizedError):
        read(bigcommerce(store_id="another"), question())


def test_the_example_is_a_question_of_the_store_whose_key_pages_do_not_show() -> None:
    channel = bigcommerce(auth=None, connection_key=KEY, store_id="77")
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert request_in(channel.read(example)).lines[0].sku == "sku-1234-01"
    assert example.address == "/v1/demo/bigcommerce/rate"
    assert KEY.encode() not in channel.masked(example.body)
