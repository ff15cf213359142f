"""Units that measures cannot be meant in: what is implausible of goods, and in which other units it would not be.

A platform that says metres and sends centimetres asks for parcels a million times too large. Nothing is reinterpreted
here: what is implausible is told, with the units that would explain it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from portes.channels.reading import whole_up

WeightUnit = Literal["kg", "g"]
SideUnit = Literal["m", "cm", "mm"]

LONGEST_PLAUSIBLE: Final = 6.0
"""Metres of a side: bars and pipes are sold in six metres, and nothing longer is sold by parcel."""
LIGHTEST_PLAUSIBLE: Final = 1.0
"""Kilograms in a cubic metre: an empty carton of that size weighs more."""
DENSEST_PLAUSIBLE: Final = 25_000.0
"""Kilograms in a cubic metre: osmium, the densest material there is, has 22,590."""

_GRAMS: Final[Mapping[str, int]] = {"kg": 1000, "g": 1}
_MILLIMETRES: Final[Mapping[str, int]] = {"m": 1000, "cm": 10, "mm": 1}


class Units(NamedTuple):
    """In which units a call tells the weight and the sides of one unit."""

    weight: WeightUnit
    side: SideUnit

    @property
    def grams(self) -> int:
        """How many grams one unit of weight is."""
        return _GRAMS[self.weight]

    @property
    def millimetres(self) -> int:
        """How many millimetres one unit of a side is."""
        return _MILLIMETRES[self.side]

    def line(self, weight: float | None, sides: Sequence[float | None]) -> dict[str, Any]:
        """Weight in grams and size in millimetres, rounded up, of a line of a question; what is not told is None.

        `sides` are length, width and height; a size of which one is not told is None.
        """
        told = [side for side in sides if side is not None]
        named = zip(("length", "width", "height"), told, strict=len(told) == 3)
        size = {name: whole_up(side, self.millimetres) for name, side in named} if len(told) == 3 else None
        return {"weight": None if weight is None else whole_up(weight, self.grams), "size": size}


class UnitFault(NamedTuple):
    """One thing about goods that is implausible in some units."""

    words: str
    too_dense: bool = False
    """Whether it is that alone; a price by weight stays right then, while sides too long make an absurd one."""


def doubt_about_units(
    goods: Mapping[str, tuple[float | None, Sequence[float | None]]], units: Units, others: Sequence[Units]
) -> str:
    """What is implausible of goods in these units, and which of the `others` explain all of them; empty if nothing is.

    `goods` are weight and sides of one unit each, by what the platform calls its place, `volumes.0`. Goods that are too
    dense, whatever the units, are taken as they are: a side of a centimetre often stands for one that nobody measured.
    """
    faults = [*_faults(goods, units)]
    if not faults:
        return ""
    better = [other for other in others if not any(_faults(goods, other))]
    if better:
        fix = " or ".join([_settings(other, units) for other in better])
        return f"{faults[0].words}; all would be plausible with {fix}: find out what the marketplace sends"
    words = next((fault.words for fault in faults if not fault.too_dense), "")
    return words and f"{words}, and no other unit explains it: look at the measures that the marketplace has of it"


def _settings(other: Units, units: Units) -> str:
    names = {"weight_unit": (other.weight, units.weight), "side_unit": (other.side, units.side)}
    return " and ".join([f'{name} = "{wanted}"' for name, (wanted, now) in names.items() if wanted != now])


def _faults(goods: Mapping[str, tuple[float | None, Sequence[float | None]]], units: Units) -> Iterator[UnitFault]:
    for place, (weight, sides) in goods.items():
        metres = [side * units.millimetres / 1000 for side in sides if side]
        longest = max(metres, default=0.0)
        if longest > LONGEST_PLAUSIBLE:
            yield UnitFault(f"{place} has a side of {longest:g} m, read in {units.side}")
        elif weight and len(metres) == 3:
            kilograms, volume = weight * units.grams / 1000, metres[0] * metres[1] * metres[2]
            told = f"{place} weighs {kilograms:g} kg in {volume:.3g} m³, read in {units.weight} and {units.side}"
            if kilograms < volume * LIGHTEST_PLAUSIBLE:
                yield UnitFault(told)
            elif kilograms > volume * DENSEST_PLAUSIBLE:
                yield UnitFault(told, too_dense=True)
