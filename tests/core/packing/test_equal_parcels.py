from shop import item

from portes.contract import Dimensions, ParcelLimits
from portes.packing import single, volume
from portes.packing.protocol import PackedLine


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
