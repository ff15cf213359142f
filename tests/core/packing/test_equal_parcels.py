from shop import item

from portes.contract import Dimensions, ParcelLimits
from portes.packing import single, volume
from portes.packing.protocol import PackedLine

SPLIT = [(1, Dimensions(length=200, width=100, height=100)), (2, Dimensions(length=200, width=100, height=50))]
"""A quantity, and a size of which so many are as large as the other one."""


def test_parcels_in_equal_boxes_whose_goods_take_up_different_room_are_not_equal() -> None:
    cube, flat = (Dimensions(length=100, width=100, height=height) for height in (100, 99))
    lines = [item(quantity=2, size=cube), item(size=cube), item(size=flat)]
    packed = [PackedLine(position, one) for position, one in enumerate(lines)]
    first, second = volume.pack(packed, ParcelLimits(weight=1000))

    assert (first.size, first.weight) == (second.size, second.weight)
    assert (first.volume, second.volume) == (2_000_000, 1_990_000)


def test_letters_without_a_thickness_are_equal_only_in_equal_sizes() -> None:
    small, large = (item(size=Dimensions(length=300, width=width, height=0)) for width in (100, 200))
    parcels = single.pack([PackedLine(0, small), PackedLine(1, large), PackedLine(2, small)], ParcelLimits())

    assert [(parcel.size.width, parcel.count) for parcel in parcels] == [(100, 2), (200, 1)]


def test_parcels_of_equal_measures_that_hold_other_numbers_of_units_are_not_equal() -> None:
    one, halves = (item(quantity=quantity, weight=1000 // quantity, size=size) for quantity, size in SPLIT)
    parcels = volume.pack([PackedLine(0, one), PackedLine(1, halves)], ParcelLimits(weight=1000))

    assert [(parcel.weight, parcel.volume, parcel.count, parcel.units) for parcel in parcels] == [
        (1000, 2_000_000, 1, 1), (1000, 2_000_000, 1, 2),
    ]  # fmt: skip
    assert parcels[0].size == parcels[1].size
