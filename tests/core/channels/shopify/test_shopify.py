"""Shopify's CarrierService and Recharge: documented bodies read, quotes told, calls let in by their signature."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import digest

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.protocol import ChannelReply
from portes.channels.shopify import Recharge, Shopify
from portes.channels.understood import ReplyEffect
from portes.contract import Money, Place
from portes.errors import RequestError, UnauthorizedError

SECRET = "app-client-secret"


def shopify(**settings: object) -> Shopify:
    made: Shopify = speaking(Shopify, "CA", "USD", **{"secret": SECRET, **settings})
    return made


def question(**changed: object) -> bytes:
    rate = json.loads(sample("shopify__documented.request"))["rate"]
    return json.dumps({"rate": {**rate, **changed}}).encode()


def item(**changed: object) -> bytes:
    (documented,) = json.loads(sample("shopify__documented.request"))["rate"]["items"]
    return question(items=[{**documented, **changed}])


def test_the_printed_question_is_read_its_variant_named_where_the_sku_is_empty() -> None:
    channel = shopify()
    request = channel.read(asked(channel, sample("shopify__documented.request")))

    (line,) = request.lines
    assert request.destination == Place(country="CA", postal_code="K1M1M4")
    assert (line.sku, line.quantity, line.weight, line.size) == ("258644705304", 1, 1000, None)
    assert line.declared_value == Money(minor=1999, currency="USD")


@pytest.mark.parametrize(
    ("key", "sku"), [("sku", "shirt-m"), ("variant_id", "258644705304"), ("product_id", "48447225880")]
)
def test_the_setting_says_which_field_is_the_sku(key: str, sku: str) -> None:
    channel = shopify(sku=key)

    assert channel.read(asked(channel, item(sku="shirt-m"))).lines[0].sku == sku


def test_a_product_without_a_weight_is_left_to_the_catalogue() -> None:
    channel = shopify()

    assert channel.read(asked(channel, item(grams=0))).lines[0].weight is None


def test_a_price_as_text_with_a_point_is_in_whole_units() -> None:
    channel = shopify()

    assert channel.read(asked(channel, item(price="10.00"))).lines[0].declared_value == Money(
        minor=1000, currency="USD"
    )
    assert channel.read(asked(channel, item(price="1000"))).lines[0].declared_value == Money(minor=1000, currency="USD")


def test_a_currency_without_cents_is_told_in_hundredths_all_the_same() -> None:
    channel: Shopify = speaking(Shopify, "JP", "JPY", secret=SECRET)
    request = channel.read(
        asked(channel, question(currency="JPY", destination={"country": "JP", "postal_code": "1000001"}))
    )
    reply = channel.write(served([offer(minor=500, currency="JPY")]), request)

    assert request.lines[0].declared_value == Money(minor=20, currency="JPY")  # 19.99 yen, rounded up
    assert told(reply)["rates"][0]["total_price"] == "50000"
    assert channel.understood(asked(channel), reply).options[0].price == Money(minor=500, currency="JPY")


def test_what_requires_no_shipping_is_not_asked_about() -> None:
    channel = shopify()
    both = json.loads(item())["rate"]["items"] * 2
    both[0] = {**both[0], "sku": "voucher", "requires_shipping": False}

    assert [line.sku for line in channel.read(asked(channel, question(items=both))).lines] == ["258644705304"]
    with pytest.raises(RequestError, match=r"rate\.items: holds nothing that is shipped"):
        channel.read(asked(channel, item(requires_shipping=False)))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(currency="CAD"), "rate.currency"),
        (question(destination={"country": "Narnia", "postal_code": "1"}), "rate.destination.country"),
        (question(destination={"country": "CA", "postal_code": "?"}), "rate.destination.postal_code"),
        (question(items=[]), "rate.items"),
        (item(quantity=0), "rate.items.0.quantity"),
        (item(sku="", variant_id=None), "rate.items.0.sku"),
        (b"{", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: bytes, field: str) -> None:
    channel = shopify()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_a_quote_is_told_as_rates_with_stable_codes_hundredths_and_dates() -> None:
    channel = shopify(titles={"express": "Fast by {carrier}"})
    reply = channel.write(served([offer(currency="USD"), offer("express", 3550, (1, 2), currency="USD")]), None)

    assert told(reply)["rates"] == [
        {
            "service_name": "Correios",
            "service_code": "correios:03298",
            "total_price": "1990",
            "currency": "USD",
            "description": "Correios",
            "min_delivery_date": f"{offer().lead_time.earliest} 12:00:00 +0000",
            "max_delivery_date": f"{offer().lead_time.latest} 12:00:00 +0000",
        },
        {
            "service_name": "Fast by Correios",
            "service_code": "correios:03220",
            "total_price": "3550",
            "currency": "USD",
            "description": "Correios",
            "min_delivery_date": f"{offer(days=(1, 2)).lead_time.earliest} 12:00:00 +0000",
            "max_delivery_date": f"{offer(days=(1, 2)).lead_time.latest} 12:00:00 +0000",
        },
    ]


def test_dates_can_be_left_out() -> None:
    reply = shopify(dates=False).write(served([offer(currency="USD")]), None)

    assert set(told(reply)["rates"][0]) == {"service_name", "service_code", "total_price", "currency", "description"}


def test_what_cannot_be_shipped_is_an_empty_list_and_what_is_not_known_is_no_answer() -> None:
    channel = shopify()
    no, unsure = channel.write(not_served(), None), channel.write(unknown(), None)

    assert told(no) == json.loads(sample("shopify__cannot_ship.response"))
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    assert (unsure.status, channel.understood(asked(channel), unsure).effect) == (503, ReplyEffect.FALLBACK)


def test_offers_are_held_back_where_a_type_failed_and_the_shop_has_backup_rates() -> None:
    quote = served([offer("express", currency="USD")], failed=["normal"])

    assert shopify().write(quote, None).status == 200
    assert shopify(withhold="normal").write(quote, None).status == 503


def test_the_printed_answer_is_understood_but_for_what_its_own_page_demands() -> None:
    channel = shopify()
    printed = json.loads(sample("shopify__documented.response"))
    reply = ChannelReply(200, {}, json.dumps({"rates": printed["rates"][:1]}).encode())
    whole = channel.understood(asked(channel), ChannelReply(200, {}, sample("shopify__documented.response")))

    assert [option.price.minor for option in channel.understood(asked(channel), reply).options] == [1295]
    assert "description" in whole.faults[0]  # two of its three rates lack it


def test_a_call_signed_over_its_raw_body_is_let_in() -> None:
    channel, body = shopify(), b' {"rate": 1}\r\n'
    call = replace(
        asked(channel, body),
        headers={"x-shopify-hmac-sha256": b64encode(digest(SECRET.encode(), body, sha256)).decode()},
    )

    channel.authenticate(call)
    channel.verify(call)


@pytest.mark.parametrize(
    "changed",
    [{"body": b"{} "}, {"headers": {"x-shopify-hmac-sha256": "bm8="}}, {"headers": {"x-shopify-hmac-sha256": "nö"}}],
)
def test_a_call_whose_body_or_signature_is_another_is_refused(changed: dict[str, object]) -> None:
    channel = shopify()
    call = replace(asked(channel, b"{}"), **changed)  # type: ignore[arg-type] # fields of a call

    channel.authenticate(call)
    with pytest.raises(UnauthorizedError):
        channel.verify(call)


def test_a_call_without_a_signature_is_refused_before_its_body_is_read() -> None:
    with pytest.raises(UnauthorizedError, match="no signature"):
        shopify().authenticate(replace(asked(shopify()), headers={}))


def test_a_call_of_another_shop_that_has_the_same_app_is_refused() -> None:
    channel = shopify(shop="my-shop.myshopify.com")
    right = asked(channel, b"{}")
    other = replace(right, headers={**right.headers, "x-shopify-shop-domain": "other.myshopify.com"})
    bare = replace(right, headers={name: text for name, text in right.headers.items() if "domain" not in name})

    channel.authenticate(right)
    for call in (other, bare):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(call)
    shopify().authenticate(other)


def test_two_secrets_hold_while_one_replaces_the_other() -> None:
    old = asked(shopify(), b"{}")

    shopify(secret=["the-new-one", SECRET]).verify(old)
    with pytest.raises(UnauthorizedError):
        shopify(secret="the-new-one").verify(old)


def test_an_address_with_a_token_may_stand_in_for_the_signature_or_be_demanded_besides() -> None:
    either: Shopify = speaking(Shopify, "CA", "USD", auth=AUTH)
    both = shopify(auth=AUTH)
    signed = asked(shopify(), b"{}")

    either.authenticate(asked(either))
    either.verify(asked(either))
    both.authenticate(asked(both))
    with pytest.raises(UnauthorizedError):
        both.authenticate(signed)


def test_a_store_that_lets_anybody_ask_does_not_start() -> None:
    with pytest.raises(ValueError, match="anybody could ask"):
        speaking(Shopify, secret=None, auth=None)


def test_recharge_asks_in_the_same_shape_with_three_letters_of_a_country() -> None:
    channel: Recharge = speaking(Recharge, "US", "USD")
    request = channel.read(asked(channel, question(destination={"country": "USA", "postal_code": "10001"})))

    assert (request.channel, request.destination.country) == ("recharge", "US")
    with pytest.raises(ValueError, match="signature_header"):
        speaking(Recharge, "US", "USD", secret=SECRET)


def test_the_example_is_a_question_of_the_store_that_its_own_channel_takes() -> None:
    channel = shopify()
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert channel.read(example).destination == Place.example("CA")
