"""Tables by origin and destination: which row means a pair of places; it knows no zone and no day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from portes_correos_es.territories import ISLANDS, Area, Territory

T = TypeVar("T")

ANY: Final = "any"
SAME_PROVINCE: Final = "same_province"
SAME_ISLAND: Final = "same_island"

_PROVINCES: Final = frozenset(f"{number:02}" for number in range(1, 53))
_AREAS: Final = frozenset(str(area) for area in Area)

ORIGIN_WORDS: Final = "an area such as peninsula, an island, a province such as 28, a country such as PT, or any"
DESTINATION_WORDS: Final = f"{ORIGIN_WORDS}; or same_province, same_island"


def is_origin(word: str) -> bool:
    """Whether a word may stand for where parcels leave from."""
    known = word in _AREAS or word in ISLANDS or word in _PROVINCES or word == ANY
    return known or (len(word) == 2 and word.isascii() and word.isupper() and word != "ES")


def is_destination(word: str) -> bool:
    """Whether a word may stand for where parcels go."""
    return is_origin(word) or word in {SAME_PROVINCE, SAME_ISLAND}


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
    for there in _destination_words(origin, destination):
        for here in (*origin.words, ANY):
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
    "DESTINATION_WORDS",
    "ORIGIN_WORDS",
    "SAME_ISLAND",
    "SAME_PROVINCE",
    "Lanes",
    "is_destination",
    "is_origin",
]
