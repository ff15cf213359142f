"""The known word that an unknown one was probably meant to be; never one of another unit or quantity."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from portes.contract.names import without_accents

_ALIKE: Final = 60
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+[0-9]?|[A-Z]+[0-9]?(?![a-z])")
_UNIT_NAMES: Final = {
    "weight": {
        "g": "g gr gram grams grama gramas gramo gramos",
        "kg": "kg kgs kilo kilos quilo quilos kilogram kilograms",
        "lb": "lb lbs pound pounds",
    },
    "length": {"mm": "mm", "cm": "cm", "m": "m"},
    "volume": {"mm3": "mm3", "cm3": "cm3", "m3": "m3"},
    "time": {
        "ms": "ms milliseconds",
        "s": "s seconds segundos",
        "minutes": "minutes minutos",
        "hours": "h hour hours hora horas",
        "days": "day days dia dias",
    },
    "part": {"percent": "percent percentage percentual porcentaje"},
    "money": {"cents": "cents centavos centimos"},
}
"""Units and the words for them, by what they measure."""
_UNITS: Final = {
    word: (unit, measured)
    for measured, units in _UNIT_NAMES.items()
    for unit, names in units.items()
    for word in names.split()
}
_GLUED: Final = re.compile(r"(?:kg|cm3|mm3|m3|cm|mm)$")
"""Units at the end of a word that nothing parts: `weightfromkg`."""
_QUANTITIES: Final = {
    word: (names.split()[0], measured)
    for names, measured in {
        "weight peso": "weight",
        "volume volumen": "volume",
        "length comprimento largo": "length",
        "width largura ancho": "length",
        "height altura alto": "length",
        "price preco precio": "money",
        "cost custo coste": "money",
        "value valor": "money",
        "postal cep zip praca": "place",
    }.items()
    for word in names.split()
}
"""Words for a quantity: which one it is, and what it measures."""


def nearest(word: str, known: Iterable[str], most: int = 1, likeness: int = _ALIKE) -> list[str]:
    """The known words that look like an unknown one, best first; those of another unit or quantity are left out.

    `likeness` is how much they must have in common, in percent.
    """
    near = _alike(word, known, likeness)
    return [name for name in near if not _unit_differs(word, name)][:most]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that proposes a known word, or says that its unit is another one; empty when none is near."""
    near = _alike(word, known)
    if not near:
        return ""
    best = near[0]
    own, unit = (" and ".join(sorted(_units(name))) for name in (word, best))
    if _unit_differs(word, best):
        apart = f"is in {unit}, not in {own}" if unit else f"is not in {own}"
        return f"{best} {apart}: convert what stands there before you rename it."
    return f"did you mean {best}, in {unit}?" if unit and not own else f"did you mean {best}?"


def _alike(word: str, known: Iterable[str], likeness: int = _ALIKE) -> list[str]:
    """The names that look like a word, best first, for all that only differ in case and in what parts their words."""
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(_folded(name), name)
    near = get_close_matches(_folded(word), names, n=5, cutoff=likeness / 100)
    return [names[folded] for folded in near if not _quantity_differs(word, names[folded])]


def _folded(name: str) -> str:
    return without_accents(name).lower().replace("_", "").replace(" ", "")


def _words(name: str) -> list[str]:
    return [word.lower() for part in without_accents(name).split("_") for word in _WORDS.findall(part)]


def _units(name: str) -> frozenset[str]:
    if "-" in name:
        return frozenset()  # `BR-MG` and `ES-CM` are regions: keys and columns have no hyphens
    words = _words(name)
    found = frozenset(_UNITS[word][0] for word in words if word in _UNITS)
    glued = _GLUED.search(words[0]) if len(words) == 1 and not found else None
    return frozenset({glued[0]}) if glued else found


def _unit_differs(word: str, known: str) -> bool:
    own = _units(word)
    return bool(own) and own != _units(known)


def _quantity_differs(word: str, known: str) -> bool:
    """Whether two names speak of different quantities, or measure different things."""
    own, other = ({_QUANTITIES[part][0] for part in _words(name) if part in _QUANTITIES} for name in (word, known))
    measured, known_measured = _measured(word), _measured(known)
    return bool(own and own != other) or bool(measured and known_measured and measured.isdisjoint(known_measured))


def _measured(name: str) -> set[str]:
    named = {_QUANTITIES[word][1] for word in _words(name) if word in _QUANTITIES}
    return named | {_UNITS[unit][1] for unit in _units(name)}
