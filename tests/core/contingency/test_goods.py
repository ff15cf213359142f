"""The goods that a weight stands for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contingency.goods import Goods, SoldUnit, box_of, typical_of
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


@pytest.mark.parametrize("sold", [SoldUnit(0, 5, 1), SoldUnit(5, 0, 1)])
def test_what_lacks_weight_or_size_tells_no_density(sold: SoldUnit) -> None:
    assert typical_of([sold]).density is None
