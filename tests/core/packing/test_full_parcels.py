"""A parcel is as full as the limits allow, and its box no larger than it must be."""

import pytest
from shop import item

from portes.contract import Dimensions, Item, Parcel, ParcelLimits
from portes.packing import volume
from portes.packing.protocol import PackedLine

NO_LIMITS = ParcelLimits()


def packed(one: Item, limits: ParcelLimits) -> list[Parcel]:
    return list(volume.pack([PackedLine(0, one)], limits))


def units(quantity: int, length: int, width: int, height: int) -> Item:
    return item(quantity=quantity, weight=100, size=Dimensions(length=length, width=width, height=height))


@pytest.mark.parametrize("most", range(1, 9))
def test_as_many_units_as_the_limit_allows_lie_in_a_parcel(most: int) -> None:
    full, *rest = packed(units(50, 10, 10, 10), ParcelLimits(weight=100 * most + 99))

    assert (full.weight, full.count) == (100 * most, 50 // most)
    assert [parcel.weight for parcel in rest] == ([100 * (50 % most)] if 50 % most else [])


def test_a_limit_of_volume_is_about_the_goods_and_not_about_the_box_around_them() -> None:
    (parcel,) = packed(units(2, 100, 100, 100), ParcelLimits(volume=2_000_000))

    assert parcel.size.volume > parcel.volume == 2_000_000


@pytest.mark.parametrize(
    ("goods", "box"),
    [
        pytest.param(units(28, 1, 1, 1), (4, 3, 3), id="the length is the longest side"),
        pytest.param(units(27, 1, 1, 1), (3, 3, 3), id="a cube where one can be"),
        pytest.param(units(2, 1000, 800, 10), (1000, 800, 20), id="plates lie on each other"),
        pytest.param(units(4, 900, 10, 10), (900, 20, 20), id="rods lie beside and on each other"),
    ],
)
def test_the_box_is_the_nearest_to_a_cube_in_which_every_side_of_a_unit_lies(
    goods: Item, box: tuple[int, int, int]
) -> None:
    (parcel,) = packed(goods, NO_LIMITS)

    assert (parcel.size.length, parcel.size.width, parcel.size.height) == box
