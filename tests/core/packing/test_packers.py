from hypothesis import given
from hypothesis import strategies as st
from packing_tasks import task
from shop import brl, item

from portes.contract import Dimensions, Item, Parcel, ParcelLimits
from portes.packing import single, totals
from portes.packing.merge import told
from portes.packing.protocol import Packer

NO_LIMITS = ParcelLimits()
sides = st.integers(1, 2000)
items = st.builds(
    item,
    quantity=st.integers(1, 60),
    weight=st.integers(1, 30_000),
    size=st.builds(Dimensions, length=sides, width=sides, height=sides),
    declared_value=st.one_of(st.none(), st.integers(0, 10_000).map(brl)),
)
limits = st.builds(
    ParcelLimits,
    weight=st.none() | st.integers(1, 50_000),
    longest_side=st.none() | st.integers(100, 2000),
    sides_sum=st.none() | st.integers(300, 4000),
    volume=st.none() | st.integers(1, 10**9),
)


def parcels_of(pack: Packer, most: ParcelLimits, *items: Item) -> list[Parcel]:
    return list(told(pack(task(*items, limits=most))))


def within(parcel: Parcel, most: ParcelLimits) -> bool:
    size = parcel.size
    measured = (parcel.weight, max(size.sides), sum(size.sides), parcel.volume)
    allowed = (most.weight, most.longest_side, most.sides_sum, most.volume)
    return all(limit is None or amount <= limit for amount, limit in zip(measured, allowed, strict=True))


def test_single_packs_each_unit_as_a_parcel_counted_and_not_repeated() -> None:
    (parcel,) = parcels_of(single.pack, NO_LIMITS, item(quantity=10_000))

    assert (parcel.count, parcel.weight, parcel.lines) == (10_000, 500, (0,))


def test_single_counts_equal_units_of_two_lines_together() -> None:
    first, second = parcels_of(single.pack, NO_LIMITS, item(quantity=2), item(weight=900), item("other", quantity=3))

    assert (first.count, first.lines) == (5, (0, 2))
    assert (second.count, second.lines) == (1, (1,))


def test_units_of_different_value_are_not_equal_parcels() -> None:
    parcels = parcels_of(single.pack, NO_LIMITS, item(declared_value=brl(1)), item(declared_value=brl(2)))

    assert [parcel.value for parcel in parcels] == [brl(1), brl(2)]


def test_totals_puts_everything_in_one_parcel_when_no_limit_is_set() -> None:
    (parcel,) = parcels_of(totals.pack, NO_LIMITS, item(quantity=4, weight=500), item(weight=250))

    assert (parcel.weight, parcel.volume, parcel.count, parcel.lines) == (2250, 5 * 2_500_000, 1, (0, 1))


def test_totals_splits_a_long_line_into_equal_full_parcels_and_a_rest() -> None:
    full, rest = parcels_of(totals.pack, ParcelLimits(weight=30_000), item(quantity=10_001, weight=7_000))

    assert (full.count, full.weight, full.units) == (2_500, 28_000, 4)
    assert (rest.count, rest.weight, rest.units) == (1, 7_000, 1)


def test_a_unit_beyond_the_limits_becomes_a_parcel_of_its_own_for_the_carrier_to_refuse() -> None:
    (parcel,) = parcels_of(totals.pack, ParcelLimits(weight=30_000), item(quantity=3, weight=40_000))

    assert (parcel.weight, parcel.count) == (40_000, 3)


def test_the_longest_item_still_lies_in_the_box() -> None:
    rod = item(size=Dimensions(length=1500, width=10, height=10))
    (parcel,) = parcels_of(totals.pack, NO_LIMITS, rod, item(quantity=8))

    assert parcel.size.sides[0] >= 1500
    assert parcel.size.volume >= parcel.volume


@given(st.lists(items, min_size=1, max_size=6), limits)
def test_nothing_is_lost_or_added_by_totals(packed: list[Item], most: ParcelLimits) -> None:
    parcels = parcels_of(totals.pack, most, *packed)

    assert sum(parcel.weight * parcel.count for parcel in parcels) == sum(one.weight * one.quantity for one in packed)
    assert sum(parcel.volume * parcel.count for parcel in parcels) == sum(
        one.size.volume * one.quantity for one in packed
    )
    assert {position for parcel in parcels for position in parcel.lines} == set(range(len(packed)))
    assert sum((parcel.units or 0) * parcel.count for parcel in parcels) == sum(one.quantity for one in packed)


@given(st.lists(items, min_size=1, max_size=6), limits)
def test_a_parcel_of_several_units_is_within_the_limits(packed: list[Item], most: ParcelLimits) -> None:
    units = {(one.weight, one.size.volume) for one in packed}
    for parcel in parcels_of(totals.pack, most, *packed):
        alone = (parcel.weight, parcel.volume) in units
        assert alone or within(parcel, most)


@given(st.lists(items, min_size=1, max_size=6))
def test_single_keeps_every_unit(packed: list[Item]) -> None:
    parcels = parcels_of(single.pack, NO_LIMITS, *packed)

    assert sum(parcel.count for parcel in parcels) == sum(one.quantity for one in packed)
    assert {parcel.units for parcel in parcels} == {1}
    assert sum(parcel.weight * parcel.count for parcel in parcels) == sum(one.weight * one.quantity for one in packed)
