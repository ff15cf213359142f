"""VTEX's fulfilment simulation: carts with and without an address, price, stock and freight in one answer."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import AUTH, TOKEN, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.catalogue import CatalogueEntry
from portes.channels.protocol import ChannelQuestion, ChannelReply, ChannelRequest, Storefront
from portes.channels.understood import ReplyEffect, Understood
from portes.channels.vtex import VtexChannel
from portes.channels.vtex.settings import VtexSettings
from portes.contract import Money, OfferPart, PickupKind, PickupPoint, Place, Quote, QuoteRequest
from portes.contract.bounds import MOST_QUANTITY
from portes.errors import RequestError, UnauthorizedError

TAIL = "/api/pvt/orderForms/simulation"


def vtex(**settings: object) -> VtexChannel:
    made: VtexChannel = speaking(VtexChannel, "BR", "BRL", **settings)
    return made


def splitting(**settings: object) -> VtexChannel:
    front = Storefront("demo", "BR", "BRL", split_lines=True)
    return VtexChannel(VtexSettings.model_validate({"auth": AUTH, **settings}), front)


def cart(*items: dict[str, Any], **address: Any) -> bytes:
    default = {"id": "sku-1", "quantity": 1, "seller": "1"}
    return json.dumps({"items": [{**default, **item} for item in items or ({},)], **address}).encode()


def checkout(*items: dict[str, Any]) -> bytes:
    return cart(*items, postalCode="22270-030", country="BRA")


def entry(*units: int | None, price: int | None = 9990, **more: Any) -> CatalogueEntry:
    """A SKU with so many units at each origin; nobody counts them where none are told."""
    stock: dict[str, Any] = {"origins": tuple(range(1, len(units) + 1)), "units": units} if units else {}
    return CatalogueEntry(price=None if price is None else Money(minor=price, currency="BRL"), **stock, **more)


def read(channel: VtexChannel, body: bytes) -> ChannelQuestion:
    question = channel.read(asked(channel, body))
    assert isinstance(question, ChannelQuestion)
    return question


def request(question: ChannelQuestion) -> QuoteRequest:
    assert question.request is not None
    return question.request


def answer(
    channel: VtexChannel, body: bytes, goods: list[CatalogueEntry | None], quote: Quote | None = None
) -> ChannelReply:
    return channel.write_goods(quote, channel.asking(read(channel, body), goods), goods)


def understood(channel: VtexChannel, body: bytes, reply: ChannelReply) -> Understood:
    found = channel.understood(asked(channel, body), reply)
    assert not found.faults
    return found


def test_the_printed_cart_of_a_checkout_is_read_and_left_to_the_catalogue_for_weight_size_and_value() -> None:
    question = read(vtex(), sample("vtex__checkout_simulation.request"))

    (line,) = request(question).lines
    assert request(question).destination == Place(country="BR", postal_code="22270030")
    assert request(question).answered_apart
    assert (line.sku, line.quantity, line.weight, line.size) == ("7908010136043", 1, None, None)
    assert (line.declared_value, question.skus) == (None, ("7908010136043",))


@pytest.mark.parametrize(
    "body",
    [
        sample("vtex__indexing_simulation.request"),
        cart(postalCode=None, country=None, geoCoordinates=None),
        cart(postalCode="", country="BRA", geoCoordinates=[]),
        cart(country="BRA"),
    ],
)
def test_a_cart_without_an_address_asks_nobody_for_freight(body: bytes) -> None:
    question = read(vtex(), body)

    assert question.request is None
    assert len(question.skus) == 1


@pytest.mark.parametrize("coordinates", [["-22.9443504", "-43.1825635"], [-22.9443504, -43.1825635], {"lat": -22.9}])
def test_a_place_told_by_coordinates_alone_is_refused_and_not_taken_for_none(coordinates: object) -> None:
    with pytest.raises(RequestError, match="geoCoordinates: tells the place by coordinates alone"):
        read(vtex(), cart(postalCode=None, country="BRA", geoCoordinates=coordinates))


def test_coordinates_beside_a_postal_code_change_nothing() -> None:
    body = cart(postalCode="22270-030", country="BRA", geoCoordinates=["-22.9", "-43.1"])

    assert request(read(vtex(), body)).destination.postal_code == "22270030"


def test_a_postal_code_without_a_country_is_one_of_the_stores_own() -> None:
    assert request(read(vtex(), cart(postalCode="01001-000"))).destination == Place(
        country="BR", postal_code="01001000"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (cart({"quantity": 0}), "items.0.quantity"),
        (cart({"quantity": 1.5}), "items.0.quantity"),
        (cart({}, {"id": ""}), "items.1.id"),
        (cart({"id": 7}), "items.0.id"),
        (cart({"seller": None}), "items.0.seller"),
        (cart(postalCode="2227-03", country="BRA"), "postalCode"),
        (cart(postalCode=22270030, country="BRA"), "postalCode"),
        (cart(postalCode="22270-030", country="XXX"), "country"),
        (b'{"items": []}', "items"),
        (b"[]", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: bytes, field: str) -> None:
    channel = vtex()

    with pytest.raises(RequestError) as refused:
        read(channel, body)

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_price_stock_and_freight_are_told_in_one_answer_as_the_schema_has_it() -> None:
    channel, body = vtex(), sample("vtex__minimal_delivery.request")
    quote = served([offer(minor=1990, days=(3, 5))], skus=["2000037"])

    reply = answer(channel, body, [entry(10)], quote)

    assert told(reply) == json.loads(sample("vtex__minimal_delivery.response"))
    assert [(one.name, one.price.minor, one.days, one.sku) for one in understood(channel, body, reply).options] == [
        ("Normal", 1990, 5, "2000037")
    ]


def test_without_an_address_price_and_stock_are_told_and_no_freight() -> None:
    channel, body = vtex(), sample("vtex__indexing_simulation.request")

    reply = answer(channel, body, [entry(199, list_price=Money(minor=12000, currency="BRL"))])

    (item,), (stock,) = told(reply)["items"], told(reply)["logisticsInfo"]
    assert (item["price"], item["listPrice"], item["quantity"]) == (9990, 12000, 1)
    assert (stock["slas"], stock["stockBalance"], stock["shipsTo"]) == ([], 199, ["BRA"])
    assert stock["deliveryChannels"] == [{"id": "delivery", "stockBalance": 199}]
    assert (told(reply)["postalCode"], told(reply)["country"]) == (None, "BRA")
    assert understood(channel, body, reply) == Understood(ReplyEffect.PRICES)


def test_what_the_schema_demands_stands_there_also_where_it_is_null() -> None:
    reply = answer(vtex(), checkout(), [entry(3)], served([offer()]))

    (item,), (stock,) = told(reply)["items"], told(reply)["logisticsInfo"]
    nulls = {"priceValidUntil", "merchantName"}
    assert {key for key, value in item.items() if value is None} == nulls
    assert stock["slas"][0]["pickupStoreInfo"] is None


def test_a_cart_of_which_nothing_can_be_bought_is_two_empty_lists_and_nobody_is_asked() -> None:
    channel = vtex()
    question = channel.asking(read(channel, checkout()), [entry(0)])
    reply = channel.write_goods(None, question, [entry(0)])

    printed = json.loads(sample("vtex__nothing_available.response"))
    assert question.request is None
    assert {key: told(reply)[key] for key in printed} == printed
    assert understood(channel, checkout(), reply).effect is ReplyEffect.MESSAGE


@pytest.mark.parametrize(
    "unavailable",
    [None, entry(0), entry(0, 0), entry(5, price=None), entry(5, price=0), entry(5, seller="another")],
    ids=["unknown", "sold out", "sold out twice", "without a price", "for nothing", "of another seller"],
)
def test_an_item_that_cannot_be_bought_is_left_out_and_the_others_keep_their_positions(
    unavailable: CatalogueEntry | None,
) -> None:
    channel, body = vtex(), checkout({"id": "gone"}, {"id": "here", "quantity": 2})
    goods = [unavailable, entry(5)]
    question = channel.asking(read(channel, body), goods)
    reply = channel.write_goods(served([offer()], skus=["here"]), question, goods)

    assert [(line.sku, line.quantity) for line in request(question).lines] == [("here", 2)]
    assert [(one["id"], one["requestIndex"]) for one in told(reply)["items"]] == [("here", 1)]
    assert [one["itemIndex"] for one in told(reply)["logisticsInfo"]] == [1]
    assert [one.sku for one in understood(channel, body, reply).options] == ["here"]


def test_the_most_that_there_is_is_asked_for_and_told_where_more_is_wanted() -> None:
    channel, body = vtex(), checkout({"quantity": 7})
    question = channel.asking(read(channel, body), [entry(5)])
    reply = channel.write_goods(served([offer()]), question, [entry(5)])

    assert request(question).lines[0].quantity == 5
    assert (told(reply)["items"][0]["quantity"], told(reply)["logisticsInfo"][0]["quantity"]) == (5, 5)


def test_units_of_several_origins_make_one_line_only_where_the_store_splits_lines() -> None:
    body = checkout({"quantity": 9})
    goods: list[CatalogueEntry | None] = [entry(5, 3)]

    whole, split = (one.asking(read(one, body), goods) for one in (vtex(), splitting()))
    assert [request(one).lines[0].quantity for one in (whole, split)] == [5, 8]
    assert told(answer(splitting(), cart(), goods))["logisticsInfo"][0]["stockBalance"] == 8


def test_a_sku_that_stands_there_twice_has_what_the_first_leaves() -> None:
    channel, body = vtex(), checkout({"quantity": 3}, {"quantity": 3}, {"quantity": 3})
    goods: list[CatalogueEntry | None] = [entry(4)] * 3

    assert [line.quantity for line in request(channel.asking(read(channel, body), goods)).lines] == [3, 1]


def test_the_stock_of_goods_that_nobody_counts_is_a_setting_and_never_less_than_what_is_told() -> None:
    def balance(channel: VtexChannel, quantity: int) -> tuple[int, int]:
        reply = answer(channel, cart({"quantity": quantity}), [entry()])
        return told(reply)["items"][0]["quantity"], told(reply)["logisticsInfo"][0]["stockBalance"]

    assert (balance(vtex(), 1), balance(vtex(), 3)) == ((1, 1), (3, 3))
    assert balance(vtex(uncounted_stock=50), 3) == (3, 50)
    assert balance(vtex(), MOST_QUANTITY + 1) == (MOST_QUANTITY, MOST_QUANTITY)
    assert request(read(vtex(), checkout({"quantity": MOST_QUANTITY + 1}))).lines[0].quantity == MOST_QUANTITY


def test_freight_is_of_the_whole_line_and_the_price_of_one_unit() -> None:
    channel, body = vtex(), checkout({"quantity": 4})
    reply = answer(channel, body, [entry(9)], served([offer(minor=7960)]))

    assert told(reply)["items"][0]["price"] == 9990
    assert told(reply)["logisticsInfo"][0]["slas"][0]["price"] == 7960


def test_the_best_offer_of_each_type_is_told_by_a_name_without_its_carrier() -> None:
    channel = vtex(slas={"express": "SUPER RÁPIDA"})
    offers = [offer(), offer(minor=2500, carrier="jamef"), offer("express", 3550, (1, 2))]
    reply = answer(channel, checkout(), [entry(9)], served(offers))

    slas = told(reply)["logisticsInfo"][0]["slas"]
    assert [(sla["id"], sla["name"], sla["price"], sla["shippingEstimate"]) for sla in slas] == [
        ("Normal", "Normal", 1990, "5bd"),
        ("SUPER RÁPIDA", "SUPER RÁPIDA", 3550, "2bd"),
    ]


def test_names_that_would_make_two_types_one_are_refused() -> None:
    with pytest.raises(ValueError, match="two delivery types have the same name"):
        vtex(slas={"express": "normal"})


def two_lines(first: list[Any], second: Quote) -> Quote:
    """A quote whose first line has offers, and whose second line is another quote's only one."""
    quote = served(first)
    return quote.model_copy(update={"lines": (*quote.lines, *second.lines), "uncertain": second.uncertain})


def test_an_item_that_nobody_delivers_there_has_no_slas_and_the_other_one_has_its_own() -> None:
    channel, body = vtex(), checkout({"id": "a"}, {"id": "b"})
    reply = answer(channel, body, [entry(9), entry(9)], two_lines([offer()], not_served()))

    assert [len(one["slas"]) for one in told(reply)["logisticsInfo"]] == [1, 0]
    assert [one["shipsTo"] for one in told(reply)["logisticsInfo"]] == [["BRA"], ["BRA"]]
    assert understood(channel, body, reply).effect is ReplyEffect.PRICES


def test_a_cart_that_nobody_delivers_there_is_told_with_price_and_stock() -> None:
    channel = vtex()
    reply = answer(channel, checkout(), [entry(9)], not_served())

    assert [one["slas"] for one in told(reply)["logisticsInfo"]] == [[]]
    assert understood(channel, checkout(), reply).effect is ReplyEffect.NOT_DELIVERED


def test_what_is_not_known_of_one_item_is_no_answer_however_much_the_others_have() -> None:
    channel, body = vtex(), checkout({"id": "a"}, {"id": "b"})
    reply = answer(channel, body, [entry(9), entry(9)], two_lines([offer()], unknown()))
    nothing = answer(channel, checkout(), [entry(9)], unknown())

    assert [(one.status, one.alarm) for one in (reply, nothing)] == [(503, ""), (503, "")]
    assert [delivery.value for delivery in reply.withheld] == ["normal"]
    assert understood(channel, body, reply) == Understood(ReplyEffect.NO_FREIGHT)


def test_a_type_that_failed_beside_an_offer_is_left_out_or_withholds_the_answer_as_is_set() -> None:
    quote = served([offer("express")], failed=["normal"])

    assert answer(vtex(), checkout(), [entry(9)], quote).status == 200
    assert answer(vtex(withhold="normal"), checkout(), [entry(9)], quote).status == 503


@pytest.mark.parametrize("body", [checkout({"id": "a"}, {"id": "b"}), cart({"id": "a"}, {"id": "b"})])
def test_goods_that_could_not_be_looked_up_are_no_answer_and_never_out_of_stock(body: bytes) -> None:
    channel = vtex()
    goods = [entry(9), CatalogueEntry(problem="the catalogue's database could not be reached")]
    question = channel.asking(read(channel, body), goods)
    reply = channel.write_goods(None, question, goods)

    assert (question.request, reply.status) == (None, 503)
    assert b"the catalogue's database could not be reached" in reply.body


def test_a_quote_that_is_written_without_the_catalogue_is_no_answer() -> None:
    assert vtex().write(served([offer()]), read(vtex(), checkout())).status == 503


def test_an_offer_to_be_fetched_is_not_told_as_delivery_whole_or_in_parts() -> None:
    point = PickupPoint(id="p", kind=PickupKind.OFFICE, name="Agência")
    whole = offer(minor=900, pickup_points=(point,))
    fetched = whole.rate.model_copy(update={"pickup_points": (point,)})
    part = OfferPart(units=1, origin_id=1, carrier="correios", price=whole.price, rate=fetched)
    parts = offer("express", minor=900, parts=(part, part))

    reply = answer(vtex(), checkout(), [entry(9)], served([whole, parts, offer(minor=1990)]))

    assert [sla["price"] for sla in told(reply)["logisticsInfo"][0]["slas"]] == [1990]


def test_country_and_postal_code_are_told_as_they_came() -> None:
    channel: VtexChannel = speaking(VtexChannel, "ES", "EUR")
    goods: list[CatalogueEntry | None] = [CatalogueEntry(price=Money(minor=1000, currency="EUR"))]
    body = cart(postalCode="1000-001", country="PRT")
    reply = answer(channel, body, goods, served([offer(currency="EUR")]))

    assert (told(reply)["country"], told(reply)["postalCode"]) == ("PRT", "1000-001")
    assert told(reply)["logisticsInfo"][0]["shipsTo"] == ["ESP", "PRT"]


def test_the_merchants_name_is_told_where_the_seller_takes_the_payments() -> None:
    reply = answer(vtex(merchant_name="mySeller1"), cart(), [entry(9)])

    assert told(reply)["items"][0]["merchantName"] == "mySeller1"


def test_the_sellers_id_is_echoed_and_another_one_than_is_set_is_refused() -> None:
    assert told(answer(vtex(), cart({"seller": "loja7"}), [entry(9)]))["items"][0]["seller"] == "loja7"
    assert told(answer(vtex(seller="1"), cart(), [entry(9, seller="1")]))["items"][0]["seller"] == "1"
    with pytest.raises(UnauthorizedError, match=r"items\.1\.seller"):
        read(vtex(seller="1"), cart({}, {"seller": "2"}))


def test_an_answer_that_would_break_the_schema_becomes_an_alarm() -> None:
    channel: VtexChannel = speaking(VtexChannel, "BR", "JPY")
    question = replace(read(channel, cart()), call=replace(read(channel, cart()).call, country="Brasil"))
    reply = channel.write_goods(None, question, [entry(9)])

    assert (reply.status, "country" in reply.alarm) == (503, True)


def test_a_currency_without_cents_is_told_in_hundredths_all_the_same() -> None:
    channel: VtexChannel = speaking(VtexChannel, "CL", "CLP")
    goods: list[CatalogueEntry | None] = [CatalogueEntry(price=Money(minor=5000, currency="CLP"))]
    body = cart(postalCode="8320000", country="CHL")
    reply = answer(channel, body, goods, served([offer(minor=700, currency="CLP")]))

    assert told(reply)["items"][0]["price"] == 500_000
    assert understood(channel, body, reply).options[0].price == Money(minor=700, currency="CLP")


def test_the_printed_answer_is_understood_with_its_pick_up_point() -> None:
    channel, body = vtex(), cart({"id": "2000037"}, postalCode="80250000", country="BRA")
    found = understood(channel, body, ChannelReply(200, {}, sample("vtex__documented_delivery.response")))

    assert [(one.name, one.price.minor, one.days) for one in found.options] == [("Curbside pickup", 0, 0)]


def broken(**changed: Any) -> bytes:
    """The built answer with another value for some key of its item, of its stock, or of its delivery."""
    whole = json.loads(sample("vtex__minimal_delivery.response"))
    for part in (whole, whole["items"][0], whole["logisticsInfo"][0], whole["logisticsInfo"][0]["slas"][0]):
        part.update({key: value for key, value in changed.items() if key in part})
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (broken(requestIndex=4), "requestIndex is no position of the question"),
        (broken(itemIndex=1), "is of an item that is not told"),
        (broken(seller="2"), "seller is not that of the question"),
        (broken(quantity=0), "quantity is not from 1 to what was asked for"),
        (broken(quantity=3), "quantity is not from 1 to what was asked for"),
        (broken(price=19.9), "price is not in whole cents"),
        (broken(stockBalance=1), "stockBalance is less than its quantity"),
        (broken(shippingEstimate="5d"), "shippingEstimate is no number with bd, h or m"),
        (broken(deliveryChannel="door"), "deliveryChannel is neither"),
        (broken(logisticsInfo=[]), "has no logisticsInfo"),
        (b'{"items": 1}', "is not the object of the schema"),
        (b"<html>", "is not the object of the schema"),
    ],
)
def test_an_answer_that_breaks_a_rule_of_the_schema_is_seen(body: bytes, fault: str) -> None:
    call = asked(vtex(), sample("vtex__minimal_delivery.request"))

    assert fault in " ".join(vtex().understood(call, ChannelReply(200, {}, body)).faults)


def test_two_deliveries_of_one_name_are_seen() -> None:
    whole = json.loads(sample("vtex__minimal_delivery.response"))
    whole["logisticsInfo"][0]["slas"] *= 2
    call = asked(vtex(), sample("vtex__minimal_delivery.request"))

    found = vtex().understood(call, ChannelReply(200, {}, json.dumps(whole).encode()))
    assert found.faults == ("logisticsInfo.0.slas has Normal twice",)


def test_the_secret_of_the_address_lets_a_call_in_and_another_one_does_not() -> None:
    channel = vtex()
    call = replace(asked(channel, cart()), tail=TAIL)

    channel.authenticate(call)
    assert call.address == f"/v1/demo/vtex/{TOKEN}{TAIL}"
    for token in ("", f"{TOKEN}x"):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(replace(call, token=token))


def test_a_store_that_lets_anybody_ask_does_not_start() -> None:
    with pytest.raises(ValueError, match="auth"):
        VtexChannel.Settings.model_validate({})


def test_the_example_is_a_question_of_the_store_that_its_own_channel_takes() -> None:
    channel = vtex(seller="loja7")
    example: ChannelRequest = channel.example()
    question = channel.read(example)

    channel.authenticate(example)
    assert (example.tail, channel.deadline) == (TAIL, 2.0)
    assert request(question).destination == Place.example("BR")
    assert question.skus == ("sku-1234-01",)
