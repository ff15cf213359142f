"""What a table says where nobody was asked: whose price it takes, and that it is told as a guess."""

from dataclasses import replace

import pytest
from small_worlds import BORDERS, EVERYTHING, START, World, rising

from portes.contingency.sampling import PublicRange, SampledRow, SampledTable, sampled

CHEAP = {"normal": rising(1_000, [100] * 6, 2)}
DEAR = {"normal": rising(5_000, [300] * 6, 7)}


def towns(states: str, size: int = 1, apart: int = 0) -> list[PublicRange]:
    """A range for each letter, of the state that begins with it and of its capital where it is a large one."""
    firsts = [START + at * (size + apart) for at in range(len(states))]
    return [
        PublicRange({"B": "BA", "M": "MG"}[state.upper()], state.isupper(), first, first + size - 1)
        for state, first in zip(states, firsts, strict=True)
    ]


def row_at(table: SampledTable, code: int, weight: int) -> SampledRow:
    (row,) = (
        row
        for row in table.rows
        if int(row.postal_from) <= code <= int(row.postal_to) and row.weight_from < weight <= row.weight_to
    )
    return row


def test_codes_between_two_ranges_are_in_no_row_though_both_cost_the_same() -> None:
    world = World(towns("bb", size=2, apart=3), [0] * 7, [CHEAP])

    spans = {
        (int(row.postal_from) - START, int(row.postal_to) - START)
        for row in sampled(world, EVERYTHING, world.ranges).rows
    }

    assert spans == {(0, 1), (5, 6)}


@pytest.mark.parametrize("most", range(8, 16))
def test_a_row_that_holds_a_code_or_a_weight_that_nobody_was_asked_about_is_a_guess(most: int) -> None:
    world = World(towns("b" * 9), [0] * 9, [CHEAP])
    table = sampled(world, replace(EVERYTHING, most_calls=most), world.ranges)
    asked = {int(point.postal_code) for point in world.asked}

    guessed = [row_at(table, code, BORDERS[-1]).estimated for code in range(START, START + 9) if code not in asked]
    assert guessed == [True] * (9 - len(asked))
    assert guessed or most > 12


@pytest.mark.parametrize(
    ("states", "zones", "cheap"),
    [
        ("bbbmmm", [0, 0, 0, 1, 1, 1], [0, 1, 2]),  # the middle one of each state is asked
        ("bbbBBB", [0, 0, 0, 1, 1, 1], [0, 1, 2]),  # a capital is no part of the rest
        ("mmmbbb", [1, 1, 1, 0, 0, 0], [3, 4, 5]),
    ],
)
def test_a_town_that_is_not_asked_costs_what_the_nearest_of_its_own_state_does(
    states: str, zones: list[int], cheap: list[int]
) -> None:
    world = World(towns(states), zones, [CHEAP, DEAR])

    table = sampled(world, replace(EVERYTHING, most_calls=4), world.ranges)

    heaviest = [row_at(table, START + at, BORDERS[-1]).price for at in range(6)]
    prices = [curve["normal"][-1].price for curve in (CHEAP, DEAR)]
    assert heaviest == [prices[0] if at in cheap else prices[1] for at in range(6)]


@pytest.mark.parametrize("most", range(12, 30))
def test_the_stretch_between_two_prices_whose_border_is_not_found_is_a_guess(most: int) -> None:
    world = World(towns("b", size=4_000), [0] * 1_700 + [1] * 2_300, [CHEAP, DEAR])
    table = sampled(world, replace(EVERYTHING, most_calls=most), world.ranges)
    asked = sorted({int(point.postal_code) for point in world.asked})
    left = max(code for code in asked if code < START + 1_700)
    right = min((code for code in asked if code > left), default=left)

    assert [row_at(table, code, 500).estimated for code in range(left + 1, right)[:1]] in ([True], [])
