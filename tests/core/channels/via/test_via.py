"""Via, first version: lines read from the query as it came, the cheapest freight of each SKU told."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

import pytest
from platforms import AUTH, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect
from portes.channels.via import Via
from portes.contract import Money, Place, Quote, QuoteRequest, Verdict
from portes.errors import RequestError, SettingsError, UnauthorizedError

PRINTED: dict[str, str] = json.loads(sample("via__two_skus.request"))["query"]
TOKEN = "seller-mp-token-4711"


def via(**settings: Any) -> Via:
    made: Via = speaking(Via, **settings)
    return made


def call(channel: Via, query: str) -> ChannelRequest:
    return channel.call("GET", query=query)


def read(query: str, **settings: Any) -> QuoteRequest:
    channel = via(**settings)
    return channel.read(call(channel, query))


def lines(sku_id: str, **settings: Any) -> list[tuple[str, int]]:
    """SKU and quantity of each line in a raw `skuId`."""
    return [(line.sku, line.quantity) for line in read(f"zipCode=88010000&skuId={sku_id}", **settings).lines]


def written(quote: Quote, **settings: Any) -> ChannelReply:
    channel = via(**settings)
    return channel.write(quote, channel.read(call(channel, urlencode(PRINTED))))


def test_the_implemented_question_is_read_and_leaves_measures_to_the_catalogue() -> None:
    request = read(urlencode(PRINTED))

    assert request.destination == Place(country="BR", postal_code="88010000")
    assert [(line.sku, line.quantity) for line in request.lines] == [("Q_VIA_1", 1), ("Q_VIA_2", 2)]
    assert {(line.weight, line.size, line.declared_value) for line in request.lines} == {(None, None, None)}


@pytest.mark.parametrize("written", ["A,1|B,2", "A%2C1%7CB%2C2", "A,1%7cB%2c2"])
def test_separators_are_read_as_they_are_and_percent_encoded(written: str) -> None:
    assert lines(written) == [("A", 1), ("B", 2)]


@pytest.mark.parametrize("sku", ["A,B", "A B", "A+B", "A/B;C", "A&B", "A=B", "ÇÃO", "100%", "A%2CB", '"', "A#1", "日"])
def test_an_sku_of_odd_signs_comes_through_percent_encoding(sku: str) -> None:
    assert lines(url_quote(f"{sku},3|{sku},1", safe="")) == [(sku, 3), (sku, 1)]


def test_signs_that_were_not_encoded_are_part_of_the_sku() -> None:
    assert lines("A;B=C/D,1") == [("A;B=C/D", 1)]


def test_letters_of_latin_1_are_read_where_they_are_no_utf_8() -> None:
    assert lines("%C7%C3O,1") == [("ÇÃO", 1)]
    assert lines("Ã\x87,1") == [("Ç", 1)]  # bytes that were sent without encoding, as a server hands them over


def test_a_plus_is_a_space_unless_the_setting_says_that_it_is_itself() -> None:
    assert lines("A+B,1") == [("A B", 1)]
    assert lines("A+B,1", plus="plus") == [("A+B", 1)]
    assert lines("A%20B,1", plus="plus") == [("A B", 1)]


def test_a_postal_code_that_lost_its_zero_is_made_whole_and_one_with_a_hyphen_read() -> None:
    assert read("skuId=A,1&zipCode=1512651").destination.postal_code == "01512651"
    assert read("skuId=A,1&zipCode=00151265").destination.postal_code == "00151265"
    assert read("skuId=A,1&zipCode=01512-651").destination.postal_code == "01512651"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["skuId", "zipCode"]),
        ("skuId=A,1", ["zipCode"]),
        ("skuId=A,1&zipCode=88010000&zipCode=1", ["zipCode"]),
        ("skuId=A,1&zipCode=151265", ["zipCode"]),
        ("skuId=A,1&zipCode=0151265", ["zipCode"]),
        ("skuId=&zipCode=88010000", ["skuId.0"]),
        ("skuId=A,1|&zipCode=88010000", ["skuId.1"]),
        ("skuId=A|B,0|C,1|D,x|,1|E,%D9%A3&zipCode=88010000", ["skuId.0", "skuId.1", "skuId.3", "skuId.4", "skuId.5"]),
        ("skuId=A,1000001&zipCode=88010000", ["skuId.0"]),
        (f"skuId={'A' * 201},1&zipCode=88010000", ["skuId.0"]),
    ],
)
def test_a_wrong_parameter_is_named_as_the_platform_calls_it(query: str, fields: list[str]) -> None:
    with pytest.raises(RequestError) as refused:
        read(query)

    assert [problem.where for problem in refused.value.problems] == fields
    assert all(problem.fix for problem in refused.value.problems) or len(query) > 200
    assert via().refuse(refused.value).status == 422


def test_each_sku_is_told_its_cheapest_freight_alone() -> None:
    dear, cheap = offer(minor=2500, days=(1, 2)), offer("express", 1990, (3, 7))
    reply = written(served([dear, cheap], [cheap, offer(minor=2500)]), additional_info="none")

    freight = {"freightAmount": 19.9, "deliveryTime": 7, "freightType": "NORMAL"}
    assert told(reply) == {
        "freights": [
            {"skuIdOrigin": "Q_VIA_1", "quantity": 1, **freight},
            {"skuIdOrigin": "Q_VIA_2", "quantity": 2, **freight},
        ]
    }


def test_of_two_freights_of_one_price_the_quicker_is_told() -> None:
    reply = written(served([offer(days=(3, 7)), offer("express", days=(1, 2))], [offer()]))

    assert told(reply)["freights"][0]["deliveryTime"] == 2


def test_an_amount_is_for_the_line_or_for_a_unit_and_its_type_as_set() -> None:
    quote = served([offer()], [offer(minor=1991)])

    assert [one["freightAmount"] for one in told(written(quote))["freights"]] == [19.9, 19.91]
    assert [one["freightAmount"] for one in told(written(quote, line_price="unit"))["freights"]] == [19.9, 9.96]
    assert told(written(quote, freight_type="EXPRESSA"))["freights"][0]["freightType"] == "EXPRESSA"


def test_the_order_is_told_who_carries_by_name_or_by_service() -> None:
    quote = served([offer()], [offer(carrier="jamef", carrier_name="Jamef")])

    assert told(written(quote))["freightAdditionalInfo"] == "Correios + Jamef"
    assert told(written(quote, additional_info="services"))["freightAdditionalInfo"] == "correios:03298 + jamef:03298"
    assert told(written(served([offer()], [offer()])))["freightAdditionalInfo"] == "Correios"


def test_the_seller_s_token_is_repeated_to_who_may_ask_and_kept_nowhere() -> None:
    reply = written(served([offer()], [offer()]), seller_token=TOKEN)

    assert told(reply)["sellerMpToken"] == TOKEN
    assert reply.kept is not None
    assert json.loads(reply.kept) == {**told(reply), "sellerMpToken": "•••"}
    assert TOKEN not in repr(via(seller_token=TOKEN)._settings)


def test_the_seller_s_token_stands_in_no_answer_without_freights() -> None:
    for quote in (not_served(2), unknown(2)):
        assert TOKEN.encode() not in written(quote, seller_token=TOKEN).body


def test_what_is_not_delivered_is_an_empty_list_and_what_is_not_known_is_no_answer() -> None:
    channel = via()
    no, unsure = written(not_served(2)), written(unknown(2))

    assert told(no) == json.loads(sample("via__not_served.response"))
    assert channel.understood(call(channel, ""), no).effect is ReplyEffect.NOT_DELIVERED
    assert (unsure.status, channel.understood(call(channel, ""), unsure).effect) == (503, ReplyEffect.NO_FREIGHT)


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote = served([offer("express")], [offer("express")], failed=["normal"])

    assert written(quote).status == 200
    assert written(quote, withhold="normal").status == 503


def test_a_quote_that_lacks_a_line_is_no_answer_but_an_alarm() -> None:
    lines = (served([offer()]).lines[0], not_served().lines[0])
    reply = written(Quote(id="q-1", verdict=Verdict.SERVED, currency="BRL", lines=lines))

    assert (reply.status, "1 for the 2 lines" in reply.alarm) == (503, True)


def test_a_quote_that_lacks_every_line_is_no_answer_but_an_alarm() -> None:
    reply = written(Quote(id="q-1", verdict=Verdict.SERVED, currency="BRL", lines=()))

    assert (reply.status, "0 for the " in reply.alarm) == (503, True)


def test_the_implemented_answer_is_understood_line_by_line() -> None:
    channel = via()
    understood = channel.understood(
        call(channel, urlencode(PRINTED)), ChannelReply(200, {}, sample("via__two_skus.response"))
    )

    assert [(one.sku, one.price, one.days) for one in understood.options] == [
        ("Q_VIA_1", Money(minor=1990, currency="BRL"), 7),
        ("Q_VIA_2", Money(minor=2500, currency="BRL"), 7),
    ]
    assert (understood.effect, understood.faults) == (ReplyEffect.PRICES, ())


def test_an_answer_that_lacks_a_line_or_has_one_twice_is_a_fault() -> None:
    channel = via()
    reply = ChannelReply(200, {}, sample("via__two_skus.response"))

    assert channel.understood(call(channel, "skuId=Q_VIA_1,1&zipCode=1"), reply).faults == (
        "Q_VIA_2,2 was not asked, or is answered twice",
    )
    assert channel.understood(call(channel, "skuId=Q_VIA_1,1|Q_VIA_2,3&zipCode=1"), reply).faults[0] == (
        "Q_VIA_2,3 is not answered"
    )
    assert channel.understood(call(channel, ""), ChannelReply(200, {}, b'{"freights": [{}]}')).faults


@pytest.mark.parametrize(
    "auth",
    [AUTH, {"kind": "header", "name": "X-Key", "value": "k3y"}, {"kind": "basic", "username": "v", "password": "p"}],
)
def test_a_call_that_shows_what_was_agreed_is_let_in_and_another_is_not(auth: dict[str, str]) -> None:
    channel = via(auth=auth)
    right = call(channel, "")

    channel.authenticate(right)
    with pytest.raises(UnauthorizedError) as refused:
        channel.authenticate(replace(right, token="", headers={}))
    assert channel.refuse(refused.value).status == 401


def test_a_store_that_lets_anybody_ask_does_not_start_nor_one_outside_brazil() -> None:
    with pytest.raises(ValueError, match="auth"):
        via(auth=[])
    with pytest.raises(SettingsError, match=r"store\.country"):
        speaking(Via, "ES", "EUR")


def test_the_limit_is_what_the_platform_demands_on_average() -> None:
    assert via().limit == 0.8
    assert via().deadline == pytest.approx(0.7)


def test_the_example_is_a_question_that_its_own_channel_takes() -> None:
    channel = via()
    example = channel.example()

    channel.authenticate(example)
    assert (example.method, channel.read(example).lines[0].sku) == ("GET", "sku-1234-01")
