"""Netshoes' answers: quotes told in the marketplace's words, or not told at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from marketplace import channel, prices, request, told, types

from portes.channels.netshoes import carrier_word, check_reply
from portes.channels.protocol import ChannelRequest
from portes.contract import DeliveryType, Money, Offer, Place, Quote

MakeOffer = Callable[..., Offer]
MakeQuote = Callable[..., Quote]


def test_the_printed_answer_comes_of_a_quote_with_its_figures(
    sample: Callable[[str], bytes], make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    jamef = make_offer("express", 3575, (20, 25), carrier="jamef", carrier_id=2, carrier_name="Jamef")
    quote = make_quote("served", ("127-0004-064-01", (make_offer("normal", 1524, (60, 64)), jamef)))
    asked = request("127-0004-064-01", destination=Place(country="BR", postal_code="30512651"))

    # the page prints 150 hours, which no whole number of days of 24 hours gives; days of 6 hours give all four figures
    assert told(channel(hours_per_day=6).write(quote, asked)) == json.loads(sample("two_options.response"))


def test_two_skus_are_answered_with_their_common_freight_type(
    sample: Callable[[str], bytes], make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    netshoes = channel()
    asked = netshoes.read(ChannelRequest("POST", "/", body=sample("two_skus_qty.request")))
    quote = make_quote(
        "served",
        ("TEN-42_AZ", (make_offer("normal", 2490, (3, 4)),)),
        ("MEIA-UN", (make_offer("normal", 890, (3, 4)),)),
    )

    assert told(netshoes.write(quote, asked)) == json.loads(sample("two_skus_common_types.response"))


def test_goods_out_of_coverage_are_an_empty_list_word_for_word(
    sample: Callable[[str], bytes], make_quote: MakeQuote
) -> None:
    asked = request("a", destination=Place(country="BR", postal_code="69900000"))

    reply = channel().write(make_quote("not_served", ("a", ())), asked)

    assert json.dumps(told(reply), indent=2) == sample("out_of_coverage.response").decode().strip()


def test_what_could_not_be_found_out_is_503_and_no_alarm(make_quote: MakeQuote) -> None:
    reply = channel().write(make_quote("unknown", ("a", ()), failed=("normal",)), request("a"))

    assert (reply.status, reply.headers["content-type"], reply.alarm) == (503, "application/problem+json", "")
    assert json.loads(reply.body)["status"] == 503
    assert b"shippingQuotes" not in reply.body


def test_fields_stand_in_the_order_of_the_page_and_nothing_between_them(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 900, (3, 4)),)))
    option = (
        b'{"deliveryMinHH":72,"deliveryMaxHH":96,"freightType":"NORMAL","priceInCents":900,"carrierId":1,'
        b'"carrierName":"Correios","originWareHouseId":1}'
    )
    lines = b'"zipCode":"01512651","shippingQuotes":[{"skuCode":"a","deliveryOptions":[' + option + b"]}]}"

    assert channel().write(quote, request("a", id="A-1")).body == b'{"id":"A-1",' + lines
    assert channel().write(quote, request("a", id="")).body == b"{" + lines


@pytest.mark.parametrize("id_", ["6dccffe9-52e7", "A", "x" * 200])
def test_an_id_of_the_pages_form_is_echoed(id_: str, make_quote: MakeQuote) -> None:
    assert told(channel().write(make_quote("not_served"), request("a", id=id_)))["id"] == id_


@pytest.mark.parametrize("id_", ["", "pedido_7", "ação", "a b", "a\n"])
def test_any_other_id_is_left_out(id_: str, make_quote: MakeQuote) -> None:
    assert "id" not in told(channel().write(make_quote("not_served"), request("a", id=id_)))


def test_the_zip_code_goes_back_as_text_with_its_zero(make_quote: MakeQuote) -> None:
    assert told(channel().write(make_quote("not_served"), request("a")))["zipCode"] == "01512651"


def test_only_the_best_offer_of_each_type_is_told(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    offers = (make_offer("normal", 900, (3, 3)), make_offer("express", 1500, (1, 1)), make_offer("normal", 950, (2, 2)))

    reply = channel().write(make_quote("served", ("a", offers)), request("a"))

    assert (types(reply), prices(reply)) == ([["NORMAL", "EXPRESSA"]], [[900, 1500]])


def test_a_sku_asked_twice_is_answered_twice_in_order(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    lines = [("a", (make_offer("normal", cents, (3, 4)),)) for cents in (100, 400)]

    reply = channel().write(make_quote("served", *lines), request("a", "a"))

    assert prices(reply) == [[100], [400]]


def test_super_express_is_told_only_with_a_text_of_its_own(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    offers = (make_offer("normal", 900, (3, 3)), make_offer("super_express", 3000, (0, 1)))
    quote = make_quote("served", ("a", offers))

    assert types(channel().write(quote, request("a"))) == [["NORMAL"]]
    assert types(channel(super_express_text="SUPER_EXPRESSA").write(quote, request("a"))) == [
        ["NORMAL", "SUPER_EXPRESSA"]
    ]


def test_hours_are_business_days_times_24(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 900, (0, 11)),)))

    option = told(channel().write(quote, request("a")))["shippingQuotes"][0]["deliveryOptions"][0]
    assert (option["deliveryMinHH"], option["deliveryMaxHH"]) == (0, 264)
    option = told(channel(hours_per_day=8).write(quote, request("a")))["shippingQuotes"][0]["deliveryOptions"][0]
    assert (option["deliveryMinHH"], option["deliveryMaxHH"]) == (0, 88)


@pytest.mark.parametrize(("line_price", "cents"), [("line", 1000), ("unit", 334)])
def test_the_price_is_for_the_line_or_for_a_unit_rounded_up(
    line_price: str, cents: int, make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 1000, (3, 4)),)))

    assert prices(channel(line_price=line_price).write(quote, request("a", quantity=3))) == [[cents]]


def test_free_freight_costs_nothing_and_is_no_fault(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 0, (3, 4)),)))

    assert prices(channel(line_price="unit").write(quote, request("a", quantity=3))) == [[0]]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Correios", "Correios"),
        ("Total Express", "Total-Express"),
        ("São João Cargas & Logística_Ltda.", "Sao-Joao-Cargas-Logistica-Ltda"),
        ("J&T", "J-T"),
        (" - Jadlog - ", "Jadlog"),
        ("Ω³", "3"),
        ("顺丰", "carrier-7"),
        ("…", "carrier-7"),
    ],
)
def test_a_carriers_name_is_written_in_the_pages_letters(name: str, word: str) -> None:
    assert carrier_word(name, 7) == word


def test_numbers_of_carrier_and_origin_are_the_shops_own(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    offer = make_offer("normal", 900, (3, 4), carrier_id=0, carrier_name="Total Express", origin_id=12)

    option = told(channel().write(make_quote("served", ("a", (offer,))), request("a")))["shippingQuotes"][0]
    assert option["deliveryOptions"][0] == {
        "deliveryMinHH": 72,
        "deliveryMaxHH": 96,
        "freightType": "NORMAL",
        "priceInCents": 900,
        "carrierId": 0,
        "carrierName": "Total-Express",
        "originWareHouseId": 12,
    }


def alarm_of(quote: Quote, *skus: str) -> str:
    reply = channel().write(quote, request(*skus))

    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    assert reply.alarm not in reply.body.decode()
    return reply.alarm


def test_lines_with_different_freight_types_are_never_sent(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    lines = (("a", (make_offer("normal", 900, (3, 4)),)), ("b", (make_offer("express", 900, (3, 4)),)))

    assert "b: its freight types are not those of a" in alarm_of(make_quote("served", *lines), "a", "b")


def test_a_quote_with_too_few_or_too_many_lines_is_never_sent(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    line = ("a", (make_offer("normal", 900, (3, 4)),))

    assert "1 lines for the 2 that were asked" in alarm_of(make_quote("served", line), "a", "a")
    assert "2 lines for the 1 that were asked" in alarm_of(make_quote("served", line, line), "a")
    assert "0 lines for the 1 that were asked" in alarm_of(make_quote("served"), "a")


def test_lines_of_other_skus_or_in_another_order_are_never_sent(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    lines = [(sku, (make_offer("normal", 900, (3, 4)),)) for sku in ("b", "a")]

    assert "answers b, a where a, b was asked" in alarm_of(make_quote("served", *lines), "a", "b")


def test_a_line_served_without_offers_is_never_sent_as_not_delivered(make_quote: MakeQuote) -> None:
    assert "deliveryOptions" in alarm_of(make_quote("served", ("a", ())), "a")


def test_a_negative_price_is_never_sent(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    refund = make_offer("normal", 900, (3, 4)).model_copy(update={"price": Money(minor=-1, currency="BRL")})

    assert "priceInCents" in alarm_of(make_quote("served", ("a", (refund,))), "a")


def test_a_price_in_another_currency_is_never_sent(make_offer: MakeOffer, make_quote: MakeQuote) -> None:
    foreign = make_offer("normal", 900, (3, 4), price=Money(minor=900, currency="EUR"))

    assert "in EUR" in alarm_of(make_quote("served", ("a", (foreign,))), "a")


@dataclass(frozen=True)
class Exchange:
    """Figures of a served quote and of the question it answers, also such as no engine should make."""

    skus: list[str]
    offers: list[tuple[DeliveryType, int, list[int], str, str]]
    dropped: int
    quantity: int
    id: str
    zip_code: str
    settings: dict[str, object]


OFFERS = st.tuples(
    st.sampled_from(DeliveryType),
    st.integers(min_value=-3, max_value=10**7),
    st.lists(st.integers(min_value=0, max_value=60), min_size=2, max_size=2),
    st.text(min_size=1, max_size=20),
    st.sampled_from(["BRL"] * 9 + ["EUR"]),
)
EXCHANGES = st.builds(
    Exchange,
    skus=st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True) | st.just("a b"), min_size=1, max_size=4),
    offers=st.lists(OFFERS, max_size=5),
    dropped=st.sampled_from([0, 0, 0, 1]),
    quantity=st.integers(min_value=1, max_value=9),
    id=st.text(max_size=10) | st.uuids().map(str),
    zip_code=st.text(alphabet="0123456789", min_size=8, max_size=8),
    settings=st.fixed_dictionaries(
        {
            "line_price": st.sampled_from(["line", "unit"]),
            "super_express_text": st.sampled_from([None, "SUPER_EXPRESSA"]),
        }
    ),
)


@given(EXCHANGES)
def test_whatever_is_served_keeps_the_pages_rules_or_is_not_sent(
    make_offer: MakeOffer, make_quote: MakeQuote, drawn: Exchange
) -> None:
    offers = tuple(
        make_offer(kind, 0, tuple(sorted(days)), carrier_name=name).model_copy(
            update={"price": Money(minor=cents, currency=currency)}  # unchecked, as a rule might leave it
        )
        for kind, cents, days, name, currency in drawn.offers
    )
    lines = [(sku, offers[drawn.dropped * at :]) for at, sku in enumerate(drawn.skus)]
    place = Place(country="BR", postal_code=drawn.zip_code)
    asked = request(*drawn.skus, quantity=drawn.quantity, id=drawn.id, destination=place)

    reply = channel(**drawn.settings).write(make_quote("served", *lines), asked)

    event(f"{reply.status}, {b'skuCode' in reply.body}")
    if reply.status == 200:
        body = told(reply)
        assert check_reply(body, question=asked, freight_types=["NORMAL", "EXPRESSA", "SUPER_EXPRESSA"]) == []
        assert body["zipCode"] == drawn.zip_code
    else:
        assert (reply.status, bool(reply.alarm)) == (503, True)
