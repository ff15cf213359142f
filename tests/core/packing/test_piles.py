"""Flat goods of many sizes lie upon each other: one parcel wherever the limits allow such a pile, and no larger box."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packing_tasks import boxes_of, goods, task

from portes.contract import Dimensions, Item, Parcel, ParcelLimits
from portes.contract.rounding import cube_root
from portes.packing import stack

flat_goods = st.lists(
    st.builds(
        goods,
        quantity=st.integers(1, 3),
        length=st.integers(100, 400),
        width=st.integers(80, 300),
        height=st.integers(3, 60),
        weight=st.integers(50, 900),
        tags=st.sampled_from([(), ("upright",), ("nest:2",)]),
    ),
    min_size=2,
    max_size=5,
)
limits = st.builds(
    ParcelLimits,
    weight=st.none() | st.integers(1000, 20_000),
    longest_side=st.none() | st.integers(300, 1200),
    sides_sum=st.none() | st.integers(600, 2000),
    girth=st.none() | st.integers(1000, 3000),
)


def pile_of(items: Sequence[Item]) -> Parcel:
    """All of them, one upon the other, each as flat as it may lie."""
    bases: list[tuple[int, int]] = []
    height = weight = 0
    for one in items:
        size = one.size
        sides = (size.length, size.width, size.height)
        turns = "upright" not in one.tags and not any(tag.startswith("nest:") for tag in one.tags)
        low, *base = sorted(sides) if turns else (size.height, *sorted(sides[:2]))
        step = 2 if "nest:2" in one.tags else low
        bases.append((max(base), min(base)))
        height += low + (one.quantity - 1) * step
        weight += one.weight * one.quantity
    length, width = (max(sides) for sides in zip(*bases, strict=True))
    return Parcel(weight=weight, size=Dimensions(length=length, width=width, height=height))


def test_two_shirts_are_one_parcel() -> None:
    packed = stack.pack(task(goods(1, 250, 200, 20), goods(1, 160, 200, 20)))

    assert boxes_of(packed) == [(250, 200, 40, 200, 1)]


@given(flat_goods, limits)
def test_what_may_lie_in_a_pile_within_the_limits_is_one_parcel(items: Sequence[Item], most: ParcelLimits) -> None:
    assume(most.exceeded_by(pile_of(items)) is None)

    assert [one.parcel.count for one in stack.pack(task(*items, limits=most))] == [1]


@given(flat_goods)
def test_no_box_is_larger_than_a_pile_that_hands_would_make(items: Sequence[Item]) -> None:
    pile = pile_of(items)
    solid = sum(one.size.volume * one.quantity for one in items)
    assume(max(pile.size.sides) <= 2 * cube_root(solid // 2))  # no rod, even where goods nest

    (packed,) = stack.pack(task(*items))
    assert packed.parcel.volume <= pile.volume


@pytest.mark.parametrize("tags", [("upright",), ("nest:5",)])
def test_what_has_to_stand_stands_in_a_pile(tags: tuple[str, ...]) -> None:
    (packed,) = stack.pack(task(goods(3, 300, 300, 20, tags=tags), goods(1, 290, 280, 10)))

    assert packed.parcel.size.sides == ((300, 300, 70) if tags == ("upright",) else (300, 300, 40))
