"""Tables by origin and destination: which row means a pair of places; it knows no zone and no day."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Generic, TypeVar

from portes.calendars import calendar_names
from portes_correos_es.territories import ISLANDS, Area, Territory

T = TypeVar("T")

ANY: Final = "any"
SAME_PROVINCE: Final = "same_province"
SAME_ISLAND: Final = "same_island"

_PROVINCES: Final = frozenset(f"{number:02}" for number in range(1, 53))
_AREAS: Final = frozenset(str(area) for area in Area)

_ORIGINS: Final = "an area such as peninsula, an island, a province such as 28, a country such as PT, or any"
_DESTINATIONS: Final = f"{_ORIGINS}; or same_province, same_island"
_MEANT: Final = {
    "ES": "an area of Spain such as peninsula, canarias or ceuta",
    "IC": "canarias",
    "EA": "ceuta or melilla",
    "UK": "GB",
    "EL": "GR",
}
"""Codes that people write for a place, and that no table of lanes knows by them."""


def origin_fix(word: str) -> str:
    """What to write for a word that does not stand for where parcels leave from; empty for one that does."""
    return _fix(word, {*_AREAS, *ISLANDS, *_PROVINCES, ANY}, _ORIGINS)


def destination_fix(word: str) -> str:
    """What to write for a word that does not stand for where parcels go; empty for one that does."""
    return _fix(word, {*_AREAS, *ISLANDS, *_PROVINCES, ANY, SAME_PROVINCE, SAME_ISLAND}, _DESTINATIONS)


def _fix(word: str, known: Collection[str], words: str) -> str:
    country = word.upper()
    if word in known or (word in calendar_names() and len(word) == 2 and word not in _MEANT):
        return ""
    if country in _MEANT:
        return f"write {_MEANT[country]}"
    if len(word) == 2 and country in calendar_names():
        return f"write {country}"
    if f"0{word}" in _PROVINCES:
        return f"write 0{word}, if this province is meant"
    near = get_close_matches("_".join(word.lower().split()), known, n=1, cutoff=0.8)
    return f"did you mean {near[0]}?" if near else f"write {words}"


@dataclass(frozen=True)
class Lanes(Generic[T]):
    """Rows by origin's and destination's word. The narrowest destination wins, then the narrowest origin."""

    rows: Mapping[tuple[str, str], T]
    _found: dict[tuple[Territory, Territory], T | None] = field(default_factory=dict, repr=False, compare=False)

    def find(self, origin: Territory, destination: Territory) -> T | None:
        """The row that means this pair; None when none does."""
        pair = origin, destination
        if pair not in self._found:
            self._found[pair] = next((self.rows[words] for words in _pairs(*pair) if words in self.rows), None)
        return self._found[pair]


def _pairs(origin: Territory, destination: Territory) -> Iterator[tuple[str, str]]:
    starts = (*origin.words, ANY)
    for there in _destination_words(origin, destination):
        for here in starts:
            yield here, there


def _destination_words(origin: Territory, destination: Territory) -> Iterator[str]:
    *narrow, area = destination.words
    yield from narrow
    if origin.shares_island(destination):
        yield SAME_ISLAND
    if origin.shares_province(destination):
        yield SAME_PROVINCE
    yield from (area, ANY)


__all__ = [
    "ANY",
    "SAME_ISLAND",
    "SAME_PROVINCE",
    "Lanes",
    "destination_fix",
    "origin_fix",
]
