"""What Correos sells: products, modes, their codes and published limits, as data; it knows no tariff and no place."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from portes.contract import PickupKind

_SIGNS: Final = re.compile(r"[A-Z0-9]+")


class Mode(StrEnum):
    """How a parcel gets to the recipient."""

    HOME = "home"
    LETTERBOX = "letterbox"
    """Like home, for what goes through the slot of a letter box."""
    OFFICE = "office"
    """Fetched at a chosen post office."""
    CITYPAQ = "citypaq"
    """Fetched at a locker."""

    @property
    def fetched_at(self) -> PickupKind | None:
        """What kind of place the shopper fetches it at; None when it comes to the door."""
        return {Mode.OFFICE: PickupKind.OFFICE, Mode.CITYPAQ: PickupKind.LOCKER}.get(self)


@dataclass(frozen=True, slots=True)
class Codes:
    """How Correos writes a product in one mode; empty where no public source says."""

    old: str = ""
    """The code that held until 2026-01: `S0132`."""
    new: str = ""
    """The product since: `PAAXI`."""
    method: str = ""
    """The delivery mode since: `DOUAOF`."""
    doubtful: bool = False
    """Public sources contradict each other on the new code."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product, with its published limits: weights in grams, lengths in millimetres."""

    key: str
    name: str
    modes: Mapping[Mode, Codes] = field(hash=False)
    also: tuple[str, ...] = ()
    """Names that it had before."""
    international: bool = False
    max_kg: int | None = None
    """Of one parcel on the scale; None where only the carrier's own limit holds."""
    max_billable_kg: int | None = None
    """Of the greater of weight and volume; None where only the tariff's brackets end."""
    max_parcels: int | None = None
    """Of one shipment; None where only the carrier's own limit holds."""
    max_sides: tuple[int, int, int] | None = None
    """Longest first; None where the sizes of all parcels hold."""
    same_province: bool = False
    """Whether it never leaves a province."""
    same_day: bool = False
    """Whether Correos promises it for the day of hand-over."""


@dataclass(frozen=True, slots=True)
class Size:
    """Two limits on a parcel's sides, in millimetres."""

    sides_sum: int
    longest_side: int

    def passed(self, sides: tuple[int, int, int]) -> int:
        """How many of the two limits a parcel passes."""
        return (sum(sides) > self.sides_sum) + (max(sides) > self.longest_side)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every product by its key, and what a code of Correos means."""

    products: Mapping[str, Product]

    def named(self, code: str) -> list[tuple[Product, Mode, bool]]:
        """What a code of Correos may mean, and whether that is doubtful: `S0132`, `PAAXI`, `PAAXI+DOUAOF`."""
        signs = set(_SIGNS.findall(code.upper()))
        return [(product, mode, doubtful) for product, mode, known, doubtful in self._known() if signs in known]

    def _known(self) -> Iterator[tuple[Product, Mode, list[set[str]], bool]]:
        for product in self.products.values():
            for mode, codes in product.modes.items():
                if codes.old:
                    yield product, mode, [{codes.old}], False
                if codes.new:
                    yield product, mode, [{codes.new}, {codes.new, codes.method}], codes.doubtful


@cache
def catalogue() -> Catalogue:
    """The products of this package's data."""
    source = tomllib.loads(files("portes_correos_es").joinpath("data/products.toml").read_text(encoding="utf-8"))
    return Catalogue({key: _product(key, keys) for key, keys in source["products"].items()})


def _product(key: str, keys: Mapping[str, Any]) -> Product:
    modes = {Mode(mode): Codes(**codes) for mode, codes in keys["modes"].items()}
    sides = tuple(keys["max_sides"]) if "max_sides" in keys else None
    also = tuple(keys.get("also", ()))
    return Product(key, **{**keys, "modes": modes, "max_sides": sides, "also": also})


__all__ = ["Catalogue", "Codes", "Mode", "Product", "Size", "catalogue"]
