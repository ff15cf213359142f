"""A table asked again where it drifted, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_worlds import BORDERS

from portes.contingency.sampling import (
    LaneAnswer,
    LanePoint,
    LanePrice,
    Outcome,
    SampledRegion,
    SampledTable,
    SamplingPlan,
    refreshed,
    sample,
)

OLD, NEW = date(2026, 11, 1), date(2026, 12, 1)
PLAN = SamplingPlan("ES", BORDERS, most_calls=700, day=OLD)
CODES = ("01000", "08000", "08001", "08999", "28001", "28500", "52006")
MADRID = SampledRegion("28000", "28999")


class Spain:
    """Prices by province, weight and a surcharge that was not there before; some codes do not answer."""

    def __init__(self, more: int = 0, silent: tuple[str, ...] = (), a_province: int = 10) -> None:
        self._more = more
        self._a_province = a_province
        self._silent = silent
        self.asked: list[LanePoint] = []

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        self.asked += points
        return [None if point.postal_code.startswith(self._silent or "x") else self.answer(*point) for point in points]

    def answer(self, postal_code: str, weight: int) -> LaneAnswer:
        bracket = next(at for at, border in enumerate(BORDERS) if weight <= border)
        return {"normal": LanePrice(500 + self._a_province * int(postal_code[:2]) + 90 * bracket + self._more, 2, 4)}


def price(table: SampledTable, postal_code: str, weight: int) -> Outcome:
    """The only row for a lane, which may have none."""
    rows = [
        row
        for row in table.rows
        if row.postal_from <= postal_code <= row.postal_to and row.weight_from < weight <= row.weight_to
    ]
    assert len(rows) < 2, rows
    return LanePrice(*rows[0][5:8]) if rows else None


def refreshed_in(oracle: Spain, *regions: SampledRegion, earlier: SampledTable) -> SampledTable:
    return refreshed(oracle, replace(PLAN, day=NEW, regions=regions), earlier.rows)


def test_only_the_regions_that_drifted_are_asked_again() -> None:
    oracle = Spain(more=200)

    refreshed_in(oracle, MADRID, earlier=sample(Spain(), PLAN))

    assert {point.postal_code[:2] for point in oracle.asked} == {"28"}
    assert {point.weight for point in oracle.asked} <= set(BORDERS)


def test_only_the_weights_that_drifted_are_asked_again() -> None:
    oracle = Spain(more=200)

    table = refreshed_in(oracle, MADRID._replace(weight_from=2_000, weight_to=10_000), earlier=sample(Spain(), PLAN))

    assert {point.weight for point in oracle.asked} == {5_000, 10_000}
    found = [price(table, "28001", weight) for weight in (2_000, 2_001, 10_000, 10_001)]
    assert [each and each.price for each in found] == [960, 1250, 1340, 1230]


def test_the_rest_keeps_its_price_and_its_day() -> None:
    earlier = sample(Spain(), PLAN)
    table = refreshed_in(Spain(more=200), MADRID, earlier=earlier)

    inside = [row for row in table.rows if row.postal_from[:2] == "28"]
    assert {(row.asked_on, row.price - 200) for row in inside} == {
        (NEW, row.price) for row in earlier.rows if row.postal_from[:2] == "28"
    }
    assert [row for row in table.rows if row not in inside] == [
        row for row in earlier.rows if row.postal_from[:2] != "28"
    ]


def test_what_cannot_be_found_out_again_stays_with_its_day() -> None:
    earlier = sample(Spain(), PLAN)

    table = refreshed_in(Spain(more=200, silent=("280",)), MADRID, earlier=earlier)

    capital, rest = (price(table, code, 500) for code in ("28001", "28500"))
    assert capital == LanePrice(780, 2, 4)
    assert rest == LanePrice(980, 2, 4)
    assert {row.asked_on for row in table.rows if row.postal_from == "28000"} == {OLD}


def test_a_bound_holds_for_all_regions_together() -> None:
    oracle = Spain()
    regions = [MADRID, SampledRegion("08000", "08999", 0, 2_000), SampledRegion("01000", "01999", 5_000)]

    refreshed(oracle, replace(PLAN, most_calls=10, regions=tuple(regions)), sample(Spain(), PLAN).rows)

    assert 0 < len(oracle.asked) <= 10


EARLIER = sample(Spain(a_province=0), replace(PLAN, most_calls=900))
regions = st.builds(
    lambda codes, borders: SampledRegion(*sorted(codes), *sorted(borders)),
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)),
    st.lists(st.sampled_from((0, 300, *BORDERS)), min_size=2, max_size=2, unique=True),
)


@pytest.mark.parametrize("region", [MADRID._replace(postal_to="27000"), MADRID._replace(weight_to=0)])
def test_a_region_that_ends_before_it_begins_is_refused(region: SampledRegion) -> None:
    with pytest.raises(ValueError, match="must not end before it begins"):
        replace(PLAN, regions=(region,))


@given(st.lists(regions, min_size=1, max_size=4))
def test_whatever_regions_drifted_they_alone_are_new(drifted: list[SampledRegion]) -> None:
    plan = replace(PLAN, regions=tuple(drifted), most_calls=900)
    table = refreshed(Spain(more=200, a_province=0), plan, EARLIER.rows)

    for postal_code in CODES:
        for lower, upper in zip((0, *BORDERS), BORDERS, strict=False):
            meant = any(
                region.postal_from <= postal_code <= region.postal_to and region.weight_from < upper <= region.weight_to
                for region in drifted
            )
            for weight in (lower + 1, upper):
                truth = Spain(200 * meant, a_province=0).answer(postal_code, weight)
                assert price(table, postal_code, weight) == truth["normal"]
