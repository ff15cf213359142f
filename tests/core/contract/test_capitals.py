"""Capitals and interiors of states, as rules name them, are those of the lists of places."""

import pytest

from portes.contract.states import PlaceError, ranges_of_part, states
from portes.tables.places.listed import listed_places


@pytest.mark.parametrize("country", ["BR", "ES"])
def test_capitals_are_those_of_the_lists_of_places(country: str) -> None:
    listed = {
        state.code: [place.ranges for place in listed_places(country, state.code) if place.part == "capital"]
        for state in states(country)
    }

    assert {state.code: [ranges_of_part(country, state.code, "capital")] for state in states(country)} == listed


def test_the_interior_is_the_state_without_its_capital() -> None:
    assert ranges_of_part("BR", "AM", "interior") == (("69100000", "69299999"), ("69400000", "69899999"))


def test_a_state_that_is_all_capital_has_no_interior() -> None:
    with pytest.raises(PlaceError, match="has no interior"):
        ranges_of_part("BR", "DF", "interior")
