"""The goods that a weight stands for."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contingency.goods import Goods, SoldUnit, box_of, typical_of
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_SIDE
from portes.contract.measures import cubic_weight

KG_PER_M3 = 1000


def test_a_weight_without_a_cubic_factor_is_the_real_one_in_a_box_of_the_density() -> None:
    item = Goods(200 * KG_PER_M3).item(2_000, "BRL")

    assert item.weight == 2_000
    assert abs(item.size.volume - 10_000_000) < 10_000_000 // 50  # two kilograms at 200 kg/m³ are ten litres


@given(weight=st.integers(100, 200_000), density=st.integers(20, 3_000), factor=st.integers(100, 400))
def test_the_portal_bills_the_goods_as_the_weight_of_its_axis(weight: int, density: int, factor: int) -> None:
    item = Goods(density * KG_PER_M3, cubic_factor=factor * KG_PER_M3).item(weight, "BRL")
    billed = max(item.weight, cubic_weight(item.size.volume, Decimal(factor)))

    assert weight * 95 // 100 <= billed <= weight


@given(volume=st.integers(1, 10**9))
def test_a_box_is_as_near_to_a_cube_as_millimetres_allow(volume: int) -> None:
    """A carrier that takes sides of 105 cm and 200 cm in sum takes whatever a cube of that volume may be."""
    box = box_of(volume)
    longest, _, shortest = box.sides

    assert box.volume <= volume
    assert longest <= shortest + 2 + shortest // 2


def test_a_value_is_fixed_or_grows_with_the_weight() -> None:
    fixed, growing, none = Goods(1, 5_000), Goods(1, None, 3_000), Goods(1)

    assert [fixed.worth(weight) for weight in (500, 5_000)] == [5_000, 5_000]
    assert [growing.worth(weight) for weight in (500, 5_000)] == [1_500, 15_000]
    assert none.item(500, "BRL").declared_value is None


def test_one_odd_unit_changes_no_median() -> None:
    sold = [SoldUnit(1_000, 5_000_000, 10_000, units=10), SoldUnit(1, 10**9, 10**9)]

    typical = typical_of(sold)

    assert (typical.density, typical.value, typical.value_per_kg) == (200 * KG_PER_M3, 10_000, 10_000)


def test_each_median_is_one_over_units_and_not_over_goods() -> None:
    sold = [
        SoldUnit(1_000, 10_000_000, 5_000, units=3),
        SoldUnit(1_000, 5_000_000, 7_000),
        SoldUnit(1_000, 2_500_000, 9_000),
    ]

    assert typical_of(sold) == (100 * KG_PER_M3, 5_000, 5_000, 5)


def test_medians_do_not_hang_on_the_order_in_which_goods_were_sold() -> None:
    low = SoldUnit(1_000, 10_000_000, 5_000, units=2)
    middle = SoldUnit(1_000, 5_000_000, 7_000)
    high = SoldUnit(1_000, 2_500_000, 9_000, units=2)

    assert {typical_of(sold) for sold in permutations((low, middle, high))} == {(200 * KG_PER_M3, 7_000, 7_000, 5)}


def test_units_without_a_weight_change_no_density_however_many_they_are() -> None:
    weighed = SoldUnit(1_000, 5_000_000, None)

    assert typical_of([SoldUnit(0, 5_000_000, None, units=10), weighed]) == (200 * KG_PER_M3, None, None, 1)


def test_a_kilogram_s_value_is_rounded_to_the_nearest_minor_unit() -> None:
    values = [typical_of([SoldUnit(3_000, 0, worth)]).value_per_kg for worth in (1_000, 1_001)]

    assert values == [333, 334]


@pytest.mark.parametrize("sold", [SoldUnit(0, 5, 1), SoldUnit(5, 0, 1)])
def test_what_lacks_weight_or_size_tells_no_density(sold: SoldUnit) -> None:
    assert typical_of([sold]).density is None


def test_a_unit_that_was_never_sold_or_has_no_value_tells_none() -> None:
    assert typical_of([SoldUnit(1_000, 5_000_000, 700, units=0)]) == (None, None, None, 0)
    assert typical_of([SoldUnit(1_000, 5_000_000, 0), SoldUnit(1_000, 5_000_000, 700)]).value == 700
    assert typical_of([SoldUnit(0, 0, 700)]) == (None, 700, None, 0)


def test_of_an_even_number_of_units_the_lower_one_of_the_middle_is_taken() -> None:
    assert typical_of([SoldUnit(0, 0, value) for value in (10, 20, 30, 40)]).value == 20
    assert typical_of([SoldUnit(0, 0, value) for value in (10, 20, 30)]).value == 20
    assert typical_of([SoldUnit(1_000, 5_000_000, 10, units=3)]).units == 3


def test_goods_of_less_than_half_a_gram_a_cubic_metre_tell_no_density() -> None:
    assert typical_of([SoldUnit(1, 2_500_000_000, None)]).density is None


def test_a_box_of_a_cube_s_volume_is_that_cube() -> None:
    assert box_of(10**6).sides == (100, 100, 100)
    assert box_of(10**6 - 1).sides[2] == 99
    assert box_of(1).sides == box_of(0).sides == (1, 1, 1)
    assert box_of(3).sides == (3, 1, 1)


def test_light_goods_are_billed_by_volume_and_weigh_a_gram_at_least() -> None:
    light = Goods(100 * KG_PER_M3, cubic_factor=200 * KG_PER_M3)

    assert (light.item(2_000, "BRL").weight, light.item(1, "BRL").weight) == (1_000, 1)
    assert light.item(2_000, "BRL").size.volume <= 10_000_000
    assert Goods(200 * KG_PER_M3, cubic_factor=200 * KG_PER_M3).item(2_000, "BRL").weight == 2_000
    assert Goods(200_001, cubic_factor=200_000).item(2_001, "BRL").weight == 2_001


def test_a_value_of_each_kilogram_is_rounded_up() -> None:
    assert Goods(1, None, 333).worth(1_001) == 334  # 333.333


def test_the_heaviest_and_dearest_bracket_that_a_question_may_have_is_none_too_much() -> None:
    solid = Goods(20_000 * KG_PER_M3, DEAREST_UNIT)

    assert [*solid.faults(HEAVIEST_UNIT)] == []
    assert [each.where for each in solid.faults(HEAVIEST_UNIT + 1)] == ["--brackets"]
    assert [each.where for each in solid._replace(value=DEAREST_UNIT + 1).faults(1)] == ["--value"]


def test_a_box_may_have_the_longest_side_there_is_and_the_portal_s_factor_makes_it_smaller() -> None:
    weight = LONGEST_SIDE**3 // 10**6  # grams of goods of a kilogram a cubic metre
    thin = Goods(KG_PER_M3)

    assert [*thin.faults(weight)] == []
    assert [each.where for each in thin.faults(weight + weight // 100)] == ["--density"]
    assert [*thin._replace(cubic_factor=2 * KG_PER_M3).faults(weight + weight // 100)] == []
