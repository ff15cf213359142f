"""The public ranges by which countries are sampled."""

from itertools import pairwise

import pytest

from portes.contingency.sampling import PublicRange, public_ranges
from portes.contingency.sampling.ranges import within
from portes.contract.states import states


@pytest.mark.parametrize("country", ["BR", "ES"])
def test_every_code_of_a_state_is_in_one_range(country: str) -> None:
    ranges = public_ranges(country)
    whole = sum(int(last) - int(first) + 1 for state in states(country) for first, last in state.ranges)

    assert sum(place.size for place in ranges) == whole
    assert all(one.last < other.first for one, other in pairwise(ranges))


def test_a_smaller_place_is_cut_out_of_a_larger_one() -> None:
    """Osasco lies within the metropolitan range, Palma within Mallorca's."""
    brazil = {(place.first, place.last) for place in public_ranges("BR")}
    spain = [(place.first, place.last) for place in public_ranges("ES") if place.state == "07"]

    assert (6_000_000, 6_299_999) in brazil
    assert (6_000_000, 7_999_999) not in brazil
    assert spain[:2] == [(7_000, 7_099), (7_100, 7_699)]


def test_brazil_has_a_range_for_each_town_and_capital() -> None:
    ranges = public_ranges("BR")

    assert len(ranges) > 5_570
    assert len({place.state for place in ranges if place.capital}) == 27


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([(10, 20)], [(10, 20)]),
        ([(0, 10)], [(10, 10)]),
        ([(20, 99)], [(20, 20)]),
        ([(0, 9), (21, 99)], []),
        ([(15, 15)], [(15, 15)]),
        ([(14, 18), (12, 16)], [(12, 16), (17, 18)]),
        ([(12, 18), (13, 15)], [(12, 18)]),
        ([(10, 12), (13, 14)], [(10, 12), (13, 14)]),
    ],
)
def test_what_of_a_range_lies_in_some_spans_is_kept_once(
    spans: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    found = within([PublicRange("BA", capital=False, first=10, last=20)], spans)

    assert [(part.first, part.last) for part in found] == kept


def test_a_town_in_the_middle_of_its_state_leaves_the_codes_on_both_sides_to_it() -> None:
    """Campinas among them: no code beside a town is lost or given twice."""
    inside = [place for place in public_ranges("BR") if 13_000_000 <= place.first <= 13_200_000]

    assert all(one.last + 1 == other.first for one, other in pairwise(inside))
    assert min(place.size for place in public_ranges("BR")) >= 1
