"""Boxes drawn with letters: every unit has its own place in every layer it is in, and what is left out is named."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packing_tasks import goods, task

from portes.cli.render.packed_letters import packing_lines
from portes.contract import Dimensions, Item, ParcelLimits
from portes.engine.layouts import CarrierPacking
from portes.packing import boxes, stack
from portes.packing.protocol import Carton, PackedParcel, Packer

EDGES = "+-|"
CARTON = Dimensions(length=700, width=500, height=400)


def told_of(parcels: Sequence[PackedParcel], lines: int) -> list[str]:
    """What is told of some boxes, line by line."""
    packing = CarrierPacking(1, (("road", ("economy",)),), parcels)
    return list(packing_lines(packing, {number: f"sku-{number}" for number in range(lines)}))


def pictures(told: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
    """Each layer drawn: the heights it is told to be of, and its lines of equal length."""
    layer: list[str] = []
    heights: list[int] = []
    for line in [*(text.strip() for text in told), ""]:
        if line.startswith(tuple(EDGES)):
            layer.append(line)
        elif layer:
            width = max(map(len, layer))
            yield heights, [drawn.ljust(width) for drawn in layer]
            layer = []
        if " mm above the floor" in line:
            heights = [int(number) for number in line.partition(" mm")[0].split(", ")]


def fields(layer: Sequence[str]) -> Iterator[set[tuple[int, int]]]:
    """What lies within edges: the connected places of a layer that are no edge."""
    left = {(row, at) for row, line in enumerate(layer) for at, sign in enumerate(line) if sign not in EDGES}
    while left:
        field, near = set[tuple[int, int]](), [left.pop()]
        while near:
            row, at = near.pop()
            field.add((row, at))
            beside = {(row - 1, at), (row + 1, at), (row, at - 1), (row, at + 1)} & left
            left -= beside
            near += beside
        yield field


def is_rectangle(field: set[tuple[int, int]]) -> bool:
    rows, columns = {row for row, _ in field}, {at for _, at in field}
    return len(field) == len(rows) * len(columns) == (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def seen(packed: PackedParcel, height: int) -> Counter[str]:
    """How many units of each line's letter are cut at a height."""
    units: Counter[str] = Counter()
    for block in packed.layout:
        if block.corner[2] <= height < block.corner[2] + block.extent[2]:
            units[ascii_letters[26 + block.line]] += block.counts[0] * block.counts[1]
    return units


SIDES = st.integers(60, 240)
GOODS = st.builds(goods, st.integers(1, 5), SIDES, SIDES, SIDES, st.integers(100, 900))


@given(st.lists(GOODS, min_size=1, max_size=6), st.sampled_from([boxes.pack, stack.pack]))
def test_every_unit_has_a_field_of_its_own_in_every_layer_it_is_in(items: list[Item], pack: Packer) -> None:
    limits = ParcelLimits(sides=(700, 500, 400))
    for packed in pack(task(*items, limits=limits, cartons=(Carton("C", CARTON, CARTON),))):
        told = told_of([packed], len(items))
        drawn = list(pictures(told))
        for heights, layer in drawn:
            letters: Counter[str] = Counter()
            for field in fields(layer):
                named = [layer[row][at] for row, at in field if layer[row][at] != " "]
                letters.update(named)
                assert not named or is_rectangle(field)
            assert [letters] * len(heights) == [seen(packed, height) for height in heights]
        levels = {block.corner[2] + block.pitch[2] * up for block in packed.layout for up in range(block.counts[2])}
        shown = {height for heights, _ in drawn for height in heights}
        left_out = sum(int(number) for number in re.findall(r"at (\d+) heights? more", "\n".join(told)))
        assert (shown <= levels, len(shown) + left_out) == (True, len(levels))
        assert all(line.isascii() and len(line) <= 78 for _, layer in drawn for line in layer)


def test_a_box_is_drawn_to_scale_from_above_layer_by_layer() -> None:
    size = Dimensions(length=360, width=240, height=200)
    items = [goods(3, 180, 120, 100), goods(1, 180, 240, 100), goods(1, 360, 120, 100)]

    assert told_of(boxes.pack(task(*items, cartons=(Carton("C", size, size),))), 3)[2:19] == [
        "    seen from above, a character is 10 mm wide and 20 mm high",
        "    A = sku-0, B = sku-1, C = sku-2",
        "    0 mm above the floor:",
        "    +-----------------+-----------------+",
        "    |                 |                 |",
        "    |                 |                 |",
        "    |                 |        A        |",
        "    |                 |                 |",
        "    |                 |                 |",
        "    |        B        +-----------------+",
        "    |                 |                 |",
        "    |                 |                 |",
        "    |                 |        A        |",
        "    |                 |                 |",
        "    |                 |                 |",
        "    +-----------------+-----------------+",
        "    100 mm above the floor:",
    ]


def test_layers_that_look_alike_are_drawn_once() -> None:
    told = told_of(stack.pack(task(goods(40, 300, 200, 100, tags=("nest:15",)))), 1)

    assert [heights[:3] for heights, _ in pictures(told)] == [[0, 15, 30]]
    assert any(line.endswith("mm above the floor and at 12 heights more:") for line in told)


def test_pens_of_a_large_box_are_drawn_as_one_and_counted() -> None:
    told = told_of(stack.pack(task(goods(4_000, 140, 8, 8))), 1)

    assert any(" A x " in line for line in told)


@pytest.mark.parametrize("quantity", [1, 1_000_000])
def test_the_picture_of_any_number_of_units_is_bounded(quantity: int) -> None:
    told = told_of(stack.pack(task(goods(quantity, 140, 9, 9))), 1)

    assert len(told) < 300


def test_goods_too_thin_to_be_drawn_are_named() -> None:
    (packed,) = boxes.pack(task(goods(1, 690, 390, 5), cartons=(Carton("C", CARTON, CARTON),)))
    upright = goods(1, 690, 5, 390, tags=("upright",))
    (standing,) = boxes.pack(task(upright, cartons=(Carton("C", CARTON, CARTON),)))

    assert not any("too small" in line for line in told_of([packed], 1))
    assert "    too small to be drawn: 1 x sku-0" in told_of([standing], 1)


def test_only_the_first_boxes_of_many_are_drawn_and_the_others_counted() -> None:
    kinds = [goods(1, 100 + number, 100, 100, tags=("own_box",)) for number in range(9)]
    told = told_of(stack.pack(task(*kinds)), 9)

    assert sum(line.endswith("above the floor:") for line in told) == 6
    assert told[-1] == "  3 kinds of boxes more not drawn here; --svg draws all"
