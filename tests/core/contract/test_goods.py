"""Laws of goods: totals count every equal piece, and a missing value stays missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portes.contract import Dimensions, Item, Money, Origin, Parcel, Place, Shipment

BOX = Dimensions(length=100, width=200, height=300)
CATHEDRAL = Place(country="BR", postal_code="01001000")


def parcel(weight: int = 500, count: int = 1, value: Money | None = None) -> Parcel:
    return Parcel(weight=weight, size=BOX, value=value, count=count)


def shipment(*parcels: Parcel) -> Shipment:
    origin = Origin(id=1, place=CATHEDRAL, calendar="BR-SP")
    return Shipment(id="1", parcels=parcels, origin=origin, place=CATHEDRAL, dispatch_date=date(2026, 11, 23))


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


parcels = st.lists(
    st.builds(parcel, st.integers(0, 10**6), st.integers(1, 10**4), st.builds(brl, st.integers(0, 10**9))),
    min_size=1,
    max_size=6,
)


def test_the_goods_fill_the_box_unless_the_packer_knows_better() -> None:
    assert parcel().volume == BOX.volume
    assert Parcel(weight=1, size=BOX, volume=7).volume == 7


def test_goods_are_never_worth_less_than_nothing() -> None:
    assert Item(sku="a", quantity=1, weight=1, size=BOX, declared_value=brl(0)).declared_value == brl(0)
    with pytest.raises(ValidationError, match=r"declared_value\n.*-0.01 BRL is below zero"):
        Item(sku="a", quantity=1, weight=1, size=BOX, declared_value=brl(-1))
    with pytest.raises(ValidationError, match=r"value\n.*-0.01 BRL is below zero"):
        parcel(value=brl(-1))


@given(parcels)
def test_equal_pieces_counted_once_weigh_what_they_weigh_one_by_one(packed: list[Parcel]) -> None:
    counted = shipment(*packed)
    total = sum((one.value * one.count for one in packed if one.value), start=brl(0))

    assert counted.weight == sum(one.weight * one.count for one in packed)
    assert counted.volume == sum(one.volume * one.count for one in packed)
    assert counted.pieces == sum(one.count for one in packed)
    assert counted.value == total


@given(parcels)
def test_one_piece_without_a_value_leaves_the_shipment_without_one(packed: list[Parcel]) -> None:
    assert shipment(*packed, parcel(value=None)).value is None


def test_a_shipment_is_valued_in_one_currency() -> None:
    with pytest.raises(ValidationError, match="parcels are valued in BRL and EUR"):
        shipment(parcel(value=brl(1)), parcel(value=Money(minor=1, currency="EUR")))


def test_a_shipment_holds_at_least_one_parcel() -> None:
    with pytest.raises(ValidationError, match="parcels"):
        shipment()


@pytest.mark.parametrize("quantity", [0, -1, 1.0, True, "1"])
def test_a_quantity_is_a_whole_number_of_at_least_one(quantity: object) -> None:
    with pytest.raises(ValidationError, match="quantity"):
        Item.model_validate({"sku": "sku-1", "quantity": quantity, "weight": 1, "size": BOX})


def test_the_contract_lets_a_store_allow_zero_weight_and_size() -> None:
    flat = Dimensions(length=0, width=0, height=0)

    assert Item(sku="gift-card", quantity=1, weight=0, size=flat).size.volume == 0
