from shop import item

from portes.contract import Dimensions, ParcelLimits
from portes.packing import volume
from portes.packing.protocol import PackedLine


def test_parcels_in_equal_boxes_whose_goods_take_up_different_room_are_not_equal() -> None:
    cube, flat = (Dimensions(length=100, width=100, height=height) for height in (100, 99))
    lines = [item(quantity=2, size=cube), item(size=cube), item(size=flat)]
    packed = [PackedLine(position, one) for position, one in enumerate(lines)]
    first, second = volume.pack(packed, ParcelLimits(weight=1000))

    assert (first.size, first.weight) == (second.size, second.weight)
    assert (first.volume, second.volume) == (2_000_000, 1_990_000)
