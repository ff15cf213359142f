"""What is too much about a parcel: the first limit that it exceeds, with its measure."""

from typing import Any

import pytest
from pydantic import ValidationError
from shop import brl

from portes.contract import Dimensions, Excess, Parcel, ParcelLimits, RefusalKind

LIMITS = ParcelLimits(weight=30_000, longest_side=1000, sides_sum=2000, volume=200_000_000)
WORTH = "1000000 minor units; the most that can be declared is 300000"


def parcel(weight: int, length: int, width: int, height: int, volume: int | None = None) -> Parcel:
    size = Dimensions(length=length, width=width, height=height)
    return Parcel(weight=weight, size=size, volume=size.volume if volume is None else volume)


@pytest.mark.parametrize(
    ("too_much", "kind", "reason"),
    [
        (parcel(30_001, 2000, 10, 10), RefusalKind.TOO_HEAVY, "30001 g; the most is 30000 g"),
        (parcel(1, 10, 1001, 10), RefusalKind.TOO_LARGE, "1001 x 10 x 10 mm; the longest side may be 1000 mm"),
        (parcel(1, 700, 701, 600), RefusalKind.TOO_LARGE, "701 x 700 x 600 mm; the sides may add up to 2000 mm"),
        (parcel(1, 600, 600, 600), RefusalKind.TOO_LARGE, "600 x 600 x 600 mm; the volume may be 200000000 mm³"),
    ],
)
def test_the_first_limit_a_parcel_exceeds_is_told_with_its_measure(
    too_much: Parcel, kind: RefusalKind, reason: str
) -> None:
    assert LIMITS.exceeded_by(too_much) == Excess(kind, reason)
    assert ParcelLimits().exceeded_by(too_much) is None


def test_a_parcel_at_every_limit_keeps_to_them() -> None:
    assert LIMITS.exceeded_by(parcel(30_000, 1000, 500, 500, volume=200_000_000)) is None


def test_a_volume_is_that_of_the_goods_as_the_packer_fills_a_parcel() -> None:
    limits = ParcelLimits(volume=1000)

    assert limits.exceeded_by(parcel(1, 20, 20, 20, volume=1000)) is None
    assert limits.exceeded_by(parcel(1, 20, 20, 20, volume=1001)) is not None


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"sides": (300, 400, 200)}, "401 x 300 x 100 mm; the sides may be 400 x 300 x 200 mm"),
        ({"sides": (401, 299, 299)}, "401 x 300 x 100 mm; the sides may be 401 x 299 x 299 mm"),
        ({"girth": 1200}, "401 x 300 x 100 mm; the girth, its longest side and twice the others, may be 1200 mm"),
    ],
)
def test_the_sides_of_a_box_are_held_to_a_limit_for_each_and_to_its_girth(limit: dict[str, Any], reason: str) -> None:
    box = parcel(1, 300, 401, 100)

    assert ParcelLimits(**limit).exceeded_by(box) == Excess(RefusalKind.TOO_LARGE, reason)
    assert ParcelLimits(sides=(100, 300, 401), girth=1201).exceeded_by(box) is None


def test_a_declared_value_above_the_limit_is_out_of_range_and_none_is_not() -> None:
    limits, box = ParcelLimits(value=300_000), parcel(1, 100, 100, 100)

    dear = box.model_copy(update={"value": brl(1_000_000)})
    assert limits.exceeded_by(dear) == Excess(RefusalKind.VALUE_OUT_OF_RANGE, WORTH)
    assert limits.exceeded_by(box.model_copy(update={"value": brl(300_000)})) is None
    assert limits.exceeded_by(box) is None


def test_weight_and_size_are_told_before_the_value() -> None:
    dear = parcel(31_000, 100, 100, 100).model_copy(update={"value": brl(1_000_000)})
    excess = ParcelLimits(weight=30_000, value=300_000).exceeded_by(dear)

    assert excess is not None
    assert excess.kind is RefusalKind.TOO_HEAVY


def test_how_many_parcels_a_shipment_may_have_is_no_matter_of_one_parcel() -> None:
    limits = ParcelLimits(parcels=3)

    assert limits.exceeded_by_count(4) == Excess(RefusalKind.OTHER, "4 parcels; the most is 3 in one shipment")
    assert limits.exceeded_by_count(3) is ParcelLimits().exceeded_by_count(10**6) is None
    assert limits.exceeded_by(parcel(1, 1, 1, 1).model_copy(update={"count": 4})) is None


def test_a_box_below_the_least_size_is_no_excess_and_is_told_as_large_as_the_least() -> None:
    limits = ParcelLimits(least_sides=(10, 110, 160))

    assert limits.exceeded_by(parcel(1, 20, 20, 20)) is None
    assert limits.told((200, 100, 5)) == (200, 110, 10)
    assert limits.told((90, 80, 70)) == (160, 110, 70)
    assert ParcelLimits().told((90, 80, 70)) == (90, 80, 70)


def test_what_keeps_to_the_tightest_of_several_limits_is_taken_by_every_one_of_them() -> None:
    flat = ParcelLimits(weight=300, sides=(240, 160, 40), least_sides=(150, 100, 1), girth=700)
    cube = ParcelLimits(weight=200, sides=(200, 170, 100), least_sides=(160, 90, 2), value=5)

    tightest = ParcelLimits(weight=200, sides=(200, 160, 40), least_sides=(160, 100, 2), girth=700, value=5)
    assert ParcelLimits.tightest([flat, cube]) == tightest
    assert ParcelLimits.tightest([flat]) == flat
    assert ParcelLimits.tightest([]) == ParcelLimits()


def test_limits_are_read_from_json_and_come_back_longest_side_first() -> None:
    read = ParcelLimits.model_validate_json('{"sides": [300, 1050, 400], "value": 1}')

    assert read.sides == (1050, 400, 300)
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        ParcelLimits.model_validate({"sides": [0, 1, 1]})
