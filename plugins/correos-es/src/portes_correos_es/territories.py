"""Postal codes as territories: province, island and area; it knows no zone and no price."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from portes.contract import Place


class Area(StrEnum):
    """A territory as tariffs, taxes and customs speak of it."""

    PENINSULA = "peninsula"
    BALEARES = "baleares"
    CANARIAS = "canarias"
    CEUTA = "ceuta"
    MELILLA = "melilla"
    ANDORRA = "andorra"
    PORTUGAL = "portugal"
    PORTUGAL_ISLANDS = "portugal_islands"
    """Madeira and the Azores: tariffs speak of mainland Portugal apart."""
    ABROAD = "abroad"
    """Any other country than these."""


SPANISH: Final = frozenset({Area.PENINSULA, Area.BALEARES, Area.CANARIAS, Area.CEUTA, Area.MELILLA})
BEYOND_CUSTOMS: Final = frozenset({Area.CANARIAS, Area.CEUTA, Area.MELILLA})
"""Parts of Spain that goods enter and leave with customs papers."""
NATIONAL: Final = frozenset({"ES", "AD", "PT"})
"""Countries that Correos's products call national among themselves."""
# fmt: off
EUROPEAN_UNION: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
"""The members since 2020-02-01, without the United Kingdom."""
# fmt: on

_AREAS: Final = {
    "07": Area.BALEARES,
    "35": Area.CANARIAS,
    "38": Area.CANARIAS,
    "51": Area.CEUTA,
    "52": Area.MELILLA,
}
_ISLANDS: Final = {
    "355": "lanzarote",
    "356": "fuerteventura",
    "387": "la_palma",
    "388": "la_gomera",
    "389": "el_hierro",
    "077": "menorca",
    "078": "ibiza",
}
"""By the first three digits; the rest of a province is its main island."""
_MAIN_ISLANDS: Final = {"07": "mallorca", "35": "gran_canaria", "38": "tenerife"}
_FORMENTERA: Final = ("0786", "0787")

ISLANDS: Final = frozenset({*_ISLANDS.values(), *_MAIN_ISLANDS.values(), "formentera"})


@dataclass(frozen=True, slots=True)
class Territory:
    """Where a postal code lies."""

    country: str
    area: Area
    province: str = ""
    """The first two digits of a Spanish postal code; empty elsewhere."""
    island: str = ""
    """The island, in Baleares and Canarias."""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word by which a table may mean this place, the narrowest first."""
        own = self.province or (self.country if self.area not in SPANISH else "")
        return tuple(word for word in (own, self.island, str(self.area)) if word)

    def __str__(self) -> str:
        return self.island or self.province or self.country or str(self.area)

    def shares_province(self, other: "Territory") -> bool:
        """Whether both lie in one Spanish province."""
        return bool(self.province) and self.province == other.province

    def shares_island(self, other: "Territory") -> bool:
        """Whether both lie on one island."""
        return bool(self.island) and self.island == other.island


@lru_cache(maxsize=8192)
def territory(place: Place) -> Territory:
    """The territory of a place, from its country and postal code alone."""
    code = place.postal_code
    if place.country == "ES":
        province = code[:2]
        return Territory("ES", _AREAS.get(province, Area.PENINSULA), province, _island(code))
    if place.country == "AD":
        return Territory("AD", Area.ANDORRA)
    if place.country == "PT":
        # Madeira and the Azores have the codes from 9000
        return Territory("PT", Area.PORTUGAL_ISLANDS if code.startswith("9") else Area.PORTUGAL)
    return Territory(place.country, Area.ABROAD)


def _island(code: str) -> str:
    if code.startswith(_FORMENTERA):
        return "formentera"
    return _ISLANDS.get(code[:3]) or _MAIN_ISLANDS.get(code[:2], "")


# fmt: off
EVERYWHERE: Final = (
    *(territory(Place(country="ES", postal_code=f"{province:02}001")) for province in range(1, 53)),
    *(territory(Place(country="ES", postal_code=code)) for code in (
        "07700", "07800", "07860", "35500", "35600", "38700", "38800", "38900",
    )),
    Territory("AD", Area.ANDORRA), Territory("PT", Area.PORTUGAL), Territory("PT", Area.PORTUGAL_ISLANDS),
)
"""Every territory of the countries that Correos calls national: each province, and each of its islands."""
# fmt: on


def needs_customs(origin: Territory, destination: Territory, *, inside_eu: bool) -> bool:
    """Whether customs papers go with a parcel. `inside_eu`: also between two members of the European Union.

    Canarias, Ceuta and Melilla against everything but themselves (rules of Correos's own shop plugin).
    """
    if origin.shares_province(destination) or {origin.area, destination.area} == {Area.CANARIAS}:
        return False
    if {origin.area, destination.area} & BEYOND_CUSTOMS:
        return True
    if origin.country == destination.country:
        return False
    return inside_eu or not {origin.country, destination.country} <= EUROPEAN_UNION


__all__ = [
    "BEYOND_CUSTOMS", "EVERYWHERE", "ISLANDS", "NATIONAL", "SPANISH", "Area", "Territory", "needs_customs", "territory",
]  # fmt: skip
