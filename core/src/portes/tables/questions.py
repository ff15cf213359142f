"""What looks odd about a sound table, as a question to its operator."""

from decimal import Decimal
from typing import Final, Literal

from portes.contract.money import exponent
from portes.tables.index.compiler import Summary
from portes.tables.protocol import IN_KG, Micros, Milligrams

_HEAVIEST_IN_MISTAKE: Final[Milligrams] = 200_000
"""A tariff whose brackets all end at 200 g or below is hardly one in grams."""
_LIGHTEST_IN_MISTAKE: Final[Milligrams] = 5_000_000_000
"""Nor is one that goes on to 5000 kg or above one in kg, as a rule."""


def weight_question(summary: Summary) -> str:
    """The question whether weights are in another unit than they were read in; empty when nothing makes one ask."""
    unit, heaviest = summary.weight_unit, summary.heaviest
    meant = meant_unit(heaviest, unit) if summary.axis == "weight" else None
    ends = f"the heaviest bracket ends at {weight_words(heaviest, unit)}"
    if meant == "kg":
        return f"{ends}: are these kg? If so, {IN_KG}"
    if meant == "g":
        return f'{ends}: are these g? If so, declare weight_unit = "g" (--weight-unit g)'
    return ""


def meant_unit(heaviest: Milligrams, unit: Literal["g", "kg"]) -> Literal["g", "kg"] | None:
    """The unit that weights were rather meant in, by the heaviest border of a table; None where nothing is odd."""
    if unit == "g" and 0 < heaviest <= _HEAVIEST_IN_MISTAKE:
        return "kg"
    if unit == "kg" and heaviest >= _LIGHTEST_IN_MISTAKE:
        return "g"
    return None


def price_words(price: Micros, currency: str) -> str:
    """An amount in words, exactly: `12.90 BRL`, `66.1024 BRL`."""
    places = exponent(currency)
    amount = Decimal(price).scaleb(-6 - places).normalize()
    return f"{max(amount, amount.quantize(Decimal(1).scaleb(-places)), key=_decimals):f} {currency}"


def _decimals(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


def weight_words(weight: Milligrams, unit: Literal["g", "kg"]) -> str:
    """A weight in words, exactly: `30 kg`, `1001.001 g`."""
    whole, rest = divmod(weight, 1_000_000 if unit == "kg" else 1000)
    fraction = f".{rest:0{6 if unit == 'kg' else 3}}".rstrip("0").rstrip(".")
    return f"{whole}{fraction} {unit}"
