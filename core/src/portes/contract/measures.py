"""Weights in grams and lengths in millimetres, always whole numbers; it knows no parcel."""

import re
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Final, Self

from portes.contract._noun import Natural, Noun, Positive
from portes.errors import Problem, RequestError, shown

Grams = Natural
Millimetres = Natural
CubicMillimetres = Natural

_GRAMS_PER: Final = {"g": Decimal(1), "kg": Decimal(1000)}
_MILLIMETRES_PER: Final = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)}
_MEASURE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)\s*([a-z]+)")


def whole(amount: Decimal) -> int:
    """Round a measure up to the next whole unit: what is sent must never be understated."""
    return int(amount.to_integral_value(rounding=ROUND_CEILING))


def parse_weight(text: str) -> int:
    """Read `0.5kg` or `500 g` as grams, rounded up. Raises `RequestError` naming the text and the fix."""
    return _measure(text, _GRAMS_PER, "weight", "write a number and g or kg, such as 0.5kg")


def parse_length(text: str) -> int:
    """Read `25cm`, `250 mm` or `0.25m` as millimetres, rounded up. Raises `RequestError`."""
    return _measure(text, _MILLIMETRES_PER, "length", "write a number and mm, cm or m, such as 25cm")


def _measure(text: str, units: dict[str, Decimal], where: str, fix: str) -> int:
    match = _MEASURE.fullmatch(text.strip().lower())
    if match is None or match[2] not in units:
        raise RequestError(Problem(where=where, value=shown(text), cause=f"is not a {where} with its unit", fix=fix))
    return whole(Decimal(match[1]) * units[match[2]])


class Dimensions(Noun):
    """The sides of a box, in millimetres."""

    length: Millimetres
    width: Millimetres
    height: Millimetres

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `10x10x25cm` (length, width, height and one unit). Raises `RequestError`."""
        match = _SIZE.fullmatch(text.strip().lower())
        if match is None or match[4] not in _MILLIMETRES_PER:
            fix = "write length x width x height and one unit, such as 10x10x25cm"
            raise RequestError(Problem(where="size", value=shown(text), cause="is not a size", fix=fix))
        length, width, height = (whole(Decimal(side) * _MILLIMETRES_PER[match[4]]) for side in match.group(1, 2, 3))
        return cls(length=length, width=width, height=height)

    @property
    def volume(self) -> int:
        """Cubic millimetres."""
        return self.length * self.width * self.height

    @cached_property
    def sides(self) -> tuple[int, int, int]:
        """The sides, longest first."""
        longest, middle, shortest = sorted((self.length, self.width, self.height), reverse=True)
        return longest, middle, shortest


class ParcelLimits(Noun):
    """The largest parcel a carrier takes, by its published rules; None where it sets no limit."""

    weight: Positive | None = None
    """Grams."""
    longest_side: Positive | None = None
    """Millimetres."""
    sides_sum: Positive | None = None
    """Length + width + height, in millimetres."""
    volume: Positive | None = None
    """Cubic millimetres."""


def cubic_weight(volume: int, kg_per_m3: Decimal) -> int:
    """Grams that a volume (mm³) is charged as under a cubic factor (kg per m³), rounded up.

    For a divisor in cm³ per kg (5000, 6000) see `cubic_weight_by_divisor`: the factor would be a fraction.
    """
    return whole(volume * kg_per_m3 / 1_000_000)


def cubic_weight_by_divisor(volume: int, cm3_per_kg: int) -> int:
    """Grams that a volume (mm³) is charged as under a divisor (cm³ per kg: 5000, 6000), exact, rounded up."""
    return -(-volume // cm3_per_kg)

