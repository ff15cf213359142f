"""SkyHub's freight service: documented bodies read, one way of delivery told, and units that cannot be meant found."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from platforms import asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.protocol import ChannelReply, request_in
from portes.channels.skyhub import Skyhub
from portes.channels.understood import ReplyEffect, UnderstoodOption
from portes.contract import Dimensions, Money, Place, QuoteRequest
from portes.errors import RequestError, SettingsError, TooMuchError, UnauthorizedError

DOCUMENTED = json.loads(sample("skyhub__two_volumes.request"))


def skyhub(**settings: object) -> Skyhub:
    made: Skyhub = speaking(Skyhub, "BR", "BRL", **settings)
    return made


def read(channel: Skyhub, body: bytes | dict[str, Any]) -> QuoteRequest:
    question = channel.read(asked(channel, body))
    assert isinstance(question, QuoteRequest)
    return question


def volume(**changed: object) -> dict[str, Any]:
    """The documented question with the first of its volumes alone, changed."""
    return {**DOCUMENTED, "volumes": [{**DOCUMENTED["volumes"][0], **changed}]}


def box(weight: float, *sides: float) -> dict[str, Any]:
    return volume(weight=weight, **dict(zip(("height", "length", "width"), sides, strict=True)))


def question() -> QuoteRequest:
    return read(skyhub(), sample("skyhub__two_volumes.request"))


def test_the_printed_question_is_read_in_metres_and_kilograms_its_cep_padded() -> None:
    first, second = question().lines

    assert question().destination == Place(country="BR", postal_code="05010010")
    assert (first.sku, first.quantity, first.weight) == ("SKU_PARCEIRO_1", 2, 1000)
    assert first.size == Dimensions(length=630, width=210, height=550)
    assert first.declared_value == Money(minor=1520, currency="BRL")
    assert (second.sku, second.weight, second.size) == (
        "SKU_PARCEIRO_2",
        1750,
        Dimensions(length=200, width=100, height=300),
    )


@pytest.mark.parametrize("written", [5010010, "5010010", "05010010", "05010-010"])
def test_a_cep_comes_as_a_number_or_as_text(written: object) -> None:
    assert read(skyhub(), {**DOCUMENTED, "destinationZip": written}).destination.postal_code == "05010010"


@pytest.mark.parametrize("written", [501001, "0501001", "501001", 105010010, -5010010, "05010O10", True, 0])
def test_a_number_that_is_no_cep_is_refused_and_never_padded_to_another_place(written: object) -> None:
    channel = skyhub()

    with pytest.raises(RequestError) as refused:
        read(channel, {**DOCUMENTED, "destinationZip": written})

    assert {problem.where.split(".")[0] for problem in refused.value.problems} == {"destinationZip"}


@pytest.mark.parametrize(("unit", "times"), [("m", 1), ("cm", 100), ("mm", 1000)])
def test_sides_are_read_in_the_unit_that_is_set(unit: str, times: int) -> None:
    asked_in_unit = box(1.0, 0.55 * times, 0.63 * times, 0.21 * times)

    assert read(skyhub(side_unit=unit), asked_in_unit).lines[0].size == Dimensions(length=630, width=210, height=550)


@pytest.mark.parametrize(
    ("side_unit", "sent", "better"),
    [
        ("m", (2.0, 40, 29, 27), 'side_unit = "cm"'),  # the sides of another marketplace's sample
        ("m", (0.1, 5, 4, 3), 'side_unit = "cm"'),
        ("m", (3.0, 300, 200, 150), 'side_unit = "mm"'),
        ("m", (0.5, 80, 70, 60), 'side_unit = "cm" or side_unit = "mm"'),
        ("cm", (1.0, 0.55, 0.63, 0.21), 'side_unit = "m"'),
        ("cm", (3.0, 300, 200, 150), 'side_unit = "mm"'),
        ("mm", (3.0, 30, 20, 15), 'side_unit = "cm"'),
    ],
)
def test_measures_that_are_implausible_in_the_set_unit_are_trouble_of_ours_with_the_unit_that_explains_them(
    side_unit: str, sent: tuple[float, ...], better: str
) -> None:
    channel = skyhub(side_unit=side_unit)
    reply = channel.read(asked(channel, box(*sent)))

    assert isinstance(reply, ChannelReply)
    assert (reply.status, reply.is_answer) == (503, None)
    assert f"plausible with {better}:" in reply.alarm
    assert f"volumes.0 {'has a side' if max(sent[1:]) > 6 and side_unit == 'm' else 'weighs'}" in reply.alarm
    assert b"volumes" not in reply.body  # the fault is ours: nothing is said of the goods
    assert channel.understood(asked(channel), reply).effect is ReplyEffect.FALLBACK


@pytest.mark.parametrize(
    "sent",
    [
        (0.2, 0.6, 0.6, 0.55),  # a lampshade, hardly heavier than its carton
        (18.0, 6.0, 0.05, 0.05),  # a bar of six metres
        (0.4, 0.02, 0.03, 0.04),  # a lead weight
        (0, 0.1, 0.1, 0.1),
        (2.0, 0.1, 0, 0.1),
    ],
)
def test_measures_of_strange_goods_and_measures_that_nobody_took_are_no_doubt_about_the_unit(
    sent: tuple[float, ...],
) -> None:
    assert isinstance(skyhub().read(asked(skyhub(), box(*sent))), QuoteRequest)


def test_lead_in_millimetres_is_no_doubt_about_the_unit_though_it_would_be_plausible_in_centimetres() -> None:
    assert isinstance(skyhub(side_unit="mm").read(asked(skyhub(), box(0.26, 20, 30, 40))), QuoteRequest)


def test_one_volume_that_is_absurd_beside_sound_ones_is_trouble_that_no_unit_is_named_for() -> None:
    channel = skyhub()
    absurd = {**DOCUMENTED["volumes"][1], "height": 30}
    reply = channel.read(asked(channel, {**DOCUMENTED, "volumes": [DOCUMENTED["volumes"][0], absurd]}))

    assert isinstance(reply, ChannelReply)
    assert reply.status == 503
    assert reply.alarm.startswith("volumes.1 has a side of 30 m, read in m, and no other unit explains it")


def test_goods_that_are_too_dense_in_every_unit_are_taken_as_they_are() -> None:
    """Sides of a centimetre stand for sides that nobody measured, and the price is one by weight."""
    assert read(skyhub(), box(5.0, 0.01, 0.01, 0.01)).lines[0].size == Dimensions(length=10, width=10, height=10)


def test_the_check_of_units_can_be_switched_off_and_the_bounds_of_goods_hold_all_the_same() -> None:
    channel = skyhub(check_units=False)

    assert read(channel, box(2.0, 29, 29, 27)).lines[0].size == Dimensions(length=29_000, width=27_000, height=29_000)
    with pytest.raises(RequestError, match=r"volumes\.0\.height"):
        read(channel, box(2.0, 40, 29, 27))


def test_measures_and_values_that_are_not_sent_are_left_to_the_catalogue() -> None:
    bare = {"sku": "a", "quantity": 1}
    (line,) = read(skyhub(), {**DOCUMENTED, "volumes": [{**bare, "height": 0.1, "weight": None}]}).lines

    assert (line.weight, line.size, line.declared_value) == (None, None, None)


def test_the_setting_says_whether_the_price_is_of_one_unit_or_of_all() -> None:
    three = volume(quantity=3, price=10.0)

    assert read(skyhub(), three).lines[0].declared_value == Money(minor=1000, currency="BRL")
    assert read(skyhub(price="line"), three).lines[0].declared_value == Money(minor=334, currency="BRL")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**DOCUMENTED, "volumes": []}, "volumes"),
        (volume(quantity=0), "volumes.0.quantity"),
        (volume(sku=""), "volumes.0.sku"),
        (volume(weight=-1), "volumes.0.weight"),
        (volume(height="alto"), "volumes.0.height"),
        (volume(price=-1), "volumes.0.price"),
        ({"volumes": DOCUMENTED["volumes"]}, "destinationZip"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it_with_a_fix(body: dict[str, Any], field: str) -> None:
    channel = skyhub()

    with pytest.raises(RequestError) as refused:
        read(channel, body)

    assert [problem.where for problem in refused.value.problems] == [field]
    assert all(problem.fix for problem in refused.value.problems)
    assert channel.refuse(refused.value).status == 422


def test_a_question_that_is_not_trusted_is_told_as_such_to_whoever_asks_without_http() -> None:
    with pytest.raises(RequestError, match=r'volumes\.0 has a side of 40 m.*side_unit = "cm"'):
        request_in(skyhub().read(asked(skyhub(), box(2.0, 40, 29, 27))))


def test_more_volumes_than_are_answered_are_413() -> None:
    channel = skyhub()

    with pytest.raises(TooMuchError) as refused:
        read(channel, {**DOCUMENTED, "volumes": DOCUMENTED["volumes"] * 1001})

    assert channel.refuse(refused.value).status == 413


def test_the_placeholder_of_the_page_is_no_json() -> None:
    with pytest.raises(RequestError, match="body"):
        read(skyhub(), b'{"destinationZip": 00000000, "volumes": []}')


def test_exactly_the_cheapest_way_is_answered_with_its_days_in_parts() -> None:
    offers = [offer("express", 3550, (1, 2)), offer(minor=1300, days=(8, 10), transit=8)]
    reply = skyhub().write(served(offers), question())

    assert told(reply) == {
        "shippingQuotes": [
            {
                "shippingCost": 13.0,
                "deliveryTime": {"total": 10, "transit": 8, "expedition": 2},
                "shippingMethodId": "correios:03298",
                "shippingMethodName": "Correios",
                "shippingMethodDisplayName": "Correios",
            }
        ]
    }


def test_the_fastest_way_is_answered_where_that_is_set_and_the_cheaper_one_of_two_as_fast() -> None:
    offers = [offer(), offer("express", 3550, (1, 2)), offer("super_express", 2990, (2, 2))]

    (one,) = told(skyhub(show="fastest").write(served(offers), question()))["shippingQuotes"]
    assert (one["shippingCost"], one["deliveryTime"]["total"]) == (29.9, 2)


def test_of_two_ways_of_one_price_the_faster_one_is_answered() -> None:
    offers = [offer(minor=1990, days=(3, 5)), offer("express", 1990, (1, 2))]

    (one,) = told(skyhub().write(served(offers), question()))["shippingQuotes"]
    assert (one["deliveryTime"]["total"], one["shippingMethodName"]) == (2, "Correios Express")


def test_the_price_and_time_are_those_of_the_whole_cart() -> None:
    quote = served([offer(minor=1001)], [offer(minor=999, days=(4, 9))])

    (one,) = told(skyhub().write(quote, question()))["shippingQuotes"]
    assert (one["shippingCost"], one["deliveryTime"]["total"]) == (20.0, 9)


def test_novo_mundos_variant_has_the_total_alone_and_may_have_an_estimate_and_the_sku() -> None:
    channel = skyhub(delivery_time="total", estimate_id=True, sku=True)
    (one,) = told(channel.write(served([offer()]), read(channel, volume())))["shippingQuotes"]
    (of_two,) = told(channel.write(served([offer()], [offer()]), question()))["shippingQuotes"]

    assert (one["deliveryTime"], one["shippingEstimateId"], one["sku"]) == (5, "q-1", "SKU_PARCEIRO_1")
    assert "sku" not in of_two


def test_what_is_not_served_is_404_with_a_message_and_counts_as_an_answer() -> None:
    channel = skyhub()
    reply = channel.write(not_served(), question())

    assert told(reply, 404) == json.loads(sample("skyhub__not_served.response"))
    assert reply.is_answer is True
    assert channel.understood(asked(channel), reply).effect is ReplyEffect.NOT_DELIVERED


def test_what_is_not_known_is_never_404() -> None:
    channel = skyhub()
    statuses = [
        channel.write(unknown(), question()).status,
        channel.write(served([offer("express")], failed=["normal"]), question()).status,
        channel.excuse(500, "the service failed", {}).status,
        channel.refuse(RequestError([])).status,
    ]

    assert statuses == [503, 503, 500, 422]


def test_offers_are_held_back_where_normal_delivery_failed_unless_the_store_says_never() -> None:
    quote = served([offer("express")], failed=["normal"])

    assert skyhub(withhold="never").write(quote, question()).status == 200
    assert skyhub().write(quote, question()).withheld


def test_an_answer_that_breaks_the_rules_becomes_trouble_with_an_alarm() -> None:
    reply = skyhub().write(served([offer()], [offer("express")]), question())  # no way that both lines have

    assert (reply.status, reply.is_answer) == (503, None)
    assert "breaks the platform's rules: shippingQuotes" in reply.alarm


def test_the_printed_answer_is_understood() -> None:
    channel = skyhub()
    read_back = channel.understood(asked(channel), ChannelReply(200, {}, sample("skyhub__documented.response")))

    assert read_back.faults == ()
    assert read_back.options == (UnderstoodOption("Sedex", Money(minor=1300, currency="BRL"), 10),)


def test_of_an_answer_of_several_only_the_first_is_understood() -> None:
    channel = skyhub()
    (one,) = json.loads(sample("skyhub__documented.response"))["shippingQuotes"]
    both = {"shippingQuotes": [{**one, "deliveryTime": 7}, {**one, "shippingCost": 5}]}
    read_back = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(both).encode()))

    assert read_back.options == (UnderstoodOption("Sedex", Money(minor=1300, currency="BRL"), 7),)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"deliveryTime": {"total": 9, "transit": 8, "expedition": 2}}, "the total 9 is not transit 8"),
        ({"shippingCost": -1}, "shippingCost"),
        ({"shippingMethodId": None}, "shippingMethodId"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_found(changed: dict[str, object], fault: str) -> None:
    channel = skyhub()
    (one,) = json.loads(sample("skyhub__documented.response"))["shippingQuotes"]
    body = json.dumps({"shippingQuotes": [{**one, **changed}]}).encode()
    read_back = channel.understood(asked(channel), ChannelReply(200, {}, body))

    assert fault in read_back.faults[0]
    assert read_back.effect is ReplyEffect.FALLBACK


def test_an_empty_list_is_no_answer() -> None:
    channel = skyhub()

    assert channel.understood(asked(channel), ChannelReply(200, {}, b'{"shippingQuotes": []}')).faults


def test_what_is_told_is_what_is_understood() -> None:
    channel = skyhub()
    reply = channel.write(served([offer(minor=123_456_789)]), question())

    (option,) = channel.understood(asked(channel), reply).options
    assert (option.price, option.days) == (Money(minor=123_456_789, currency="BRL"), 5)


def test_the_token_of_the_address_lets_in_and_another_does_not() -> None:
    channel = skyhub()

    channel.authenticate(asked(channel))
    for token in ("", "another-t0ken-of-somebody"):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(asked(channel), token=token))


def test_a_store_without_credentials_or_outside_brazil_does_not_start() -> None:
    with pytest.raises(ValueError, match="auth"):
        speaking(Skyhub, auth=[])
    with pytest.raises(SettingsError, match=r"store\.country"):
        speaking(Skyhub, "PT", "EUR")


def test_the_page_s_limit_holds_less_the_way_there_and_back() -> None:
    assert skyhub().limit == 0.8
    assert skyhub().deadline == pytest.approx(0.7)


@pytest.mark.parametrize("unit", ["m", "cm", "mm"])
def test_the_example_is_a_question_that_its_own_channel_takes_in_every_unit(unit: str) -> None:
    channel = skyhub(side_unit=unit)
    example = channel.example()

    channel.authenticate(example)
    request = channel.read(example)
    assert isinstance(request, QuoteRequest)
    assert request.destination == Place.example("BR")
    assert request.lines[0].size == Dimensions(length=250, width=100, height=100)
    assert json.loads(example.body)["volumes"][0]["height"] == float(
        Decimal("0.1") * {"m": 1, "cm": 100, "mm": 1000}[unit]
    )
