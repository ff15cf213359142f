"""What looks odd about a sound table, as a question to its operator."""

from typing import Final, Literal

from portes.tables.index.compiler import Summary
from portes.tables.protocol import IN_KG, Milligrams

_HEAVIEST_IN_MISTAKE: Final[Milligrams] = 200_000
"""A tariff whose brackets all end at 200 g or below is hardly one in grams."""
_LIGHTEST_IN_MISTAKE: Final[Milligrams] = 5_000_000_000
"""Nor is one that goes on to 5000 kg or above one in kg, as a rule."""


def weight_question(summary: Summary) -> str:
    """The question whether weights are in another unit than they were read in; empty when nothing makes one ask."""
    if summary.axis != "weight":
        return ""
    unit = summary.weight_unit
    ends = f"the heaviest bracket ends at {weight_words(summary.heaviest, unit)}"
    if unit == "g" and 0 < summary.heaviest <= _HEAVIEST_IN_MISTAKE:
        return f"{ends}: are these kg? If so, {IN_KG}"
    if unit == "kg" and summary.heaviest >= _LIGHTEST_IN_MISTAKE:
        return f'{ends}: are these g? If so, declare weight_unit = "g" (--weight-unit g)'
    return ""


def weight_words(weight: Milligrams, unit: Literal["g", "kg"]) -> str:
    """A weight in words, exactly: `30 kg`, `1001.001 g`."""
    whole, rest = divmod(weight, 1_000_000 if unit == "kg" else 1000)
    fraction = f".{rest:0{6 if unit == 'kg' else 3}}".rstrip("0").rstrip(".")
    return f"{whole}{fraction} {unit}"
