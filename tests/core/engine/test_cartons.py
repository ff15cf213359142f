"""The store's cartons in quotes: who packs into which, what they cost, and what is declared of dear goods."""

from dataclasses import replace
from typing import Any

import pytest
from shop import (
    EXPRESS,
    NORMAL,
    ScriptedCarrier,
    brl,
    failure,
    item,
    member,
    origin,
    quoted,
    rate,
    request,
    service,
)

from portes.contract import CubicRule, Dimensions, Item, ParcelLimits, Quote, RefusalKind, Shipment, Verdict
from portes.engine.policy import Member
from portes.packing import boxes, stack
from portes.packing.protocol import Carton

CUBE = Dimensions(length=200, width=200, height=200)
FLAT = Dimensions(length=300, width=300, height=100)


def carton(code: str, size: Dimensions = CUBE, **more: Any) -> Carton:
    return Carton(code, size, size, **more)


def goods(quantity: int = 1, value: int | None = None, tags: tuple[str, ...] = ()) -> Item:
    size = Dimensions(length=100, width=100, height=100)
    return item("x", quantity, 1_000, size=size, declared_value=None if value is None else brl(value), tags=tags)


def asked(one: Member) -> list[Shipment]:
    assert isinstance(one.carrier, ScriptedCarrier)
    return one.carrier.asked


def parcels(one: Member) -> list[tuple[tuple[int, int, int], int, int]]:
    return [(parcel.size.sides, parcel.weight, parcel.count) for shipment in asked(one) for parcel in shipment.parcels]


def prices(quote: Quote) -> list[int]:
    return [offer.price.minor for offer in quote.lines[0].offers]


def notes(quote: Quote, service: str = "n") -> dict[str, str]:
    (offer,) = (each for each in quote.lines[0].offers if each.rate.service == service)
    return {note.kind: note.text for note in offer.rate.notes}


def test_a_carrier_is_told_the_carton_with_its_own_weight() -> None:
    one = member(packer=boxes.pack)
    quoted(request(goods(8)), one, cartons=(carton("cube", weight=150),))

    assert parcels(one) == [((200, 200, 200), 8_150, 1)]


def test_an_origin_packs_into_its_own_cartons() -> None:
    one = member(packer=boxes.pack)
    cartons = (carton("here", weight=1, origins=(1,)), carton("there", weight=2, origins=(2,)))
    quoted(request(goods(8)), one, origins=[origin(2)], cartons=cartons)

    assert parcels(one) == [((200, 200, 200), 8_002, 1)]


def test_the_same_goods_come_in_other_cartons_where_carriers_bill_sizes_otherwise() -> None:
    """By the scale the cheap carton is best; by 8000 cm³ at 1000 to the kilogram it is billed as eight."""
    cheap, small = carton("cheap", weight=10), carton("small", Dimensions(length=100, width=100, height=100), weight=20)
    scale = member("a", packer=boxes.pack)
    cubic = member("b", packer=boxes.pack, abilities={"cubic": CubicRule(1000)})
    quoted(request(goods()), scale, cubic, cartons=(cheap, small))

    assert parcels(scale) == [((200, 200, 200), 1_010, 1)]
    assert parcels(cubic) == [((100, 100, 100), 1_020, 1)]


def test_with_a_kilo_price_cartons_are_chosen_by_money() -> None:
    dear, light = carton("dear", weight=10, cost=500), carton("plain", weight=400, cost=100)
    by_weight, by_money = member("a", packer=boxes.pack), replace(member("b", packer=boxes.pack), kilo_price=300)
    quoted(request(goods(8)), by_weight, by_money, cartons=(dear, light))

    assert parcels(by_weight) == [((200, 200, 200), 8_010, 1)]
    assert parcels(by_money) == [((200, 200, 200), 8_400, 1)]


@pytest.mark.parametrize(("packaging_cost", "price"), [("absorbed", 1000), ("charged", 1000 + 2 * 250)])
def test_cartons_enter_the_price_only_where_they_are_charged(packaging_cost: str, price: int) -> None:
    one = member(packer=boxes.pack)
    quote = quoted(request(goods(16)), one, cartons=(carton("cube", cost=250),), packaging_cost=packaging_cost)

    assert parcels(one) == [((200, 200, 200), 8_000, 2)]
    assert prices(quote) == [price]
    assert quote.lines[0].offers[0].rate.cost.minor == 1000
    assert list(notes(quote)) == (["packaging"] if price > 1000 else [])


def valued(above_value: str, most: int = 30_000, **more: Any) -> Member:
    says = more.pop("says", None)
    services = (service("n", NORMAL, above_value=above_value), service("e", EXPRESS))
    abilities = {"service_limits": {"n": ParcelLimits(value=most)}}
    return member("a", says, *services, packer=stack.pack, abilities=abilities, **more)


def declared(one: Member) -> list[tuple[tuple[str, ...], list[int | None]]]:
    return [
        (shipment.services, [None if parcel.value is None else parcel.value.minor for parcel in shipment.parcels])
        for shipment in asked(one)
    ]


def test_a_value_above_the_most_is_refused_by_that_service_alone() -> None:
    one = valued("refuse")
    quote = quoted(request(goods(4, 10_000)), one)
    (no,) = quote.lines[0].refusals

    assert (no.refusal.service, no.refusal.kind) == ("n", RefusalKind.VALUE_OUT_OF_RANGE)
    assert declared(one) == [(("e",), [40_000])]


def test_goods_that_could_be_declared_apart_are_refused_with_the_key_that_parts_them() -> None:
    apart, one_alone, split = (
        quoted(request(goods(*units)), valued(above_value)).lines[0].refusals[0].refusal.text
        for above_value, units in (("refuse", (3, 20_000)), ("refuse", (1, 40_000)), ("split", (2, 40_000)))
    )

    assert apart == (
        "60000 minor units; the most that can be declared is 30000 together; "
        'above_value = "split" of the service parts goods for their value'
    )
    assert one_alone == split == "40000 minor units; the most that can be declared is 30000"


def test_split_goods_keep_each_parcel_within_the_most() -> None:
    one = valued("split")
    quote = quoted(request(goods(4, 10_000)), one)

    assert quote.lines[0].refusals == ()
    assert sorted(declared(one)) == [(("e",), [40_000]), (("n",), [30_000, 10_000])]


@pytest.mark.parametrize(
    ("above_value", "kind", "told"), [("cap", "value_capped", 30_000), ("undeclared", "value_undeclared", 0)]
)
def test_what_cannot_be_declared_is_cut_or_left_out_and_noted(above_value: str, kind: str, told: int) -> None:
    one = valued(above_value)
    quote = quoted(request(goods(4, 10_000)), one)

    assert quote.verdict is Verdict.SERVED
    assert sorted(declared(one)) == [(("e",), [40_000]), (("n",), [told])]
    assert list(notes(quote)) == [kind]
    assert "300.00 BRL" in notes(quote)[kind]
    assert notes(quote, "e") == {}


@pytest.mark.parametrize("above_value", ["refuse", "split", "cap", "undeclared"])
def test_a_value_within_the_most_is_declared_whole_in_one_question_for_all(above_value: str) -> None:
    one = valued(above_value)
    quote = quoted(request(goods(3, 10_000)), one)

    assert declared(one) == [((), [30_000])]
    assert notes(quote) == {}


def test_a_value_that_nobody_stated_is_cut_by_nobody() -> None:
    one = valued("cap")
    quote = quoted(request(goods(4)), one)

    assert declared(one) == [((), [None])]
    assert notes(quote) == {}


def test_a_fallback_s_rate_says_what_was_declared_to_the_fallback() -> None:
    one = valued("cap", says=lambda _: [failure("n"), rate("e")], fallback="b")
    spare = member("b", lambda _: [rate("s", 700)], service("s"), fallback_only=True)
    quote = quoted(request(goods(4, 10_000)), one, fallbacks={"b": spare})

    assert list(notes(quote)) == ["fallback"]
    (told,) = asked(spare)
    assert told.value == brl(40_000)


def test_of_a_fallback_s_services_only_the_one_that_prices_says_what_was_declared_to_it() -> None:
    services = (service("s", above_value="cap"), service("t", above_value="undeclared"))
    most = {"s": ParcelLimits(value=30_000), "t": ParcelLimits(value=30_000)}
    spare = member(
        "b",
        lambda _: [rate("s", 900), rate("t", 700)],
        *services,
        packer=stack.pack,
        abilities={"service_limits": most},
        fallback_only=True,
    )
    failed = member("a", lambda _: [failure("n")], service("n"), packer=stack.pack, fallback="b")
    quote = quoted(request(goods(4, 10_000)), failed, fallbacks={"b": spare})

    assert list(notes(quote)) == ["fallback", "value_undeclared"]


def test_where_packers_split_besides_a_single_unit_beyond_is_still_asked_about() -> None:
    splits = {"splits_at": {"n": ParcelLimits(weight=2_000)}}
    one = member("a", None, service("n"), packer=stack.pack, abilities=splits)
    quoted(request(goods(3), item("y", weight=5_000)), one, lines="together")

    assert sorted(weight for _, weight, _ in parcels(one)) == [1_000, 2_000, 5_000]
