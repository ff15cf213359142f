"""Weights in grams and lengths in millimetres, always whole numbers, rounded up: what is sent is never understated."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import Field

from portes.contract.base import Noun
from portes.contract.bounds import HEAVIEST_PARCEL, HEAVIEST_UNIT, LARGEST_VOLUME, LONGEST_BOX
from portes.contract.numbers import parse_number
from portes.contract.rounding import quotient, rounded
from portes.errors import Problem, RequestError

UnitGrams = Annotated[int, Field(strict=True, ge=0, le=HEAVIEST_UNIT)]
"""The weight of one unit of a thing sold."""

Grams = Annotated[int, Field(strict=True, ge=0, le=HEAVIEST_PARCEL)]
"""The weight of what is packed."""

Millimetres = Annotated[int, Field(strict=True, ge=0, le=LONGEST_BOX)]
CubicMillimetres = Annotated[int, Field(strict=True, ge=0, le=LARGEST_VOLUME)]

_GRAMS_PER: Final = {"g": Decimal(1), "kg": Decimal(1000)}
_MILLIMETRES_PER: Final = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)}
_MEASURE: Final = re.compile(r"([0-9.,]+)\s*([a-z]+)")
_SIZE: Final = re.compile(r"([0-9.,]+)\s*x\s*([0-9.,]+)\s*x\s*([0-9.,]+)\s*([a-z]+)")


def parse_weight(text: str) -> int:
    """Read `0.5kg`, `0,5 kg` or `500 g` as grams, rounded up; a lone dot is the decimal sign.

    Raises `RequestError` naming the text and the fix.
    """
    return _measure(text, _GRAMS_PER, "weight", HEAVIEST_PARCEL, "write a number and g or kg, such as 0.5kg")


def parse_length(text: str) -> int:
    """Read `25cm`, `250 mm` or `0.25m` as millimetres, rounded up. Raises `RequestError`."""
    return _measure(text, _MILLIMETRES_PER, "length", LONGEST_BOX, "write a number and mm, cm or m, such as 25cm")


def _measure(text: str, units: dict[str, Decimal], where: str, most: int, fix: str) -> int:
    match = _MEASURE.fullmatch(text.strip().lower())
    if match is None or match[2] not in units:
        raise RequestError(Problem(where, text, f"is not a {where} with its unit", fix))
    return _scaled(match[1], units[match[2]], most, Problem(where, text, "", fix))


def _scaled(number: str, unit: Decimal, most: int, problem: Problem) -> int:
    try:
        scaled = rounded(parse_number(number, decimal=None if "," in number else ".") * unit, "up")
    except ValueError as reason:
        raise RequestError(replace(problem, cause=str(reason))) from None
    if scaled > most:
        raise RequestError(replace(problem, cause="is more than anything carried"))
    return scaled


class Dimensions(Noun):
    """The sides of a box, in millimetres."""

    length: Millimetres
    width: Millimetres
    height: Millimetres

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `10x10x25cm` (length, width, height and one unit). Raises `RequestError`."""
        fix = "write length x width x height and one unit, such as 10x10x25cm"
        match = _SIZE.fullmatch(text.strip().lower())
        if match is None or match[4] not in _MILLIMETRES_PER:
            raise RequestError(Problem("size", text, "is not a size", fix))
        problem = Problem("size", text, "", fix)
        sides = (_scaled(side, _MILLIMETRES_PER[match[4]], LONGEST_BOX, problem) for side in match.group(1, 2, 3))
        return cls(**dict(zip(("length", "width", "height"), sides, strict=True)))

    @property
    def volume(self) -> int:
        """The product of the three sides, in cubic millimetres."""
        return self.length * self.width * self.height

    @property
    def sides(self) -> tuple[int, int, int]:
        """The three sides in millimetres, longest first."""
        longest, middle, shortest = sorted((self.length, self.width, self.height), reverse=True)
        return longest, middle, shortest


def cubic_weight(volume: int, kg_per_m3: Decimal) -> int:
    """Grams that a volume (mm³) is charged as under a cubic factor (kg per m³), rounded up.

    For a divisor in cm³ per kg (5000, 6000) see `cubic_weight_by_divisor`: the factor would be a fraction.
    """
    grams, per = kg_per_m3.as_integer_ratio()  # a product of decimals would be cut to 28 digits
    return quotient(volume * grams, per * 1_000_000, "up")


def cubic_weight_by_divisor(volume: int, cm3_per_kg: int) -> int:
    """Grams that a volume (mm³) is charged as under a divisor (cm³ per kg: 5000, 6000), exact, rounded up."""
    return quotient(volume, cm3_per_kg, "up")


@dataclass(frozen=True, slots=True)
class CubicRule:
    """How a carrier bills a parcel's size: by the larger of its weight and its volume through a divisor."""

    divisor: int
    """Cubic centimetres that count as a kilogram: 6000, say."""
    exempt: int = 0
    """Grams of cubic weight up to which the scale alone counts."""
    exempt_weight: int = 0
    """Grams on the scale up to which it alone counts."""
    times: int = 1
    """So many kilograms and not one, where a factor makes no whole divisor."""

    @classmethod
    def by_factor(cls, kg_per_m3: Decimal, exempt_weight: int = 0) -> Self:
        """The rule of a factor in kg per m³, 300 say, exact."""
        times, per = kg_per_m3.as_integer_ratio()
        return cls(per * 1_000_000, exempt_weight=exempt_weight, times=times)

    def billed(self, weight: int, volume: int) -> int:
        """Grams that are billed of a parcel of so many grams and mm³."""
        cubic = cubic_weight_by_divisor(volume * self.times, self.divisor)
        return weight if cubic <= self.exempt or weight <= self.exempt_weight else max(weight, cubic)
