"""What a report makes of counts: where it drifted, and which side tells it."""

from typing import Any

import pytest
from drifting import ALL, report_of, side_of

from portes.contingency.drift.regions import NOWHERE
from portes.contingency.drift.report import DriftedArea, DriftFigures, drifted_areas
from portes.contingency.drift.tally import Tally, TallyKey


def figures(compared: int, uncovered: int) -> DriftFigures:
    counts = {"compared": compared, "uncovered": uncovered, "cheaper": 0, "dearer": 0, "loss": 0, "excess": 0}
    return DriftFigures(**counts, median=None)


def area(delivery: str = "normal", state: str = "RJ", part: str = "capital", above: int = 0) -> DriftedArea:
    place: dict[str, Any] = {"delivery": delivery, "state": state, "part": part, "ranges": (ALL,)}
    return DriftedArea(**place, weight_above=above, weight_to=None, figures=figures(0, 1))


@pytest.mark.parametrize(("uncovered", "drifted"), [(5, False), (6, True)])
def test_an_area_drifts_above_five_percent_of_all_its_lanes(uncovered: int, *, drifted: bool) -> None:
    assert figures(100 - uncovered, uncovered).drifted is drifted


@pytest.mark.parametrize("other", [area("express"), area(state="SP"), area(part="interior"), area(above=500)], ids=str)
def test_areas_that_differ_in_anything_are_two(other: DriftedArea) -> None:
    fresh, receipts = (side_of().model_copy(update={"areas": one}) for one in ((area(),), (area(), other)))

    assert [*drifted_areas([fresh, receipts])] == [area(), other]


def test_the_figures_that_are_told_first_are_those_of_receipts_where_these_tell_a_price() -> None:
    def told(receipts: int) -> int:
        sides = {"against_receipts": side_of(receipts), "against_fresh": side_of(3)}
        return report_of().model_copy(update=sides).figures.compared

    assert (told(2), told(0), report_of().figures.compared) == (2, 3, 0)


def test_codes_in_no_known_state_stand_for_the_country_and_the_last_bracket_has_no_end() -> None:
    found = DriftedArea.of(TallyKey("normal", NOWHERE, 7), Tally(), "BR")

    assert (found.state, found.part, found.ranges) == ("", "", (ALL,))
    assert (found.weight_above, found.weight_to) == (30_000, None)
