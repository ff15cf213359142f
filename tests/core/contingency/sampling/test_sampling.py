"""Small countries sampled: what is asked suffices, is bounded, and leads to the same table whatever interrupts it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled_lanes import Lookup
from small_worlds import BORDERS, EVERYTHING, START, Remembering, World, rising, worlds

from portes.contingency.sampling import (
    LanePoint,
    LanePrice,
    Oracle,
    PublicRange,
    SampledTable,
    SamplingPlan,
    SamplingProgress,
    sample,
    sampled,
)
from portes.errors import SettingsError

CHEAP = {"normal": rising(1_000, [100] * 6, 2)}
DEAR = {"normal": rising(5_000, [300] * 6, 7)}
SERVICES = ("express", "normal")


def towns(*sizes: int, state: str = "BA") -> list[PublicRange]:
    """Ranges of so many codes, one after the other."""
    firsts = [START + sum(sizes[:at]) for at in range(len(sizes))]
    return [
        PublicRange(state, capital=False, first=first, last=first + size - 1)
        for first, size in zip(firsts, sizes, strict=True)
    ]


def table_of(world: World, plan: SamplingPlan = EVERYTHING, oracle: Oracle | None = None) -> SampledTable:
    return sampled(oracle or world, plan, world.ranges)


@given(worlds())
def test_with_calls_enough_the_table_says_everywhere_what_the_carrier_says(world: World) -> None:
    table = table_of(world)
    lookup = Lookup(table.rows)

    wrong = [point for point in world.points() for service in SERVICES if differs(world, lookup, service, point)]
    assert wrong == []
    assert not any(row.estimated for row in table.rows)
    assert (table.estimated, table.unknown, table.unknown_spans) == (0, 0, ())


def differs(world: World, lookup: Lookup, service: str, point: LanePoint) -> bool:
    return lookup.find(service, *point) != world.answer(*point)[service]


@given(worlds(refusals=False), st.integers(1, 60))
def test_fewer_calls_leave_no_hole_and_are_no_more_than_allowed(world: World, most: int) -> None:
    table = table_of(world, replace(EVERYTHING, most_calls=most))
    lookup = Lookup(table.rows)

    assert table.asked == world.asked.total() <= most
    assert [
        point for point in world.points() if any(lookup.find(service, *point) is None for service in SERVICES)
    ] == []
    assert table.unknown == 0


@given(worlds(), st.integers(1, 60))
def test_however_few_calls_there_are_what_was_answered_stands_in_the_table(world: World, most: int) -> None:
    lookup = Lookup(table_of(world, replace(EVERYTHING, most_calls=most)).rows)

    assert [(point, at) for point in world.asked for at in SERVICES if differs(world, lookup, at, point)] == []


@given(worlds())
def test_no_answer_is_asked_for_twice(world: World) -> None:
    table_of(world)

    assert {*world.asked.values()} == {1}


@given(worlds(), st.integers(1, 40))
def test_equal_answers_lead_to_equal_questions_and_tables(world: World, most: int) -> None:
    plan = replace(EVERYTHING, most_calls=most)
    first, asked = table_of(world, plan), [*world.asked]
    world.asked.clear()

    assert table_of(world, plan) == first
    assert [*world.asked] == asked


@given(worlds(), st.integers(0, 80))
def test_one_that_was_killed_goes_on_where_it_was(world: World, most: int) -> None:
    whole = table_of(replace(world, asked=world.asked.copy()))
    world.asked.clear()
    oracle = Remembering(world, most)
    with pytest.raises(InterruptedError) if most < whole.asked else pytest.MonkeyPatch.context():
        table_of(world, oracle=oracle)
    oracle.most = 100_000

    assert table_of(world, oracle=oracle) == whole
    assert {*world.asked.values()} == {1}


@given(worlds())
def test_rows_are_whole_brackets_that_touch_and_never_overlap(world: World) -> None:
    rows = table_of(world).rows

    Lookup(rows)  # raises for two that overlap
    assert {row.weight_to for row in rows} <= set(BORDERS)
    assert {row.weight_from for row in rows} <= {0, *BORDERS}


@given(worlds())
def test_neighbours_that_cost_the_same_are_one_row(world: World) -> None:
    rows = table_of(world).rows

    apart = [
        (row, other)
        for row in rows
        for other in rows
        if row[:3] == other[:3] and row.weight_to == other.weight_from and row[5:8] == other[5:8]
    ]
    assert apart == []


def test_a_price_that_falls_with_weight_is_found_where_it_is_asked_for() -> None:
    """Equal ends are taken for a plateau, until a point between them says otherwise."""
    dip: list[LanePrice | None] = [LanePrice(price, 2, 3) for price in (1000, 1000, 400, 1000, 1000, 1000)]
    world = World(towns(3, 4), [0] * 7, [{"normal": dip}])

    prices = [(row.weight_from, row.weight_to, row.price) for row in table_of(world).rows]

    assert prices == [(0, 1_000, 1000), (1_000, 2_000, 400), (2_000, 30_000, 1000)]


def test_two_zones_that_cost_the_same_at_most_weights_are_told_apart() -> None:
    light: list[LanePrice | None] = [LanePrice(500, 2, 3), *CHEAP["normal"][1:]]
    world = World(towns(*[1] * 12), [0, 1] * 6, [CHEAP, {"normal": light}])

    lookup = Lookup(table_of(world).rows)

    assert [point for point in world.points() if differs(world, lookup, "normal", point)] == []


@pytest.mark.parametrize("most", range(12, 18))
def test_a_town_for_which_no_call_was_left_costs_what_its_dearer_neighbour_costs(most: int) -> None:
    world = World(towns(*[1] * 9), [0, 0, 0, 1, 1, 0, 1, 1, 1], [CHEAP, DEAR])
    table = table_of(world, replace(EVERYTHING, most_calls=most))
    lookup = Lookup(table.rows)
    asked = sorted({int(point.postal_code) for point in world.asked})

    for code in {*range(START, START + 9)} - {*asked}:
        beside = [*[near for near in asked if near < code][-1:], *[near for near in asked if near > code][:1]]
        dearest = max(CHEAP["normal"][0] if world.zones[near - START] == 0 else DEAR["normal"][0] for near in beside)
        assert lookup.find("normal", str(code), 500) == dearest
    assert table.estimated >= 6 * (9 - len(asked)) > 0


@pytest.mark.parametrize("most", range(12, 30))
def test_a_border_within_a_town_that_is_not_found_yet_costs_the_dearer_side(most: int) -> None:
    world = World(towns(4_000), [0] * 1_700 + [1] * 2_300, [CHEAP, DEAR])

    lookup = Lookup(table_of(world, replace(EVERYTHING, most_calls=most)).rows)  # raises for rows that overlap

    found = [lookup.find("normal", str(START + at), 500) for at in range(0, 4_000, 50)]
    assert None not in found
    assert found == sorted(found, key=lambda each: each == DEAR["normal"][0])
    cheap = max(int(point.postal_code) for point in world.asked if int(point.postal_code) < START + 1_700)
    assert lookup.find("normal", str(cheap + 1), 500) == found[-1]


def test_days_alone_part_two_zones() -> None:
    slow: list[LanePrice | None] = [LanePrice(each.price, 8, 9) for each in CHEAP["normal"]]
    world = World(towns(2, 2), [0, 0, 1, 1], [CHEAP, {"normal": slow}])

    days = [(row.postal_from, row.postal_to, row.days_max) for row in table_of(world).rows if row.weight_from == 0]

    assert days == [(str(START), str(START + 1), 3), (str(START + 2), str(START + 3), 9)]


def test_what_is_refused_has_no_row_and_is_no_gap_in_knowledge() -> None:
    world = World(towns(2, 2), [0, 0, 1, 1], [CHEAP, {"normal": [None] * 6}])

    table = table_of(world)

    assert {row.postal_to for row in table.rows} == {str(START + 1)}
    assert (table.refused, table.unknown) == (6, 0)


def test_a_service_more_costs_no_call_more() -> None:
    zones = [0, 0, 1, 1, 0, 0]
    one = World(towns(2, 2, 2), zones, [CHEAP, DEAR])
    both = World(towns(2, 2, 2), zones, [{**each, "express": each["normal"]} for each in (CHEAP, DEAR)])

    plan = replace(EVERYTHING, most_calls=20)
    assert {row.service for row in table_of(both, plan).rows} == {"normal", "express"}
    assert {row.service for row in table_of(one, plan).rows} == {"normal"}
    assert both.asked == one.asked


def test_progress_is_told_after_every_batch_and_says_what_is_left() -> None:
    world = World(towns(5, 5), [0] * 10, [CHEAP])
    told: list[SamplingProgress] = []

    table = sampled(world, replace(EVERYTHING, most_calls=30), world.ranges, told.append)

    steps = [after.asked - before.asked for before, after in pairwise(told)]
    assert all(0 < step <= EVERYTHING.batch for step in steps)
    assert {each.asked + each.expected for each in told} == {30}
    assert told[-1].counts == table.counts
    assert sum(table.counts.values()) == table.asked == 30


def test_rows_become_rows_of_a_table() -> None:
    world = World(towns(2), [0, 0], [CHEAP])

    first, *_, last = table_of(world).table_rows()

    assert (first.line, last.line) == (1, 6)
    assert (last.postal_from, last.postal_to) == (str(START), str(START + 1))
    assert (last.weight_from, last.weight_to) == (10_000_000, 30_000_000)
    assert (last.price, last.terms.days_min, last.terms.days_max) == (1_600 * 10**6, 2, 3)


def test_a_country_without_public_ranges_is_refused() -> None:
    with pytest.raises(SettingsError, match="the public ranges of this country are not known here"):
        sample(World([], [], []), SamplingPlan("FR"))


@pytest.mark.parametrize("borders", [(), (0, 5), (10, 10), (10, 5)])
def test_borders_that_do_not_rise_are_refused(borders: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="borders must rise"):
        SamplingPlan("BR", borders)
