"""Parcels of sums are as full as the limits allow, and tell how many packed volumes they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packing_tasks import goods as units
from packing_tasks import task

from portes.contract import Dimensions, Item, Parcel, ParcelLimits
from portes.packing import boxes, totals
from portes.packing.merge import told
from portes.packing.protocol import Carton

NO_LIMITS = ParcelLimits()


def packed(one: Item, limits: ParcelLimits) -> list[Parcel]:
    return list(told(totals.pack(task(one, limits=limits))))


@pytest.mark.parametrize("most", range(1, 9))
def test_as_many_units_as_the_limit_allows_lie_in_a_parcel(most: int) -> None:
    full, *rest = packed(units(50, 10, 10, 10), ParcelLimits(weight=100 * most + 99))

    assert (full.weight, full.count) == (100 * most, 50 // most)
    assert [parcel.weight for parcel in rest] == ([100 * (50 % most)] if 50 % most else [])


def test_a_limit_of_volume_is_about_the_goods_and_not_about_the_box_around_them() -> None:
    (parcel,) = packed(units(7, 100, 100, 100), ParcelLimits(volume=7_000_000))

    assert parcel.size.volume > parcel.volume == 7_000_000
    assert parcel.volumes == 1


@pytest.mark.parametrize(
    ("goods", "box"),
    [
        pytest.param(units(28, 1, 1, 1), (7, 2, 2), id="the length is the longest side"),
        pytest.param(units(27, 1, 1, 1), (3, 3, 3), id="a cube where one can be"),
        pytest.param(units(2, 1000, 800, 10), (1000, 800, 20), id="plates lie on each other"),
        pytest.param(units(4, 900, 10, 10), (900, 20, 20), id="rods lie beside and on each other"),
    ],
)
def test_the_box_of_totals_is_the_one_in_which_the_goods_lie_where_one_holds_them(
    goods: Item, box: tuple[int, int, int]
) -> None:
    (parcel,) = packed(goods, NO_LIMITS)

    assert (parcel.size.length, parcel.size.width, parcel.size.height) == box


def test_goods_that_one_box_cannot_hold_are_as_many_volumes_as_they_are_packed_in() -> None:
    limits = ParcelLimits(weight=30_000, longest_side=1050, sides_sum=2000)
    (parcel,) = packed(units(7, 400, 200, 500), limits)

    assert (parcel.count, parcel.units, parcel.volumes) == (1, 7, 2)
    assert parcel.size.volume >= parcel.volume == 7 * 400 * 200 * 500


def test_units_in_boxes_of_their_own_are_a_volume_each() -> None:
    (parcel,) = packed(units(12, 600, 600, 900, tags=("own_box",)), NO_LIMITS)

    assert (parcel.count, parcel.units, parcel.volumes) == (1, 12, 12)


@pytest.mark.parametrize("tags", [(), ("upright",), ("own_box",), ("nest:20",)])
def test_one_unit_alone_is_told_in_the_box_that_packing_it_in_space_gives_it(tags: tuple[str, ...]) -> None:
    one = task(units(1, 100, 300, 20, tags=tags), limits=ParcelLimits(longest_side=200))

    assert told(totals.pack(one)) == told(boxes.pack(one))


def test_one_unit_alone_is_told_in_the_store_s_carton() -> None:
    carton = Carton("C", Dimensions(length=310, width=110, height=50), Dimensions(length=320, width=120, height=60))
    (parcel,) = told(totals.pack(task(units(1, 100, 300, 20), cartons=[carton])))

    assert (parcel.size, parcel.volume, parcel.volumes) == (carton.outside, 100 * 300 * 20, 1)


SIDES = st.integers(20, 320)
TAGS = st.sampled_from([(), (), ("upright",), ("ships_alone",), ("own_box",), ("nest:12",)])
GOODS = st.builds(units, st.integers(1, 9), SIDES, SIDES, SIDES, st.integers(50, 2500), tags=TAGS)
CARTON = Carton("C", *(Dimensions(length=400, width=300, height=300),) * 2, weight=250)


@given(st.lists(GOODS, min_size=1, max_size=4), st.sampled_from([[], [CARTON]]), st.none() | st.integers(600, 2000))
def test_sums_tell_as_many_volumes_as_packing_makes_boxes_and_the_box_where_it_is_one(
    items: list[Item], cartons: list[Carton], sides_sum: int | None
) -> None:
    what = task(*items, limits=ParcelLimits(sides_sum=sides_sum), cartons=cartons)
    sums, apart = totals.pack(what), boxes.pack(what)
    if len(sums) == sums[0].parcel.count == 1:
        assert sums[0].parcel.volumes == sum(one.parcel.count for one in apart)
        assert sums[0].parcel.size == apart[0].parcel.size or sums[0].parcel.volumes > 1
