"""Our own lists of places: the towns of Brazil, the capitals and islands of Spain; SOURCES.md says where they are from.

Each file has a line for a place: its state, what part of the state it is (`capital`, `metropolitan` or blank), its
names parted by `/` with the official one first, and its ranges.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from portes.contract.names import folded
from portes.contract.states import Ranges, read_ranges

_FILES: Final = {"BR": "brazil.csv", "ES": "spain.csv"}


class ListedPlace(NamedTuple):
    """One line of a list: a town or an island of a state, and the ranges of its postal codes."""

    state: str
    part: str
    """`capital`, `metropolitan`, or blank for any other place."""
    names: tuple[str, ...]
    ranges: Ranges


@cache
def listed_places(country: str, state: str) -> tuple[ListedPlace, ...]:
    """The places of a state, by its code; none for a country that we have no list of."""
    return _lists(country).get(state, ())


@cache
def place_names(country: str, state: str) -> Mapping[str, ListedPlace]:
    """The places of a state by each of their names, folded."""
    return {folded(name): place for place in listed_places(country, state) for name in place.names}


@cache
def _lists(country: str) -> Mapping[str, tuple[ListedPlace, ...]]:
    places: dict[str, list[ListedPlace]] = defaultdict(list)
    if country in _FILES:
        text = files(__package__).joinpath(_FILES[country]).read_text(encoding="utf-8")
        for state, part, names, ranges in [*csv.reader(text.splitlines())][1:]:
            place = ListedPlace(state, part, tuple(names.split("/")), read_ranges(country, ranges))
            places[state].append(place)
    return {state: tuple(found) for state, found in places.items()}
