"""The public ranges by which countries are sampled."""

from itertools import pairwise

import pytest

from portes.contingency.sampling import public_ranges
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
