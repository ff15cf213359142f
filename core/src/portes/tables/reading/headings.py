"""The words of a header, without accents, case, spaces and signs, and the units that stand among them."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TOKEN: Final = re.compile(r"us\$|r\$|[€%]|(?<![a-z])(?:[cm]m|m)3(?![a-z0-9])|d\.\s?u\.?|[^\W\d_]+|\d+")
_GLUED: Final = re.compile(r"(.+?)(kgs?|cm3|m3)")
"""A unit at the end of a word that nothing parts: `weightfromkg`."""


class Unit(NamedTuple):
    """A unit of measure, as a header states it."""

    measure: str
    """What it measures: `weight`, `volume`, `money`, `part` or `time`."""
    name: str
    """`g`, `kg`, `lb`; `cm3`, `m3`; a currency's code; `percent`; `days`, `calendar days`, `hours`."""


_UNIT_WORDS: Final = {
    Unit("weight", "g"): "g gr grs gram grams grama gramas gramo gramos",
    Unit(
        "weight", "kg"
    ): "kg kgs kilo kilos quilo quilos quilograma quilogramas kilogramo kilogramos kilogram kilograms",
    Unit("weight", "lb"): "lb lbs pound pounds libra libras",
    Unit("volume", "cm3"): "cm3 cc",
    Unit("volume", "m3"): "m3",
    Unit("money", "BRL"): "r$ brl reais",
    Unit("money", "EUR"): "€ eur euro euros",
    Unit("money", "USD"): "us$ usd",
    Unit("part", "percent"): "% percent percentual porcentaje",
    Unit("time", "days"): "d.u. d.u du dia dias day days uteis habiles laborables",
    Unit("time", "calendar days"): "corridos naturales",
    Unit("time", "hours"): "h hs hora horas hour hours",
}
UNITS: Final = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
"""The unit that a word of a header stands for."""

_LINKS: Final = frozenset({"em", "en", "in"})
_BEFORE: Final = frozenset({"money", "part"})
"""What is measured in units that may stand before the words: `R$ frete`, `% GRIS`."""


class Heading(NamedTuple):
    """A cell of a header in parts."""

    words: tuple[str, ...]
    """Without accents and capitals; signs such as `%` are words of their own."""
    bare: str
    """All words that are no unit, joined."""
    units: tuple[Unit, ...]
    """In their order; none when it states none."""

    @property
    def key(self) -> str:
        """All words joined: what two spellings of one heading have in common."""
        return "".join(self.words)

    def unit(self, measure: str) -> str:
        """The unit of a measure that is stated; empty when none is."""
        stated = [unit.name for unit in self.units if unit.measure == measure]
        return stated[-1] if stated else ""


def plain_letters(text: str) -> str:
    """The same text without accents; `m³` is `m3`."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


@lru_cache(maxsize=4096)
def heading_of(text: str) -> Heading:
    """The parts of a header's cell: `Peso inicial (kg)` is `pesoinicial` in kg."""
    words = tuple(_TOKEN.findall(_CAMEL.sub(" ", plain_letters(text)).lower()))
    first, last = 0, len(words)
    while last and (words[last - 1] in UNITS or (last < len(words) and words[last - 1] in _LINKS)):
        last -= 1
    while first < last and words[first] in UNITS and UNITS[words[first]].measure in _BEFORE:
        first += 1
    units = tuple(UNITS[word] for word in (*words[:first], *words[last:]) if word in UNITS)
    bare = "".join(words[first:last])
    glued = _GLUED.fullmatch(bare) if not units else None
    return Heading(words, glued[1], (UNITS[glued[2]],)) if glued else Heading(words, bare, units)


def key_of(text: str) -> str:
    """The words of a heading joined, by which spellings are compared."""
    return heading_of(text).key
