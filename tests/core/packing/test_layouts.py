"""Goods lie in their boxes: properties of every packer that places them, held against units looked at one by one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packing_tasks import boxes_of, goods, task
from shop import brl

from portes.contract import CubicRule, Dimensions, Item, ParcelLimits
from portes.packing import boxes, single, stack, totals
from portes.packing.merge import told
from portes.packing.protocol import Carton, Packer, PackingTask, UnitBlock
from portes_testing.packers.layouts import flaws, placed_units, unsound

PLACERS = pytest.mark.parametrize("pack", [boxes.pack, stack.pack, single.pack])
CHOOSERS = pytest.mark.parametrize("pack", [boxes.pack, stack.pack])
EVERY = pytest.mark.parametrize("pack", [boxes.pack, stack.pack, single.pack, totals.pack])

sides = st.integers(1, 400) | st.sampled_from([50, 100, 200])
tags = st.lists(st.sampled_from(["upright", "ships_alone", "own_box", "nest:15", "nest:0", "gift"]), max_size=2)
plain = st.lists(st.sampled_from(["upright", "gift"]), max_size=1)


def items_of(tagged: st.SearchStrategy[list[str]], most: int = 12) -> st.SearchStrategy[list[Item]]:
    one = st.builds(
        goods,
        st.integers(1, most),
        sides,
        sides,
        sides,
        st.integers(0, 9_000),
        declared_value=st.none() | st.integers(0, 10_000).map(brl),
        tags=tagged.map(tuple),
    )
    return st.lists(one, min_size=1, max_size=7)


limits = st.builds(
    ParcelLimits,
    weight=st.none() | st.integers(1, 50_000),
    longest_side=st.none() | st.integers(100, 1500),
    sides=st.none() | st.tuples(*[st.integers(50, 900)] * 3),
    sides_sum=st.none() | st.integers(200, 2500),
    girth=st.none() | st.integers(300, 3000),
    volume=st.none() | st.integers(10**5, 10**9),
    value=st.none() | st.integers(1, 50_000),
    least_sides=st.none() | st.just((160, 110, 10)),
)


def _carton(number: int, inside: tuple[int, int, int], wall: int, most: int | None) -> Carton:
    length, width, height = inside
    outside = Dimensions(length=length + wall, width=width + wall, height=height + wall)
    size = Dimensions(length=length, width=width, height=height)
    return Carton(f"c{number}", size, outside, weight=50 * number, most_weight=most, cost=100 * number)


cartons = st.lists(
    st.builds(
        _carton,
        st.integers(0, 9),
        st.tuples(*[st.integers(50, 700)] * 3),
        st.integers(0, 20),
        st.none() | st.integers(500, 30_000),
    ),
    max_size=4,
)
cubic = st.none() | st.builds(CubicRule, st.sampled_from([4000, 6000]), st.sampled_from([0, 5000]))


def tasks(tagged: st.SearchStrategy[list[str]] = tags) -> st.SearchStrategy[PackingTask]:
    made = st.builds(lambda packed, most: task(*packed, limits=most), items_of(tagged), limits)
    return st.builds(
        lambda one, boxed, rule, price: replace(one, cartons=boxed, cubic=rule, kilo_price=price),
        made,
        cartons,
        cubic,
        st.none() | st.integers(0, 3000),
    )


@PLACERS
@given(tasks())
def test_every_unit_lies_in_one_box_apart_from_all_others_and_the_parcel_tells_what_it_holds(
    pack: Packer, what: PackingTask
) -> None:
    assert unsound(pack(what), what) == []


@EVERY
@given(tasks())
def test_the_same_task_is_packed_in_the_same_way(pack: Packer, what: PackingTask) -> None:
    assert pack(what) == pack(what)


@CHOOSERS
@given(tasks(plain))
def test_equal_units_counted_or_repeated_line_by_line_come_in_the_same_boxes(pack: Packer, what: PackingTask) -> None:
    repeated = [one.item.model_copy(update={"quantity": 1}) for one in what.lines for _ in range(one.item.quantity)]
    apart = replace(task(*repeated, limits=what.limits), cartons=what.cartons, cubic=what.cubic)
    packed = pack(apart)

    assert boxes_of(packed) == boxes_of(pack(replace(what, kilo_price=None)))
    assert unsound(packed, apart) == []


@EVERY
@given(tasks())
def test_weight_value_and_units_are_told_whole(pack: Packer, what: PackingTask) -> None:
    parcels = told(packed := pack(what))
    items = [line.item for line in what.lines]
    cardboard = sum((one.carton.weight if one.carton else 0) * one.parcel.count for one in packed)

    assert sum(one.weight * one.count for one in parcels) - cardboard == sum(one.weight * one.quantity for one in items)
    assert sum((one.units or 0) * one.count for one in parcels) == sum(one.quantity for one in items)
    if all(one.declared_value for one in items):
        worth = sum(one.declared_value.minor * one.quantity for one in items if one.declared_value)
        assert sum(one.value.minor * one.count for one in parcels if one.value) == worth


@EVERY
@given(tasks())
def test_a_parcel_of_several_units_keeps_to_the_limits(pack: Packer, what: PackingTask) -> None:
    for one in pack(what):
        assert one.parcel.units == 1 or what.limits.exceeded_by(one.parcel) is None or one.parcel.volumes > 1


@CHOOSERS
@given(tasks())
def test_goods_that_ship_alone_share_no_parcel_and_those_in_their_own_box_are_it(
    pack: Packer, what: PackingTask
) -> None:
    items = [line.item for line in what.lines]
    for one in pack(what):
        held = [items[position] for position in one.parcel.lines]
        assert len(held) == 1 or not any({"ships_alone", "own_box"} & set(each.tags) for each in held)
        if "own_box" in held[0].tags:
            assert (one.parcel.units, one.parcel.size.sides, one.carton) == (1, held[0].size.sides, None)


@CHOOSERS
@given(items_of(plain), st.integers(1, 5))
def test_more_units_come_in_no_fewer_parcels_where_weight_decides(
    pack: Packer, packed: Sequence[Item], more: int
) -> None:
    """Small goods, for a heuristic of space may now and then place more in fewer boxes."""
    equal = goods(packed[0].quantity, 20, 10, 10, 4000)
    larger = equal.model_copy(update={"quantity": equal.quantity + more})
    few, many = (
        sum(one.parcel.count for one in pack(task(one, limits=ParcelLimits(weight=10_000)))) for one in (equal, larger)
    )

    assert few == -(-equal.quantity // 2)
    assert few <= many


@CHOOSERS
@given(st.integers(1, 10**6))
def test_however_many_equal_units_there_are_they_are_a_few_blocks(pack: Packer, quantity: int) -> None:
    most = ParcelLimits(weight=30_000, longest_side=1050, sides_sum=2000)
    packed = pack(task(goods(quantity, 120, 50, 30), limits=most))

    assert placed_units(packed) == {0: quantity}
    assert len(packed) <= 2
    assert sum(len(one.layout) for one in packed) <= 6


def test_the_checker_sees_what_overlaps_sticks_out_lies_or_nests_falsely() -> None:
    """It is no use unless it finds fault."""
    item = goods(4, 100, 50, 20, tags=("upright",))
    (sound,) = stack.pack(task(item))
    (block,) = sound.layout

    def faults(*layout: UnitBlock) -> str:
        return " ".join(flaws(replace(sound, layout=layout), {0: item}))

    assert faults(block) == ""
    assert "overlaps" in faults(block, block)
    assert "sticks out" in faults(replace(block, corner=(1, 0, 0)))
    assert "is to stand" in faults(replace(block, size=(100, 20, 50), pitch=(100, 20, 50)))
    assert "is no" in faults(replace(block, size=(100, 50, 19), pitch=(100, 50, 19)))
    assert "nests" in faults(replace(block, pitch=(100, 50, 10)))
