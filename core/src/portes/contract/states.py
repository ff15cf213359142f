"""States of Brazil and provinces of Spain, their names, and which one a postal code lies in.

`states.csv` beside this file holds them. Brazil's ranges are those that its post publishes by state ("Faixas de CEP
por UF", as of 2025), with 78900 to 78999 beside them, which were Rondônia's until 2008 and still stand in old tables.
Spain's provinces are the first two digits of its codes; their names are the official ones and those of daily use in
Spanish, Catalan, Basque, Galician and Asturian.

`capitals.csv` holds the capital of each: in Brazil the municipality's codes, in Spain the codes whose third digit is 0.
`tables/places/SOURCES.md` says where they are from, and under which licence.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from portes.contract.names import folded
from portes.contract.postal import PostalForm, postal_form
from portes.contract.suggestions import did_you_mean

Ranges = tuple[tuple[str, str], ...]
"""First and last postal codes, both inclusive and canonical, in order."""


_PROVINCES: Final = frozenset({"ES"})
"""Countries whose states are provinces, known by their names: their codes are numbers."""


class State(NamedTuple):
    """A state or province: its code, its names with the official one first, and the ranges of its postal codes."""

    country: str
    code: str
    """Two letters in Brazil (`SP`), the first two digits of postal codes in Spain (`28`)."""
    names: tuple[str, ...]
    ranges: Ranges


class PlaceError(ValueError):
    """Words that name no place, or more than one: which, why, and what to write instead."""

    def __init__(self, words: str, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.words = words
        self.fix = fix


def state_of(country: str, postal_code: str) -> str:
    """The state that a canonical postal code lies in, `SP` or `28`; empty where it lies in none that is known here."""
    length, by_prefix = _prefixes(country)
    return by_prefix.get(postal_code[:length], "")


def ranges_of_state(country: str, state: str) -> Ranges:
    """The ranges of a state, by its code or any of its names. Raises `PlaceError` as `find_state` does."""
    return find_state(country, state).ranges


def find_state(country: str, words: str) -> State:
    """The state that somebody means by its code or one of its names, whatever the case and the accents.

    Raises `PlaceError` for a name that is in no list, and for a country without a list.
    """
    state = _by_name(country).get(folded(words))
    if state is not None:
        return state
    known = states(country)
    if not known:
        listed = " and ".join(sorted({each.country for each in _all()}))
        raise PlaceError(
            words,
            f"names a state of {country}, whose states are not known here",
            f"write postal codes; the states of {listed} are known",
        )
    hint = did_you_mean(words, [word for each in known for word in (each.code, *each.names)])
    raise PlaceError(words, f"is no state of {country}", hint or f"write its code, such as {known[-1].code}")


def state_noun(country: str) -> str:
    """What people call a state of a country: `province` in Spain, `state` in Brazil and where nobody has a list."""
    return "province" if country in _PROVINCES else "state"


def state_name(country: str, code: str) -> str:
    """A state as people of its country know it: `SP` by its code, `Madrid` by its first name; the code of none."""
    found = _by_name(country).get(folded(code)) if country in _PROVINCES else None
    return found.names[0] if found else code


@cache
def states(country: str) -> tuple[State, ...]:
    """Every state of a country, ordered by code; none for a country that nobody here has a list of."""
    return tuple(each for each in _all() if each.country == country)


@cache
def ranges_of_part(country: str, state: str, part: Literal["capital", "interior"]) -> Ranges:
    """The ranges of a state's capital, or of all of it without its capital, in order.

    Raises `PlaceError` as `find_state` does, and for the interior of a state that is all capital.
    """
    whole = find_state(country, state)
    capital = next(each.ranges for each in _capitals() if (each.country, each.code) == (country, whole.code))
    if part == "capital":
        return capital
    rest = tuple(_without(whole.ranges, capital, postal_form(country)))
    if not rest:
        raise PlaceError(part, "has no interior: all of it is its capital", "write Capital, or the state alone")
    return rest


def _without(ranges: Ranges, taken: Ranges, form: PostalForm) -> Iterator[tuple[str, str]]:
    """The ranges without those that are taken, each of which lies in one of them."""
    for first, last in ranges:
        begins = int(first)
        for low, high in (span for span in taken if first <= span[0] <= last):
            if begins < int(low):
                yield form.text(begins), form.text(int(low) - 1)
            begins = int(high) + 1
        if begins <= int(last):
            yield form.text(begins), last


@cache
def _all() -> tuple[State, ...]:
    return tuple(_read("states.csv"))


@cache
def _capitals() -> tuple[State, ...]:
    return tuple(_read("capitals.csv"))


def _read(name: str) -> Iterator[State]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for country, code, names, ranges in [*csv.reader(text.splitlines())][1:]:
        yield State(country, code, tuple(names.split("/")), read_ranges(country, ranges))


def read_ranges(country: str, text: str) -> Ranges:
    """Ranges as our lists hold them, `69000-69299 69400-69899`, as whole codes; a part alone is all it begins."""
    width = postal_form(country).width
    ends = (part.partition("-") for part in text.split())
    return tuple((first.ljust(width, "0"), (last or first).ljust(width, "9")) for first, _, last in ends)


@cache
def _by_name(country: str) -> dict[str, State]:
    return {folded(word): each for each in states(country) for word in (each.code, *each.names)}


@cache
def _prefixes(country: str) -> tuple[int, dict[str, str]]:
    """How many first digits of a code tell its state, and the state by them: quicker than a search among ranges."""
    spans = [(first, last, each.code) for each in states(country) for first, last in each.ranges]
    length = max((_telling(first, last) for first, last, _ in spans), default=0)
    return length, {
        str(number).zfill(length): code
        for first, last, code in spans
        for number in range(int(first[:length]), int(last[:length]) + 1)
    }


def _telling(first: str, last: str) -> int:
    """How many digits of both ends of a range say where it begins and ends; behind them are noughts and nines."""
    return max(len(first.rstrip("0")), len(last.rstrip("9")))
