"""Outlines of states and provinces as paths of SVG; outlines/SOURCES.md says whose they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_FILES: Final = {"BR": "brazil.json", "ES": "spain.json"}
_CREDITS: Final = {
    "BR": "Map: MapSVG, Victor Cazanave (CC BY 4.0), simplified.",
    "ES": "Map derived from © Instituto Geográfico Nacional (CC BY 4.0), es-atlas, simplified.",
}


@dataclass(frozen=True, slots=True)
class CountryOutline:
    """A map of a country."""

    view: str
    """The view box: left, top, width and height."""
    shapes: Mapping[str, str]
    """By the code of a state, the data of its path."""
    labels: Mapping[str, tuple[int, int]]
    """By the same, where its code may stand."""
    frame: str
    """A line around islands that were moved; empty where none were."""
    credit: str
    """What has to stand beside the map wherever it is shown."""


@cache
def country_outline(country: str) -> CountryOutline | None:
    """The map of a country; None for one that we have no map of."""
    if country not in _FILES:
        return None
    told = json.loads(files(__package__).joinpath("outlines", _FILES[country]).read_text(encoding="utf-8"))
    labels = {code: (x, y) for code, (x, y) in told["labels"].items()}
    return CountryOutline(told["view"], told["shapes"], labels, told["frame"], _CREDITS[country])
