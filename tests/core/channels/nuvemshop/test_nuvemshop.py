"""Nuvemshop: documented bodies read, quotes told as rates to the door and to pick-up points, mixed carts priced."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from hmac import digest
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.nuvemshop import Nuvemshop
from portes.channels.protocol import ChannelQuestion, ChannelReply, request_in
from portes.channels.understood import ReplyEffect
from portes.contract import Dimensions, Money, Note, Offer, PickupKind, PickupPoint, Place
from portes.errors import RequestError, UnauthorizedError

SECRET = "app-client-secret"
HOURS = "L-V 09:00-18:00"


def nuvemshop(**settings: object) -> Nuvemshop:
    made: Nuvemshop = speaking(Nuvemshop, "AR", "ARS", **settings)
    return made


def question(**changed: object) -> bytes:
    return json.dumps({**json.loads(sample("nuvemshop__documented.request")), **changed}).encode()


def item(**changed: object) -> dict[str, Any]:
    (documented,) = json.loads(sample("nuvemshop__documented.request"))["items"]
    return {**documented, **changed}


def cart(channel: Nuvemshop, free: Sequence[bool] = (False,)) -> ChannelQuestion:
    return channel.read(asked(channel, question(items=[item(free_shipping=one) for one in free])))


def point(number: int = 1, **changed: object) -> PickupPoint:
    figures: dict[str, Any] = {
        "id": f"p{number}",
        "kind": PickupKind.OFFICE,
        "name": f"Sucursal {number}",
        "address": f"Calle Mayor {number}",
        "postal_code": "1824",
        "town": "Lanús",
        "hours": HOURS,
    }
    return PickupPoint(**{**figures, **changed})


def fetched(*points: PickupPoint, **figures: Any) -> Offer:
    return offer(currency="ARS", pickup_points=points, **figures)


def rates(channel: Nuvemshop, *lines: Sequence[Offer], free: Sequence[bool] = (False,)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(channel.write(served(*lines), cart(channel, free)))["rates"]
    return found


def test_the_printed_question_is_read_its_variant_named_where_the_sku_is_null() -> None:
    channel = nuvemshop()
    read = channel.read(asked(channel, sample("nuvemshop__documented.request")))

    (line,) = request_in(read).lines
    assert request_in(read).destination == Place(country="AR", postal_code="1602")
    assert (line.sku, line.quantity, line.weight) == ("1", 1, 1000)
    assert line.size == Dimensions(length=100, width=120, height=100)
    assert line.declared_value == Money(minor=2000, currency="ARS")
    assert read.call == (True,)


@pytest.mark.parametrize(("key", "sku"), [("sku", "shirt-m"), ("id", "7"), ("product_id", "9")])
def test_the_setting_says_which_field_is_the_sku(key: str, sku: str) -> None:
    channel = nuvemshop(sku=key)
    read = channel.read(asked(channel, question(items=[item(sku="shirt-m", id=7, product_id=9)])))

    assert request_in(read).lines[0].sku == sku


def test_a_product_page_that_fills_country_and_postal_code_alone_is_read() -> None:
    channel = nuvemshop()
    place = {"name": None, "address": None, "city": None, "country": "AR", "postal_code": 1602}

    assert request_in(channel.read(asked(channel, question(destination=place)))).destination.postal_code == "1602"


@pytest.mark.parametrize("missing", [None, 0])
def test_a_product_without_weight_or_a_side_is_left_to_the_catalogue(missing: object) -> None:
    channel = nuvemshop()
    bare = item(grams=missing, dimensions={"width": 12.0, "height": missing, "depth": 10.0})
    (line,) = request_in(channel.read(asked(channel, question(items=[bare])))).lines

    assert (line.weight, line.size) == (None, None)


def test_sides_and_weight_are_rounded_up_to_whole_units() -> None:
    channel = nuvemshop()
    odd = item(grams=1000.2, dimensions={"width": 12.01, "height": 10.0, "depth": 0.1 + 0.2})
    (line,) = request_in(channel.read(asked(channel, question(items=[odd])))).lines

    assert (line.weight, line.size) == (1001, Dimensions(length=3, width=121, height=100))


@pytest.mark.parametrize(("of", "minor"), [("unit", 1000), ("line", 334)])
def test_the_setting_says_whether_a_price_is_of_a_unit_or_of_the_line(of: str, minor: int) -> None:
    channel = nuvemshop(item_price=of)
    read = channel.read(asked(channel, question(items=[item(quantity=3, price=10.0)])))

    assert request_in(read).lines[0].declared_value == Money(minor=minor, currency="ARS")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (question(currency="BRL"), "currency"),
        (question(destination={"country": "XX", "postal_code": "1"}), "destination.country"),
        (question(destination={"country": "AR", "postal_code": "?"}), "destination.postal_code"),
        (question(destination={"country": "AR"}), "destination.postal_code"),
        (question(destination={"country": "AR", "postal_code": None}), "destination.postal_code"),
        (question(items=[]), "items"),
        (question(items=[item(quantity=0)]), "items.0.quantity"),
        (question(items=[item(grams=-1)]), "items.0.grams"),
        (question(items=[item(dimensions={"width": -1})]), "items.0.dimensions.width"),
        (question(items=[item(sku=None, id=None)]), "items.0.sku"),
        (b"{", "body"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: bytes, field: str) -> None:
    channel = nuvemshop()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [problem.where for problem in refused.value.problems] == [field]
    assert channel.refuse(refused.value).status == 422


def test_a_call_that_names_another_store_is_not_let_in() -> None:
    assert request_in(nuvemshop(store_id="123456").read(asked(nuvemshop(), question()))).channel == "nuvemshop"
    with pytest.raises(UnauthorizedError):
        nuvemshop(store_id="123456").read(asked(nuvemshop(), question(store_id=999)))


def test_each_delivery_type_is_one_rate_by_its_code_with_the_cheapest_service() -> None:
    channel = nuvemshop(codes={"normal": "Padrão", "express": "Expreso"})
    dear = offer(minor=2990, currency="ARS", carrier="jamef", carrier_id=2, carrier_name="Jamef")
    offers = [
        offer(currency="ARS"),
        dear,
        offer("express", 3550, (1, 2), currency="ARS"),
        offer("super_express", 9900, currency="ARS"),
    ]

    assert rates(channel, offers) == [
        {
            "name": "Correios",
            "code": "Padrão",
            "price": 19.9,
            "price_merchant": 19.9,
            "currency": "ARS",
            "type": "ship",
            "min_delivery_date": f"{offer().lead_time.earliest}T12:00:00+0000",
            "max_delivery_date": f"{offer().lead_time.latest}T12:00:00+0000",
            "accepts_cod": False,
            "id_required": False,
            "phone_required": False,
            "reference": "correios:03298",
        },
        {
            "name": "Correios Express",
            "code": "Expreso",
            "price": 35.5,
            "price_merchant": 35.5,
            "currency": "ARS",
            "type": "ship",
            "min_delivery_date": f"{offer(days=(1, 2)).lead_time.earliest}T12:00:00+0000",
            "max_delivery_date": f"{offer(days=(1, 2)).lead_time.latest}T12:00:00+0000",
            "accepts_cod": False,
            "id_required": False,
            "phone_required": False,
            "reference": "correios:03220",
        },
    ]


def test_dates_and_what_shoppers_must_give_are_settings() -> None:
    channel = nuvemshop(dates=False, accepts_cod=True, id_required=True, phone_required=True)
    (rate,) = rates(channel, [offer(currency="ARS")])

    assert "max_delivery_date" not in rate
    assert (rate["accepts_cod"], rate["id_required"], rate["phone_required"]) == (True, True, True)


def test_codes_that_name_two_options_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="name normal twice"):
        nuvemshop(pickup_codes={"normal": "normal"})


def test_a_pick_up_point_is_told_with_address_hours_and_its_carrier_s_number() -> None:
    (rate,) = rates(nuvemshop(), [fetched(point())])

    assert (rate["code"], rate["type"], rate["name"]) == ("pickup", "pickup", "Correios - Sucursal 1")
    assert (rate["reference"], rate["price"]) == ("correios:p1", 19.9)
    assert rate["address"] == {"address": "Calle Mayor 1", "city": "Lanús", "zipcode": "1824", "country": "AR"}
    assert rate["hours"] == [{"day": day, "start": "0900", "end": "1800"} for day in range(1, 6)]


def test_ten_pick_up_points_of_a_code_are_told_and_one_rate_to_the_door() -> None:
    offers = [offer(minor=2500, currency="ARS"), fetched(*[point(number) for number in range(1, 13)], carrier="other")]
    found = rates(nuvemshop(), offers)

    assert [rate["reference"] for rate in found if rate["type"] == "pickup"] == [f"other:p{n}" for n in range(1, 11)]
    assert [rate["code"] for rate in found if rate["type"] == "ship"] == ["normal"]


@pytest.mark.parametrize("missing", ["address", "town", "postal_code", "hours"])
def test_a_pick_up_point_of_which_too_little_is_known_is_left_out(missing: str) -> None:
    found = rates(nuvemshop(), [fetched(point(1, **{missing: ""}), point(2))])

    assert [rate["reference"] for rate in found] == ["correios:p2"]


def test_a_pick_up_point_whose_hours_cannot_be_told_may_be_told_without_any() -> None:
    found = rates(nuvemshop(unread_hours="empty"), [fetched(point(hours="según temporada"))])

    assert [rate["hours"] for rate in found] == [[]]


def test_an_offer_that_no_rate_can_tell_alarms_and_is_never_not_served() -> None:
    channel = nuvemshop()
    nowhere = offer(currency="ARS")
    nowhere = nowhere.model_copy(
        update={"rate": nowhere.rate.model_copy(update={"notes": (Note(kind="no_pickup_point", text="none near"),)})}
    )

    for untold in (fetched(point(hours="")), nowhere):
        reply = channel.write(served([untold]), cart(channel))
        assert (reply.status, "pick-up point with address and hours" in reply.alarm) == (503, True)


def test_a_cart_is_fetched_only_where_all_of_it_can_be() -> None:
    both = rates(
        nuvemshop(),
        [fetched(point(1), point(2))],
        [fetched(point(2), point(3))],
        free=(False, False),
    )

    assert [(rate["reference"], rate["price"]) for rate in both] == [("correios:p2", 39.8)]


@pytest.mark.parametrize(
    ("free", "mode", "price"),
    [
        ((False, False), "paid_items", 50.0),
        ((True, True), "paid_items", 50.0),
        ((True, False), "paid_items", 30.0),
        ((True, False), "as_printed", 20.0),
        ((True, False), "full", 50.0),
    ],
)
def test_a_mixed_cart_costs_what_the_setting_says_and_the_shop_pays_all_of_it(
    free: tuple[bool, bool], mode: str, price: float
) -> None:
    channel = nuvemshop(mixed_cart=mode)
    (rate,) = rates(channel, [offer(minor=2000, currency="ARS")], [offer(minor=3000, currency="ARS")], free=free)

    assert (rate["price"], rate["price_merchant"]) == (price, 50.0)


def test_what_cannot_be_delivered_is_an_empty_list_and_what_is_not_known_is_not_kept() -> None:
    channel = nuvemshop()
    no = channel.write(not_served(currency="ARS"), cart(channel))
    unsure = channel.write(unknown(currency="ARS"), cart(channel))

    assert told(no) == {"rates": []}
    assert channel.understood(asked(channel), no).effect is ReplyEffect.NOT_DELIVERED
    assert (unsure.status, channel.understood(asked(channel), unsure).effect) == (503, ReplyEffect.NO_FREIGHT)


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote, ask = served([offer("express", currency="ARS")], failed=["normal"]), cart(nuvemshop())

    assert nuvemshop().write(quote, ask).status == 200
    assert nuvemshop(withhold="normal").write(quote, ask).status == 503


def test_the_printed_rates_are_understood_by_their_options() -> None:
    channel = nuvemshop(codes={"normal": "standard", "express": "express"}, pickup_codes={"normal": "pickup_1"})
    printed = [ChannelReply(200, {}, sample(f"nuvemshop__{name}.response")) for name in ("ship_rates", "pickup_rate")]
    ship, pickup = [channel.understood(asked(channel), reply) for reply in printed]

    assert [(option.name, option.price.minor) for option in ship.options] == [("standard", 0), ("express", 2815)]
    assert [(option.name, option.price.minor) for option in pickup.options] == [("pickup_1", 1415)]
    assert ship.faults == pickup.faults == ()


def test_a_rate_is_hidden_whose_code_differs_by_an_accent_or_a_capital_or_comes_twice() -> None:
    channel = nuvemshop(codes={"normal": "Padrão"})
    rate = {"name": "N", "price": 1.0, "currency": "ARS", "type": "ship"}
    body = {"rates": [{**rate, "code": code} for code in ("Padrao", "padrão", "Padrão", "Padrão")]}
    read = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(body).encode()))

    assert len(read.options) == 1
    assert [fault.split(",")[0] for fault in read.faults] == [
        "code Padrao has no option",
        "code padrão has no option",
        "code Padrão has more than 1 of type ship",
    ]


def test_of_pick_up_rates_of_one_code_the_first_ten_are_shown() -> None:
    channel = nuvemshop()
    (rate,) = rates(channel, [fetched(point())])
    read = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps({"rates": [rate] * 11}).encode()))

    assert (len(read.options), len(read.faults)) == (10, 1)


def test_a_pick_up_rate_without_address_breaks_the_page() -> None:
    channel = nuvemshop()
    rate = {"name": "N", "code": "pickup", "price": 1.0, "currency": "ARS", "type": "pickup"}
    read = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps({"rates": [rate]}).encode()))

    assert (read.effect, "has an address and hours" in read.faults[0]) == (ReplyEffect.NO_FREIGHT, True)


@pytest.mark.parametrize(("moment", "day"), [("2016-07-14T23:48:45-0300", date(2016, 7, 14)), (None, None)])
def test_the_last_day_of_a_rate_is_the_one_that_is_written(moment: str | None, day: date | None) -> None:
    channel = nuvemshop()
    rate = {"name": "N", "code": "normal", "price": 1.0, "currency": "ARS", "type": "ship", "max_delivery_date": moment}
    read = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps({"rates": [rate]}).encode()))

    assert [option.latest for option in read.options] == [day]


def test_a_day_that_no_calendar_has_breaks_the_page() -> None:
    channel = nuvemshop()
    rate = {"name": "N", "code": "normal", "price": 1.0, "currency": "ARS", "type": "ship"}
    body = {"rates": [{**rate, "max_delivery_date": "2016-02-30T12:00:00+0000"}]}
    read = channel.understood(asked(channel), ChannelReply(200, {}, json.dumps(body).encode()))

    assert (read.effect, "max_delivery_date" in read.faults[0]) == (ReplyEffect.NO_FREIGHT, True)


def test_the_address_opens_without_a_signature_and_a_wrong_signature_closes_it() -> None:
    channel = nuvemshop(auth=AUTH, secret=SECRET)
    body = question()
    bare = replace(asked(nuvemshop(), body), headers={})
    right = digest(SECRET.encode(), body, sha256).hex()

    for signature in ({}, {"x-linkedstore-hmac-sha256": right}, {"x-linkedstore-hmac-sha256": right.upper()}):
        channel.authenticate(replace(bare, headers=signature))
        channel.verify(replace(bare, headers=signature))
    for wrong in ("", "00", right[:-1], right[::-1]):
        with pytest.raises(UnauthorizedError):
            channel.verify(replace(bare, headers={"x-linkedstore-hmac-sha256": wrong}))


def test_a_signature_does_not_stand_in_for_the_token_of_the_address() -> None:
    channel = nuvemshop(auth=AUTH, secret=SECRET)

    with pytest.raises(UnauthorizedError):
        channel.authenticate(replace(asked(channel, question()), token=""))
    with pytest.raises(ValueError, match="auth"):
        speaking(Nuvemshop, "AR", "ARS", secret=SECRET)


def test_the_example_is_a_question_of_the_store_that_its_own_channel_takes() -> None:
    channel = nuvemshop(auth=AUTH, secret=SECRET, store_id="77")
    example = channel.example()

    channel.authenticate(example)
    channel.verify(example)
    assert request_in(channel.read(example)).lines[0].sku == "sku-1234-01"
