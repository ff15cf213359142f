"""Finding the row of a lane, and telling prices that are near from those that are not."""

from collections.abc import Sequence

import pytest

from portes.contingency.checking import LaneErrors, RowFinder, lane_errors, random_points
from portes.contingency.regions import regions_of_states
from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice, SampledRow


def row(first: str, last: str, low: int, high: int, price: int, service: str = "normal") -> SampledRow:
    return SampledRow(service, first, last, low, high, price, 1, 2, 1, False, None)  # noqa: FBT003 — no guess


ROWS = [
    row("01000000", "01999999", 0, 500, 1_000),
    row("01000000", "01999999", 500, 1_000, 1_200),
    row("03000000", "03999999", 0, 500, 2_000),
]


def test_a_lane_is_priced_by_the_row_that_holds_its_code_and_its_weight() -> None:
    finder = RowFinder(ROWS)
    prices = [
        found and found.price
        for found in (
            finder.find("normal", LanePoint(code, weight))
            for code, weight in (("01500000", 500), ("01500000", 501), ("03000000", 1), ("03999999", 501))
        )
    ]

    assert prices == [1_000, 1_200, 2_000, None]
    assert finder.find("normal", LanePoint("01999999", 400)) == ROWS[0]
    assert finder.find("normal", LanePoint("02000000", 400)) is None
    assert finder.find("express", LanePoint("01500000", 400)) is None


def test_a_price_is_near_cheaper_or_missing() -> None:
    live: dict[LanePoint, LaneAnswer | None] = {
        LanePoint("01000000", 400): {"normal": LanePrice(1_010, 1, 2)},  # a percent dearer live: near
        LanePoint("01000001", 400): {"normal": LanePrice(1_020, 1, 2)},
        LanePoint("01000002", 400): {"normal": None},
        LanePoint("02000000", 400): {"normal": LanePrice(1_000, 1, 2)},
        LanePoint("02000001", 400): {"normal": None},
        LanePoint("02000002", 400): None,
    }

    class Live:
        def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
            return [live[point] for point in points]

    assert lane_errors(ROWS, Live(), [*live]) == LaneErrors(compared=4, within=1, cheaper=2, missing=1)


def test_random_lanes_lie_in_the_regions_and_at_the_borders_and_can_be_drawn_again() -> None:
    regions = regions_of_states("BR", ["AC", "SP"])
    drawn, again = ([*random_points("BR", regions, (500, 1_000), 50, seed=3)] for _ in range(2))

    assert drawn == again
    assert {point.weight for point in drawn} == {500, 1_000}
    assert all(any(first <= point.postal_code <= last for first, last in regions) for point in drawn)


@pytest.mark.parametrize(
    ("live", "found"),
    [
        (1_000, LaneErrors(1, 1, 0, 0)),
        (990, LaneErrors(1, 0, 0, 0)),  # ten are more than a hundredth of it
        (991, LaneErrors(1, 1, 0, 0)),
        (500, LaneErrors(1, 0, 0, 0)),  # dearer, and never cheaper
        (1_010, LaneErrors(1, 1, 0, 0)),
        (1_011, LaneErrors(1, 0, 1, 0)),
        (None, LaneErrors(1, 0, 1, 0)),
    ],
)
def test_a_hundredth_of_the_live_price_is_near(live: int | None, found: LaneErrors) -> None:
    class Live:
        def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
            return [{"normal": None if live is None else LanePrice(live, 1, 2)} for _ in points]

    assert lane_errors(ROWS, Live(), [LanePoint("01000000", 400)]) == found


def test_just_a_hundredth_is_near_and_no_more_is_cheaper() -> None:
    class Live:
        def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
            return [{"normal": LanePrice(int(point.postal_code[-4:]), 1, 2)} for point in points]

    rows = [row("01000000", "01999999", 0, 500, 99), row("02000000", "02999999", 0, 500, 101)]

    assert lane_errors(rows, Live(), [LanePoint("01000100", 400)]) == LaneErrors(1, 1, 0, 0)
    assert lane_errors(rows, Live(), [LanePoint("02000100", 400)]) == LaneErrors(1, 1, 0, 0)


def test_a_lane_before_the_first_row_has_none() -> None:
    finder = RowFinder(ROWS[2:])

    assert finder.find("normal", LanePoint("00999999", 400)) is None
    assert finder.find("normal", LanePoint("04000000", 400)) is None


def test_random_lanes_are_of_the_whole_of_a_region() -> None:
    (first, last) = region = ("01000000", "05999999")
    codes = [point.postal_code for point in random_points("BR", (region,), (500,), 200, seed=3)]

    assert first <= min(codes) < "02000000"
    assert "05000000" < max(codes) <= last
