"""How many calls a sampling may take."""

from collections.abc import Sequence

import pytest

from portes.contingency.sampling import SamplingPlan, sample
from portes.contingency.sampling.protocol import LaneAnswer, LanePoint, LanePrice


class OnePrice:
    """An oracle of a country in which all costs the same."""

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        return [{"normal": LanePrice(1_000, 1, 2)} for _ in points]


@pytest.mark.parametrize(("grid", "calls"), [(66, 66), (2_000, 2_000), (4_838, 2_000), (228_944, 11_447)])
def test_a_table_takes_a_part_of_its_grid_and_never_more_calls_than_the_grid_has_cells(grid: int, calls: int) -> None:
    assert SamplingPlan("BR").allowed(grid) == calls


def test_a_small_region_is_not_asked_more_often_than_it_has_cells() -> None:
    table = sample(OnePrice(), SamplingPlan("BR", (500, 1_000, 3_000), regions=(("69900000", "69999999"),)))

    assert 0 < table.asked <= table.grid < 100
