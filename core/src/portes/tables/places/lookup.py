"""Places by name as ranges of postal codes: a part of a state, a town, or what a line of a tariff names."""

import re
from functools import cache
from typing import Final, Literal

from portes.contract.names import folded, without_accents
from portes.contract.states import PlaceError, Ranges, find_state, ranges_of_part, states
from portes.contract.suggestions import nearest
from portes.tables.places.listed import listed_places, place_names
from portes.tables.places.naming import one_town

Part = Literal["all", "capital", "interior", "metropolitan"]
"""A state whole, its capital, all of it without the capital, or the towns around the capital without it."""

OWN_LIST: Final = "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"
"""What to do where only the carrier's own list can say what is meant."""
_UNLISTED: Final = f"write the postal codes of a district, which no list of ours has, or {OWN_LIST}"
"""What to do about a name that is no town's."""

_PARTS: Final[tuple[tuple[Part, str], ...]] = (
    ("all", "all estado state toda todas todo todos"),
    ("capital", "cap capitais capital capitales"),
    ("interior", "int interior interiores resto"),
    ("metropolitan", "areametropolitana metro metropolitan metropolitana metropolitanarea"),
    ("metropolitan", "regiaometropolitana regionmetropolitana rm"),
)
"""Words for parts in Portuguese, Spanish and English, folded."""
_WORDS: Final = {word: part for part, words in _PARTS for word in words.split()}
_NUMBERED: Final = re.compile(r"(?:int|interior|cap|capital|rm|regiaometropolitana)(?:[0-9]+|i{1,3})")


def part_of(words: str) -> Part:
    """The part of a state that a word means, such as `INT`, `Capital` or `Região Metropolitana`.

    Raises `PlaceError` for an unknown word, and for a numbered part (`Interior 2`), which only its carrier can draw.
    """
    name = folded(words)
    if name in _WORDS:
        return _WORDS[name]
    if _NUMBERED.fullmatch(name):
        raise PlaceError(words, "is a part of the state that each carrier draws otherwise", OWN_LIST)
    near = nearest(without_accents(words), ("Capital", "Interior", "Metropolitana", "Todos"))
    hint = (
        f"did you mean {near[0]}?" if near else f"write Capital, Interior, Região metropolitana or Todos, or {OWN_LIST}"
    )
    raise PlaceError(words, "is no part of a state", hint)


@cache
def ranges_of(country: str, state: str, part: Part = "all") -> Ranges:
    """The ranges of a part of a state, in order.

    Raises `PlaceError` for an unknown state, for a metropolitan region without a published range, and for the
    interior of a state that is all capital.
    """
    whole = find_state(country, state)
    if part == "all":
        return whole.ranges
    if part != "metropolitan":
        return ranges_of_part(country, whole.code, part)
    named = [place for place in listed_places(country, whole.code) if place.part == part]
    if not named:
        raise PlaceError(part, f"has no {part} part whose postal codes are published", OWN_LIST)
    return named[0].ranges


def ranges_of_town(country: str, state: str, town: str) -> Ranges:
    """The ranges of a town, or of an island, that somebody names, whatever the case, accents and hyphens.

    An abbreviation such as `S.` counts where one town alone can be meant. Raises `PlaceError` for an unknown state or
    town, for a name that may mean several, and for a state whose towns we have no list of.
    """
    code = find_state(country, state).code
    known = place_names(country, code)
    titles = {name: place.names[0] for name, place in known.items()}
    return known[one_town(town, titles, f"is no town of {code} that we have a list of", _UNLISTED)].ranges


def only_town(country: str, town: str) -> tuple[str, Ranges]:
    """The one town of a country by a name, as `São José/SC`, and its ranges, whatever the case and the accents.

    Raises `PlaceError` for a name that several states have a town of, or none.
    """
    name = folded(town)
    homes = [state.code for state in states(country) if name in place_names(country, state.code)]
    if len(homes) > 1:
        raise PlaceError(town, f"is a town of {', '.join(homes)}", OWN_LIST)
    if not homes:
        raise PlaceError(town, "is no town that we have a list of", _UNLISTED)
    found = place_names(country, homes[0])[name]
    return f"{found.names[0]}/{found.state}", found.ranges


def ranges_named(country: str, state: str, part: str = "", town: str = "") -> Ranges:
    """The ranges of what a line names: a town of a state, a part of it, or the state whole. Raises `PlaceError`."""
    if town and part:
        raise PlaceError(town, "is a town beside a part of the state", "keep the town or the part")
    if town:
        return ranges_of_town(country, state, town)
    meant = part_of(part) if part else "all"
    try:
        return ranges_of(country, state, meant)
    except PlaceError as error:
        raise PlaceError(part if error.words == meant else error.words, str(error), error.fix) from error
