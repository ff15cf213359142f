"""Simulated carriers sampled all over Brazil: how near the table comes to them, and with how few calls."""

import pytest
from correios_lanes import CorreiosLanes
from remote_areas import RemoteAreas
from sampled_lanes import Accuracy, accuracy, random_lanes

from portes.contingency.sampling import (
    DEFAULT_BORDERS,
    SampledTable,
    SamplingPlan,
    public_ranges,
    sample,
    sampled,
)

RANGES = public_ranges("BR")
GRID = len(RANGES) * len(DEFAULT_BORDERS)
SMALL = [place for place in RANGES if place.state in {"PR", "SC", "RS", "AM"}]
LANES = 10_000


def holds(table: SampledTable, found: Accuracy, grid: int) -> None:
    assert table.asked < grid * 0.05
    assert found.within >= 0.99, found
    assert found.cheaper < 0.005, found
    assert found.days >= 0.99, found


@pytest.mark.parametrize("truth", [RemoteAreas(), CorreiosLanes()], ids=["remote", "correios"])
def test_a_twentieth_of_the_grid_s_calls_prices_99_of_100_lanes_within_a_hundredth(
    truth: RemoteAreas | CorreiosLanes,
) -> None:
    grid = len(SMALL) * len(DEFAULT_BORDERS)

    table = sampled(truth, SamplingPlan("BR", most_calls=grid // 20 - 1), SMALL)

    holds(table, accuracy(table, truth, [*random_lanes(SMALL, 2_000)]), grid)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("remote", [0.05, 0.1])
def test_scattered_remote_areas_are_found_all_over_the_country(seed: int, remote: float) -> None:
    truth = RemoteAreas(seed, remote=remote)

    table = sample(truth, SamplingPlan("BR", most_calls=GRID // 20 - 1, seed=seed))

    holds(table, accuracy(table, truth, [*random_lanes(RANGES, LANES, seed)]), GRID)


@pytest.mark.exhaustive
def test_correios_formula_is_found_all_over_the_country() -> None:
    truth = CorreiosLanes()

    table = sample(truth, SamplingPlan("BR", most_calls=GRID // 20 - 1))

    holds(table, accuracy(table, truth, [*random_lanes(RANGES, LANES)]), GRID)
    assert accuracy(table, truth, [*random_lanes(RANGES, LANES)]).within == 1


@pytest.mark.exhaustive
def test_few_calls_give_a_coarse_table_of_all_of_it() -> None:
    truth = RemoteAreas(remote=0)
    most = len(SMALL) * len(DEFAULT_BORDERS) // 50

    table = sampled(truth, SamplingPlan("BR", most_calls=most), SMALL)
    found = accuracy(table, truth, [*random_lanes(SMALL, 1_000)])

    assert table.asked <= most
    assert found.within > 0.9, found
