"""Products, modes and zones as tariffs write them: by our keys, by the printed names, or by codes of Correos."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from portes.contract.names import folded, without_accents
from portes.contract.suggestions import did_you_mean
from portes_correos_es.products import Mode, Product, catalogue

_WORD: Final = re.compile(r"[^\W_]+")
_APART: Final = re.compile(r"\b(city|letter)[ -](paq|box)\b")
_MODES: Final = {
    "domicilio": Mode.HOME,
    "door": Mode.HOME,
    "home": Mode.HOME,
    "puerta": Mode.HOME,
    "buzon": Mode.LETTERBOX,
    "letterbox": Mode.LETTERBOX,
    "office": Mode.OFFICE,
    "oficina": Mode.OFFICE,
    "citypaq": Mode.CITYPAQ,
    "locker": Mode.CITYPAQ,
}
"""What Correos and people call a mode, without accents."""
_FILLERS: Final = frozenset(
    ["a", "al", "and", "de", "del", "e", "el", "en", "entrega", "la", "o", "or", "to", "u", "y"]
)
_ZONE: Final = re.compile(r"(?:zona|zone|z)?[ .:-]*0*([1-9]\d*)")


class NamingFault(NamedTuple):
    """Why a row names no product in a mode: column, value, cause and fix."""

    column: str
    value: str | None
    cause: str
    fix: str


Named = tuple[str, tuple[Mode, ...]] | NamingFault
"""A product's key and its modes in a row."""


@lru_cache(maxsize=1024)  # a tariff names the same few products in all of its rows
def name_offer(product: str, modes: str, otherwise: str) -> Named:
    """The product and the modes that a row's two cells name.

    Modes stand in their column, joined by a plus, or with the product: `Paq Estándar Domicilio`. A product that has
    one only needs none; else those of the settings, `otherwise`, hold.
    """
    words = _words(product)
    codes = [word for word in words if catalogue().named(word)]
    beside = {_MODES[word] for word in words if word in _MODES}
    name = "".join(word for word in words if word not in {*codes, *_MODES, *_FILLERS})
    found = _products().get(name)
    if codes:
        meant = catalogue().named("+".join(codes))
        if len(meant) != 1 or meant[0][2]:
            return NamingFault("product", product, "has a code that may mean several products", "write it in words")
        coded, mode, _ = meant[0]
        if (name and found != coded) or (beside and beside != {mode}):
            return NamingFault("product", product, f"has the code of {coded.name} {mode}", "correct one of them")
        found, beside = coded, {mode}
    if found is None:
        return NamingFault("product", product, "is no product", _product_fix(product))
    return _with_modes(found, beside, modes, otherwise)


def _with_modes(product: Product, beside: set[Mode], column: str, otherwise: str) -> Named:
    stated = [*_mode_words(column)]
    if beside and stated and {_MODES.get(word) for word in stated} != beside:
        said = "+".join(sorted(beside))
        return NamingFault("mode", column, f"is not the mode that stands with the product, {said}", "correct one")
    every = [*product.modes]
    words = stated or sorted(beside) or (every if len(every) == 1 else [*_mode_words(otherwise)])
    if not words:
        fix = f'write one of {", ".join(every)} beside it, or tariff_defaults = {{ mode = "home" }}'
        return NamingFault("mode", None, "stands neither with the product nor in a column of its own", fix)
    strange = next((word for word in words if _MODES.get(word) not in product.modes), "")
    if strange:
        return NamingFault("mode", strange, f"is no mode of {product.key}", f"write one of {', '.join(every)}")
    return product.key, tuple(dict.fromkeys(_MODES[word] for word in words))


def _mode_words(text: str) -> Iterator[str]:
    return (word for word in _words(text) if word not in _FILLERS)


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(_APART.sub(r"\1\2", without_accents(text).casefold()))


@cache
def _products() -> dict[str, Product]:
    """Every product by its names, folded; the keys are the printed names in other signs."""
    every = catalogue().products.values()
    return {folded(name): product for product in every for name in (product.key, product.name, *product.also)}


def _product_fix(text: str) -> str:
    every = catalogue().products.values()
    known = [product.key if "_" in text else product.name for product in every]
    return did_you_mean(text, known) or f"write one of {', '.join(known)}"


class ZoneNames:
    """The zones of a map by what a row may call them: their own name, or the number, `Zona 1` and `Z1` for `1`."""

    def __init__(self, zones: Iterable[str]) -> None:
        self._meant: dict[str, list[str]] = defaultdict(list)
        for zone in zones:
            self._meant[_zone_key(zone)].append(zone)

    def zone(self, text: str) -> str:
        """The zone that a text means; the text itself where the map has no such zone, or more than one."""
        meant = self._meant.get(_zone_key(text), ())
        return meant[0] if len(meant) == 1 else text


def _zone_key(text: str) -> str:
    words = without_accents(text).casefold().strip()
    number = _ZONE.fullmatch(words)
    return number[1] if number else words


__all__ = ["Named", "NamingFault", "ZoneNames", "name_offer"]
