"""A table of some regions: nothing else is asked for, and nothing else is in it."""

from collections.abc import Sequence

import pytest
from small_worlds import BORDERS

from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice, SamplingPlan, sample

MADRID, ITS_TOWN, TERUEL = ("28000", "28999"), ("28001", "28050"), ("44000", "44999")


class ByProvince:
    """Prices by province, and what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[LanePoint] = []

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        self.asked += points
        return [{"normal": LanePrice(500 + int(point.postal_code[:2]), 2, 4)} for point in points]


def test_only_the_regions_are_asked_about_and_stand_in_the_table_once_each() -> None:
    oracle = ByProvince()

    table = sample(oracle, SamplingPlan("ES", BORDERS, regions=(TERUEL, MADRID, ITS_TOWN)))

    assert {point.postal_code[:2] for point in oracle.asked} == {"28", "44"}
    assert [row[1:3] + row[5:6] for row in table.rows] == [(*MADRID, 528), (*TERUEL, 544)]
    assert table.asked <= table.grid


def test_a_region_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="28999"):
        SamplingPlan("ES", BORDERS, regions=(TERUEL, MADRID[::-1]))
