from packing_tasks import goods, task

from portes.contract import Dimensions, Parcel
from portes.packing import single
from portes.packing.merge import merged, told

BOX = Parcel(weight=1000, size=Dimensions(length=200, width=100, height=100), units=1)


def test_parcels_that_a_carrier_can_tell_apart_are_not_equal() -> None:
    others = [{"volume": 1_990_000}, {"units": 2}, {"volumes": 2}, {"weight": 999}]
    parcels = [BOX, *(BOX.model_copy(update=other) for other in others), BOX]

    assert [parcel.count for parcel in merged(parcels)] == [2, 1, 1, 1, 1]


def test_letters_without_a_thickness_are_equal_only_in_equal_sizes() -> None:
    small, large = (goods(1, 300, width, 0) for width in (100, 200))
    parcels = told(single.pack(task(small, large, small)))

    assert [(parcel.size.width, parcel.count) for parcel in parcels] == [(100, 2), (200, 1)]


def test_equal_parcels_of_several_lines_are_told_once_and_placed_each_by_itself() -> None:
    packed = single.pack(task(goods(2, 30, 20, 10), goods(3, 30, 20, 10)))
    (parcel,) = told(packed)

    assert (parcel.count, parcel.lines) == (5, (0, 1))
    assert [(one.parcel.count, one.layout[0].line) for one in packed] == [(2, 0), (3, 1)]
