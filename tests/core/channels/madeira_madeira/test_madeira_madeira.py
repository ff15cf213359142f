"""MadeiraMadeira's freight callback: SKUs without measures read, ways of delivery told for the whole cart."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.madeira_madeira import MadeiraMadeira
from portes.channels.protocol import ChannelReply
from portes.channels.understood import ReplyEffect, UnderstoodOption
from portes.contract import Money, Place
from portes.errors import RequestError, SettingsError, UnauthorizedError

DOCUMENTED = json.loads(sample("madeira_madeira__two_volumes.request"))
(QUOTED,) = json.loads(sample("madeira_madeira__one_quote.response"))["shippingQuotes"]


def madeira(**settings: object) -> MadeiraMadeira:
    made: MadeiraMadeira = speaking(MadeiraMadeira, "BR", "BRL", **settings)
    return made


def telling(*quotes: object) -> ChannelReply:
    return ChannelReply(200, {}, json.dumps({"shippingQuotes": quotes}).encode())


def test_a_question_of_skus_alone_is_read_its_measures_and_values_left_to_the_catalogue() -> None:
    channel = madeira()
    request = channel.read(asked(channel, sample("madeira_madeira__two_volumes.request")))

    assert (request.channel, request.destination) == ("madeira-madeira", Place(country="BR", postal_code="80320120"))
    assert [(line.sku, line.quantity) for line in request.lines] == [("SKU-1", 1), ("SKU-2", 3)]
    assert {(line.weight, line.size, line.declared_value) for line in request.lines} == {(None, None, None)}


@pytest.mark.parametrize("written", ["01001000", "01001-000", 1001000])
def test_a_cep_keeps_its_zero_or_gets_it_back(written: object) -> None:
    channel = madeira()

    assert channel.read(asked(channel, {**DOCUMENTED, "destinationZip": written})).destination.postal_code == "01001000"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**DOCUMENTED, "destinationZip": "1001000"}, "destinationZip"),
        ({**DOCUMENTED, "destinationZip": "Curitiba"}, "destinationZip"),
        ({**DOCUMENTED, "volumes": []}, "volumes"),
        ({**DOCUMENTED, "volumes": [{"sku": "", "quantity": 1}]}, "volumes.0.sku"),
        ({**DOCUMENTED, "volumes": [{"sku": "a", "quantity": 0}]}, "volumes.0.quantity"),
        ({**DOCUMENTED, "volumes": [{"sku": "a"}]}, "volumes.0.quantity"),
        ({"volumes": DOCUMENTED["volumes"]}, "destinationZip"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it_with_a_fix(body: dict[str, Any], field: str) -> None:
    channel = madeira()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert all(problem.fix for problem in refused.value.problems)
    assert channel.refuse(refused.value).status == 422


def test_the_ways_of_delivery_are_told_cheaper_ones_first_with_their_days_in_parts() -> None:
    offers = [offer("express", 8990, (1, 3)), offer(minor=4990, days=(5, 7), transit=5)]

    assert told(madeira().write(served(offers), None)) == {
        "shippingQuotes": [
            {
                "shippingCost": 49.9,
                "deliveryTime": {"expedition": 2, "transit": 5, "total": 7},
                "shippingEstimatedId": "q-1",
                "shippingMethodId": "correios:03298",
                "shippingMethodName": "Correios",
                "shippingMethodDisplayName": "Correios",
            },
            {
                "shippingCost": 89.9,
                "deliveryTime": {"expedition": 0, "transit": 3, "total": 3},
                "shippingEstimatedId": "q-1",
                "shippingMethodId": "correios:03220",
                "shippingMethodName": "Correios Express",
                "shippingMethodDisplayName": "Correios Express",
            },
        ]
    }


@pytest.mark.parametrize(("show", "costs"), [("all", [19.9, 35.5]), ("cheapest", [19.9]), ("fastest", [35.5])])
def test_the_setting_says_which_ways_are_told(show: str, costs: list[float]) -> None:
    reply = madeira(show=show).write(served([offer("express", 3550, (1, 2)), offer()]), None)

    assert [each["shippingCost"] for each in told(reply)["shippingQuotes"]] == costs


def test_the_titles_of_the_settings_are_what_shoppers_read() -> None:
    reply = madeira(titles={"normal": "Entrega por {carrier}"}).write(served([offer()]), None)

    assert told(reply)["shippingQuotes"][0]["shippingMethodDisplayName"] == "Entrega por Correios"


def test_the_price_and_time_are_those_of_the_whole_cart() -> None:
    (one,) = told(madeira().write(served([offer(minor=1001)], [offer(minor=999, days=(4, 9))]), None))["shippingQuotes"]

    assert (one["shippingCost"], one["deliveryTime"]["total"]) == (20.0, 9)


def test_what_is_not_served_is_404_and_counts_as_an_answer() -> None:
    channel = madeira()
    reply = channel.write(not_served(), None)

    assert told(reply, 404)["message"]
    assert reply.is_answer is True
    assert channel.understood(asked(channel), reply).effect is ReplyEffect.NOT_DELIVERED


def test_what_is_not_known_is_never_404() -> None:
    channel = madeira(withhold="normal")
    replies = [
        channel.write(unknown(), None),
        channel.write(served([offer("express")], failed=["normal"]), None),
        channel.excuse(500, "the service failed", {}),
        channel.refuse(RequestError([])),
    ]

    assert [reply.status for reply in replies] == [503, 503, 500, 422]
    assert {channel.understood(asked(channel), reply).effect for reply in replies} == {ReplyEffect.NO_FREIGHT}


def test_offers_are_told_though_another_type_failed_since_the_marketplace_has_no_fallback() -> None:
    assert madeira().write(served([offer("express")], failed=["normal"]), None).status == 200


def test_an_answer_that_breaks_the_rules_becomes_trouble_with_an_alarm() -> None:
    reply = madeira().write(served([offer()], [offer("express")]), None)  # no way that both lines have

    assert (reply.status, reply.is_answer) == (503, None)
    assert "breaks the platform's rules: shippingQuotes" in reply.alarm


def test_the_sample_of_an_answer_is_understood() -> None:
    channel = madeira()
    body = sample("madeira_madeira__one_quote.response")
    read_back = channel.understood(asked(channel), ChannelReply(200, {}, body))

    assert read_back.faults == ()
    assert read_back.options == (UnderstoodOption("m-1", Money(minor=4990, currency="BRL"), 7),)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (telling(), "shippingQuotes"),
        (telling({**QUOTED, "shippingCost": "49.9x"}), "shippingCost"),
        (telling({**QUOTED, "shippingCost": -1}), "shippingCost"),
        (telling({**QUOTED, "deliveryTime": 7}), "deliveryTime"),
        (telling({**QUOTED, "deliveryTime": {"expedition": 2, "transit": 5, "total": 8}}), "the total 8 is not"),
        (telling({key: QUOTED[key] for key in QUOTED if key != "shippingEstimatedId"}), "shippingEstimatedId"),
        (telling(QUOTED, QUOTED), "shippingMethodId m-1 stands there twice"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_found(reply: ChannelReply, fault: str) -> None:
    channel = madeira()

    assert fault in channel.understood(asked(channel), reply).faults[0]


def test_what_is_told_is_what_is_understood() -> None:
    channel = madeira()
    reply = channel.write(served([offer(minor=123_456_789), offer("express", 987_654_321, (1, 2))]), None)
    read_back = channel.understood(asked(channel), reply)

    assert read_back.faults == ()
    assert [(each.price.minor, each.days) for each in read_back.options] == [(123_456_789, 5), (987_654_321, 2)]


def test_the_token_of_the_address_lets_in_and_another_does_not() -> None:
    channel = madeira()

    channel.authenticate(asked(channel))
    for token in ("", "another-t0ken-of-somebody"):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(asked(channel), token=token))


def test_a_header_or_basic_credentials_may_stand_in_for_the_token() -> None:
    for auth in (
        {"kind": "header", "name": "X-Key", "value": "a-value"},
        {"kind": "basic", "username": "u", "password": "p"},
    ):
        channel = madeira(auth=auth)
        channel.authenticate(asked(channel))
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(asked(channel), headers={}))


def test_a_store_without_credentials_or_outside_brazil_does_not_start() -> None:
    with pytest.raises(ValueError, match="auth"):
        speaking(MadeiraMadeira, auth=[])
    with pytest.raises(SettingsError, match=r"store\.currency"):
        speaking(MadeiraMadeira, "BR", "USD")


def test_the_documented_limit_holds_less_the_way_there_and_back() -> None:
    assert madeira().limit == 1.5
    assert madeira().deadline == pytest.approx(1.4)


def test_the_example_is_a_question_that_its_own_channel_takes() -> None:
    channel = madeira()
    example = channel.example()

    channel.authenticate(example)
    assert channel.read(example).destination == Place.example("BR")
