"""Omnik's freight for sellers: documented fields read, one seller a call, and answers of status 200 in its envelope."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.omnik import Omnik
from portes.channels.protocol import ChannelQuestion, ChannelReply
from portes.channels.understood import ReplyEffect, UnderstoodOption
from portes.contract import Dimensions, Money, Place, QuoteRequest
from portes.errors import RequestError, SettingsError, UnauthorizedError

DOCUMENTED = json.loads(sample("omnik__documented_shape.request"))
(PRODUCT,) = DOCUMENTED["products"]
TWO_OPTIONS = json.loads(sample("omnik__two_options.response"))


def omnik(**settings: object) -> Omnik:
    made: Omnik = speaking(Omnik, "BR", "BRL", **{"price_unit": "cents", **settings})
    return made


def product(**changed: object) -> dict[str, Any]:
    return {**DOCUMENTED, "products": [{**PRODUCT, **changed}]}


def box(weight: float, *sides: float) -> dict[str, Any]:
    return product(weight=weight, **dict(zip(("width", "height", "length"), sides, strict=True)))


def ask(channel: Omnik, body: dict[str, Any] = DOCUMENTED) -> ChannelQuestion:
    question = channel.read(asked(channel, body))
    assert isinstance(question, ChannelQuestion)
    return question


def request(channel: Omnik, body: dict[str, Any] = DOCUMENTED) -> QuoteRequest:
    found = ask(channel, body).request
    assert found is not None
    return found


def saying(**content: object) -> ChannelReply:
    body = {**TWO_OPTIONS, "content": {**TWO_OPTIONS["content"], **content}}
    return ChannelReply(200, {}, json.dumps(body).encode())


def test_the_documented_fields_are_read_in_kilograms_and_centimetres() -> None:
    channel = omnik()
    (line,) = request(channel).lines

    assert request(channel).destination == Place(country="BR", postal_code="01415906")
    assert (line.sku, line.quantity, line.weight) == ("SKU-1", 1, 500)
    assert line.size == Dimensions(length=300, width=200, height=100)
    assert line.declared_value == Money(minor=9990, currency="BRL")


@pytest.mark.parametrize("written", ["01415906", "01415-906", 1415906])
def test_a_cep_comes_as_text_or_as_the_number_that_answers_have(written: object) -> None:
    assert request(omnik(), {**DOCUMENTED, "destinationZipCode": written}).destination.postal_code == "01415906"


def test_weights_and_sides_are_read_in_the_units_that_are_set() -> None:
    channel = omnik(weight_unit="g", side_unit="m")
    (line,) = request(channel, box(500, 0.2, 0.1, 0.3)).lines

    assert (line.weight, line.size) == (500, Dimensions(length=300, width=200, height=100))


@pytest.mark.parametrize(
    ("sent", "better"),
    [
        ((500, 20, 10, 30), 'weight_unit = "g"'),
        ((0.5, 200, 100, 300), 'side_unit = "mm"'),
        ((0.5, 0.2, 0.1, 0.3), 'side_unit = "m"'),
        ((500, 0.2, 0.1, 0.3), 'weight_unit = "g" and side_unit = "m"'),
    ],
)
def test_measures_that_are_implausible_in_the_set_units_are_trouble_of_ours_with_the_units_that_explain_them(
    sent: tuple[float, ...], better: str
) -> None:
    channel = omnik()
    reply = channel.read(asked(channel, box(*sent)))

    assert isinstance(reply, ChannelReply)
    assert (reply.status, reply.is_answer) == (503, None)
    assert better in reply.alarm
    assert reply.alarm.startswith("products.0 ")
    assert isinstance(omnik(check_units=False).read(asked(channel, box(*sent))), ChannelQuestion)


def test_measures_and_values_that_are_not_sent_are_left_to_the_catalogue() -> None:
    bare = {key: PRODUCT[key] for key in ("skuId", "sellerTenant", "quantity")}
    (line,) = request(omnik(), {**DOCUMENTED, "products": [bare]}).lines

    assert (line.weight, line.size, line.declared_value) == (None, None, None)


@pytest.mark.parametrize(("cost", "minor"), [("unit", 1000), ("line", 334), ("ignored", None)])
def test_the_setting_says_what_the_cost_is_of(cost: str, minor: int | None) -> None:
    (line,) = request(omnik(cost=cost), product(quantity=3, cost=10.0)).lines

    assert (line.declared_value and line.declared_value.minor) == minor


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**DOCUMENTED, "destinationZipCode": "141590"}, "destinationZipCode"),
        ({**DOCUMENTED, "products": []}, "products"),
        (product(skuId=""), "products.0.skuId"),
        (product(sellerTenant=None), "products.0.sellerTenant"),
        (product(quantity=0), "products.0.quantity"),
        (product(weight=-1), "products.0.weight"),
        (product(height="alto"), "products.0.height"),
        (product(cost=-1), "products.0.cost"),
        ({"products": [PRODUCT]}, "destinationZipCode"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it_with_a_fix(body: dict[str, Any], field: str) -> None:
    channel = omnik()

    with pytest.raises(RequestError) as refused:
        ask(channel, body)

    assert [problem.where for problem in refused.value.problems] == [field]
    assert all(problem.fix for problem in refused.value.problems)
    assert channel.refuse(refused.value).status == 422


def test_a_call_about_another_seller_is_401_where_the_store_says_which_it_is() -> None:
    channel = omnik(seller="seller-2")

    with pytest.raises(UnauthorizedError) as refused:
        ask(channel)

    assert channel.refuse(refused.value).status == 401
    assert request(omnik(seller="seller-1")).lines[0].sku == "SKU-1"


def test_a_call_about_several_sellers_is_refused_whoever_they_are() -> None:
    both = {**DOCUMENTED, "products": [PRODUCT, {**PRODUCT, "sellerTenant": "seller-2"}]}

    for seller in (None, "seller-1", "seller-2"):
        with pytest.raises(RequestError) as refused:
            ask(omnik(seller=seller), both)

        assert not isinstance(refused.value, UnauthorizedError)
        assert [problem.where for problem in refused.value.problems] == ["products.1.sellerTenant"]


def test_a_quote_is_told_in_the_envelope_with_options_and_the_cep_as_a_number() -> None:
    channel = omnik()
    offers = [offer("express", 3550, (1, 2)), offer(minor=1300, days=(8, 10), transit=8)]

    assert told(channel.write(served(offers), ask(channel))) == {
        "statusHttp": 200,
        "status": "ok",
        "messages": [],
        "content": {
            "sellerTenant": "seller-1",
            "destinationZipCode": 1415906,
            "platform": "mobile",
            "quotationId": "q-1",
            "deliveryOptions": [
                {
                    "deliveryMethodId": "correios:03298",
                    "deliveryMethodName": "Correios",
                    "deliveryTime": 10,
                    "deliveryTimeType": "bd",
                    "finalShippingCost": 1300,
                },
                {
                    "deliveryMethodId": "correios:03220",
                    "deliveryMethodName": "Correios Express",
                    "deliveryTime": 2,
                    "deliveryTimeType": "bd",
                    "finalShippingCost": 3550,
                },
            ],
            "products": [{"skuId": "SKU-1", "sellerTenant": "seller-1"}],
        },
    }


def test_whole_reais_are_rounded_up_and_never_down() -> None:
    channel = omnik(price_unit="reais")
    (option,) = told(channel.write(served([offer(minor=1901)]), ask(channel)))["content"]["deliveryOptions"]

    assert option["finalShippingCost"] == 20


def test_a_store_that_does_not_say_the_unit_of_prices_does_not_start() -> None:
    with pytest.raises(ValueError, match="price_unit"):
        speaking(Omnik)


@pytest.mark.parametrize(("show", "costs"), [("all", [1990, 3550]), ("cheapest", [1990]), ("fastest", [3550])])
def test_the_setting_says_which_ways_are_told(show: str, costs: list[int]) -> None:
    channel = omnik(show=show)
    reply = channel.write(served([offer("express", 3550, (1, 2)), offer()]), ask(channel))

    assert [each["finalShippingCost"] for each in told(reply)["content"]["deliveryOptions"]] == costs


def test_the_price_and_time_are_those_of_the_whole_cart() -> None:
    channel = omnik()
    two = ask(channel, {**DOCUMENTED, "products": [PRODUCT, {**PRODUCT, "skuId": "SKU-2"}]})
    content = told(channel.write(served([offer(minor=1001)], [offer(minor=999, days=(4, 9))]), two))["content"]

    assert [(each["finalShippingCost"], each["deliveryTime"]) for each in content["deliveryOptions"]] == [(2000, 9)]
    assert [each["skuId"] for each in content["products"]] == ["SKU-1", "SKU-2"]


def test_what_is_not_served_is_200_with_the_message_and_an_empty_list() -> None:
    channel = omnik()
    reply = channel.write(not_served(), ask(channel))

    assert told(reply) == json.loads(sample("omnik__no_options.response"))
    assert channel.understood(asked(channel, DOCUMENTED), reply).effect is ReplyEffect.NOT_DELIVERED


def test_what_is_not_known_does_not_look_like_no_options() -> None:
    channel = omnik(withhold="normal")
    replies = [
        channel.write(unknown(), ask(channel)),
        channel.write(served([offer("express")], failed=["normal"]), ask(channel)),
        channel.excuse(500, "the service failed", {}),
        channel.refuse(RequestError([])),
    ]

    assert [reply.status for reply in replies] == [503, 503, 500, 422]
    assert [b"statusHttp" in reply.body or b"NO_DELIVERY" in reply.body for reply in replies] == [False] * 4
    assert {channel.understood(asked(channel, DOCUMENTED), reply).effect for reply in replies} == {
        ReplyEffect.NO_FREIGHT
    }


def test_offers_are_told_though_another_type_failed_since_no_fallback_is_known() -> None:
    channel = omnik()

    assert channel.write(served([offer("express")], failed=["normal"]), ask(channel)).status == 200


def test_an_answer_that_breaks_the_rules_becomes_trouble_with_an_alarm() -> None:
    channel = omnik()
    reply = channel.write(served([offer()], [offer("express")]), ask(channel))  # no way that both lines have

    assert (reply.status, b"statusHttp" in reply.body) == (503, False)
    assert "has no options, nor NO_DELIVERY_OPTIONS" in reply.alarm


def test_an_answer_with_options_is_understood_in_the_unit_that_is_set() -> None:
    reply = ChannelReply(200, {}, sample("omnik__two_options.response"))
    cents = omnik().understood(asked(omnik(), DOCUMENTED), reply)
    reais = omnik(price_unit="reais").understood(asked(omnik(), DOCUMENTED), reply)

    assert cents.faults == reais.faults == ()
    assert cents.options[0] == UnderstoodOption("8-Correios", Money(minor=1300, currency="BRL"), 10)
    assert [option.price.minor for option in reais.options] == [130_000, 410_000]


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (saying(deliveryOptions=[]), "has no options, nor NO_DELIVERY_OPTIONS"),
        (saying(destinationZipCode="01415906"), "destinationZipCode"),
        (saying(destinationZipCode=1415907), "destinationZipCode 1415907 is not that of the question"),
        (saying(products=[]), "products are not those of the question"),
        (saying(sellerTenant="seller-2"), "sellerTenant seller-2 is not that of the products"),
        (saying(deliveryOptions=[{**TWO_OPTIONS["content"]["deliveryOptions"][0], "finalShippingCost": 13.5}]), "int"),
        (saying(deliveryOptions=[{**TWO_OPTIONS["content"]["deliveryOptions"][0], "deliveryTimeType": "d"}]), "bd"),
        (ChannelReply(200, {}, json.dumps({**TWO_OPTIONS, "statusHttp": 404}).encode()), "statusHttp"),
        (
            ChannelReply(
                200,
                {},
                json.dumps(
                    {**TWO_OPTIONS, "messages": json.loads(sample("omnik__no_options.response"))["messages"]}
                ).encode(),
            ),
            "says that there are no options, and has some",
        ),
    ],
)
def test_an_answer_that_breaks_a_rule_is_found(reply: ChannelReply, fault: str) -> None:
    assert fault in omnik().understood(asked(omnik(), DOCUMENTED), reply).faults[0]


@pytest.mark.parametrize("written", ["01415906", "01415-906", 1415906])
def test_what_is_told_is_what_is_understood(written: object) -> None:
    channel, body = omnik(), {**DOCUMENTED, "destinationZipCode": written}
    reply = channel.write(served([offer(minor=123_456_789)]), ask(channel, body))
    read_back = channel.understood(asked(channel, body), reply)

    assert read_back.faults == ()
    assert [(each.price.minor, each.days) for each in read_back.options] == [(123_456_789, 5)]


def test_the_token_of_the_address_lets_in_and_another_does_not() -> None:
    channel = omnik()

    channel.authenticate(asked(channel))
    for token in ("", "another-t0ken-of-somebody"):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(asked(channel), token=token))


def test_a_store_without_credentials_or_outside_brazil_does_not_start() -> None:
    with pytest.raises(ValueError, match="auth"):
        speaking(Omnik, auth=[], price_unit="cents")
    with pytest.raises(SettingsError, match=r"store\.country"):
        speaking(Omnik, "PT", "EUR", price_unit="cents")


def test_the_limit_is_that_of_the_former_hub_less_the_way_there_and_back() -> None:
    assert omnik().limit == 0.8
    assert omnik().deadline == pytest.approx(0.7)


@pytest.mark.parametrize("weight_unit", ["kg", "g"])
@pytest.mark.parametrize("side_unit", ["cm", "m", "mm"])
def test_the_example_is_a_question_that_its_own_channel_takes_in_all_units(weight_unit: str, side_unit: str) -> None:
    channel = omnik(weight_unit=weight_unit, side_unit=side_unit, seller="our-shop")
    example = channel.example()

    channel.authenticate(example)
    question = channel.read(example)
    assert isinstance(question, ChannelQuestion)
    assert question.request is not None
    assert question.request.lines[0].size == Dimensions(length=250, width=100, height=100)
    assert (question.request.lines[0].weight, question.call) == (500, "our-shop")
