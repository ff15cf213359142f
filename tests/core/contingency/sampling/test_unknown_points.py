"""Points about which nothing could be found out: asked again, another one in their place, and told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled_lanes import Lookup
from small_worlds import BORDERS, EVERYTHING, START, World, rising, worlds

from portes.contingency.sampling import (
    LaneAnswer,
    LanePoint,
    Outcome,
    PublicRange,
    SampledRegion,
    SamplingProgress,
    UnknownSpan,
    sampled,
)
from portes.contingency.sampling.spots import RangeLine, Spot

CURVE = {"normal": rising(1_000, [100] * 6, 2)}
PLAN = replace(EVERYTHING, most_calls=200)


class Failing:
    """Answers what a world does but for some points, as often as the function says so."""

    def __init__(self, world: World, fails: Callable[[LanePoint, int], bool]) -> None:
        self._world = world
        self._fails = fails

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        answers = self._world.ask(points)
        return [
            None if self._fails(point, self._world.asked[point]) else answer
            for point, answer in zip(points, answers, strict=True)
        ]


def three_towns() -> World:
    ranges = [PublicRange("BA", capital=False, first=START + 3 * at, last=START + 3 * at + 2) for at in range(3)]
    return World(ranges, [0] * 9, [CURVE])


def test_a_point_that_could_not_be_found_out_is_asked_again() -> None:
    world = three_towns()

    table = sampled(Failing(world, lambda _, times: times == 1), PLAN, world.ranges)

    assert (table.unknown, table.estimated) == (0, 0)
    assert [(row.postal_from, row.postal_to) for row in table.rows] == 6 * [(str(START), str(START + 8))]


def test_a_point_is_asked_so_often_and_no_more() -> None:
    world = three_towns()

    sampled(Failing(world, lambda point, _: point.postal_code == str(START)), replace(PLAN, most_tries=2), world.ranges)

    assert max(times for point, times in world.asked.items() if point.postal_code == str(START)) == 2


@pytest.mark.parametrize(("silent", "calls"), [(0, 5), (1, 3 + 5), (2, 2 * 3 + 5), (3, 3 * 3 + 4), (4, 3 * 3 + 4)])
def test_two_other_places_of_a_zone_speak_for_its_first_one_each_after_the_other(silent: int, calls: int) -> None:
    """So many of those that are asked at two kilograms say nothing there, three times each."""
    ranges = [PublicRange("BA", capital=False, first=START + at, last=START + at) for at in range(6)]
    world, told, asked = World(ranges, [0] * 6, [CURVE]), [SamplingProgress(0, 0)], dict[str, int]()

    def fails(point: LanePoint, _: int) -> bool:
        return point.weight == 2_000 and asked.setdefault(point.postal_code, len(asked)) < silent

    table = sampled(Failing(world, fails), PLAN, ranges, told.append)

    assert (told[-1].counts["curves"], table.unknown) == (calls, 0)


def test_a_place_rests_on_the_ones_beside_it_and_on_none_farther_off() -> None:
    line = RangeLine(PublicRange("BA", capital=False, first=START, last=START + 9), 3)
    for code in (START, START + 2, START + 4, START + 6):
        spot = Spot(code, line)
        spot.hear(0, {"normal": None})
        line.keep(spot, 0)

    assert [near.code - START for near in Spot(START + 3, line).neighbours] == [2, 4]


def test_another_code_speaks_for_a_range_whose_first_code_does_not() -> None:
    world = three_towns()

    table = sampled(Failing(world, lambda point, _: point.postal_code == str(START)), PLAN, world.ranges)

    assert Lookup(table.rows).find("normal", str(START), 500) == CURVE["normal"][0]
    assert table.unknown == 0


def test_a_range_of_which_nothing_can_be_found_out_has_no_row_and_is_told() -> None:
    """Its neighbours say nothing of it: nobody said that it costs the same there."""
    world = three_towns()
    first, last = str(START + 6), str(START + 8)

    table = sampled(Failing(world, lambda point, _: point.postal_code >= first), PLAN, world.ranges)

    assert {(row.postal_from, row.postal_to) for row in table.rows} == {(str(START), str(START + 5))}
    assert table.unknown == 6
    assert table.unknown_spans == (UnknownSpan("normal", SampledRegion(first, last, 0, 30_000)),)
    assert table.refused == 0


def test_a_weight_of_which_nothing_can_be_found_out_has_no_row_and_is_told() -> None:
    world = three_towns()

    table = sampled(Failing(world, lambda point, _: point.weight == 2_000), PLAN, world.ranges)

    assert [(span.region.weight_from, span.region.weight_to) for span in table.unknown_spans] == [(1_000, 2_000)]
    assert Lookup(table.rows).find("normal", str(START), 1_500) is None
    assert Lookup(table.rows).find("normal", str(START), 2_500) == CURVE["normal"][3]


def test_another_place_of_the_zone_tells_a_weight_that_its_first_one_does_not() -> None:
    world = three_towns()
    leader = str(START + 3)

    table = sampled(
        Failing(world, lambda point, _: point == (leader, 2_000)), replace(PLAN, most_calls=40), world.ranges
    )

    assert Lookup(table.rows).find("normal", str(START), 1_500) == CURVE["normal"][2]
    assert table.unknown == 0


def test_a_service_without_an_answer_is_not_refused() -> None:
    """The other service of the same call was answered."""
    world = three_towns()

    class Half:
        def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
            express = {"express": CURVE["normal"][0]}
            return [
                {**answer, **(express if point.postal_code < str(START + 3) else {})}
                for point, answer in zip(points, world.ask(points), strict=True)
                if answer is not None
            ]

    table = sampled(Half(), PLAN, world.ranges)

    assert {(row.postal_from, row.postal_to) for row in table.rows if row.service == "express"} == {
        (str(START), str(START + 2))
    }
    assert {span.service for span in table.unknown_spans} == {"express"}
    assert table.refused == 0


def test_nobody_answers_and_there_is_no_table() -> None:
    world = three_towns()

    table = sampled(Failing(world, lambda *_: True), PLAN, world.ranges)

    assert table.rows == ()
    assert 0 < table.asked <= 200


def test_a_point_that_fits_its_neighbour_but_for_what_failed_is_asked_again_there() -> None:
    cheap, middle, dear = (CURVE["normal"][at] for at in (0, 1, 3))
    curves = [{"normal": [cheap, cheap, each, dear, dear, dear]} for each in (middle, cheap)]
    world = World([PublicRange("BA", capital=False, first=START, last=START + 1)], [0, 1], curves)
    second = str(START + 1)
    fails = Failing(world, lambda point, times: times == 1 and point == (second, BORDERS[2]))

    table = sampled(fails, EVERYTHING, world.ranges)

    assert Lookup(table.rows).find("normal", second, BORDERS[2]) == cheap
    assert (table.unknown, table.estimated) == (0, 0)


def test_what_a_place_of_no_zone_answered_stands_in_the_table_though_a_curve_that_fits_lacks_it() -> None:
    """Of several hundred such worlds the one in which calls ran out at the right moment."""
    curves: list[Sequence[Outcome]] = [
        rising(1_650, [0, 0, 750, 100, 0, 0], 2),
        rising(2_000, [0, 0, 0, 0, 0, 100], 2),
        [None] * len(BORDERS),
    ]
    spans = ((0, 0), (1, 3), (4, 6))
    ranges = [PublicRange("BA", capital=False, first=START + low, last=START + high) for low, high in spans]
    world = World(ranges, [0, 2, 0, 0, 2, 1, 2], [{"normal": curve} for curve in curves])
    answered: set[LanePoint] = set()

    def fails(point: LanePoint, times: int) -> bool:
        failed = Random(f"1104{point}{times}").random() < 0.6  # noqa: S311 — the same failures each time
        answered.update([] if failed else [point])
        return failed

    table = sampled(Failing(world, fails), replace(EVERYTHING, most_calls=32), ranges)

    lookup = Lookup(table.rows)
    assert LanePoint(str(START + 2), BORDERS[1]) in answered
    assert [point for point in answered if lookup.find("normal", *point) != world.answer(*point)["normal"]] == []


@given(worlds(), st.integers(0, 9))
def test_failures_now_and_then_change_nothing_but_the_calls(world: World, salt: int) -> None:
    fails = Failing(
        world, lambda point, times: times == 1 and (int(point.postal_code) + point.weight // 500 + salt) % 4 == 0
    )

    table = sampled(fails, EVERYTHING, world.ranges)
    lookup = Lookup(table.rows)

    wrong = [
        (point, service)
        for point in world.points()
        for service, true in world.answer(*point).items()
        if lookup.find(service, *point) != true
    ]
    assert wrong == []
    assert (table.unknown, table.estimated) == (0, 0)
