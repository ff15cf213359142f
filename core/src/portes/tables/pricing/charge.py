"""What a row of a rate table comes to, exactly.

All amounts are whole minor units; each part is worked out exactly and rounded once.
"""

from typing import Final, NamedTuple

from portes.contract.rounding import Rounding, quotient
from portes.tables.index.table import FoundRow

_PER_KG: Final = 10**6 * 10**6
"""Milligrams per kg times the millionths of `Terms.extra_per_kg`."""
_PERCENT: Final = 100 * 10**6
"""Hundredths times the millionths of `Terms.percent`."""


class Charge(NamedTuple):
    """The parts of a price, in minor units; they add up to it."""

    base: int
    excess_weight: int = 0
    ad_valorem: int = 0
    minimum: int = 0
    """What is missing to the row's minimum."""


class ValueNeededError(ValueError):
    """A row charges a percentage of a declared value that nobody stated; it is never taken for nothing."""


def charge(found: FoundRow, weight: int, value: int | None, rounding: Rounding = "half_up") -> Charge:
    """The charge by a row for whole grams and a declared value (minor units, None when unknown).

    The percentage is never less than its own minimum; the whole never less than the row's.
    Raises `ValueNeededError` when a percentage meets no value.
    """
    terms = found.terms
    over = weight * 1000 - found.extra_from
    excess = quotient(over * terms.extra_per_kg, _PER_KG, rounding) if terms.extra_per_kg and over > 0 else 0
    ad_valorem = terms.percent_minimum
    if terms.percent:
        if value is None:
            msg = "the row charges a percentage of the declared value"
            raise ValueNeededError(msg)
        ad_valorem = max(ad_valorem, quotient(value * terms.percent, _PERCENT, rounding))
    missing = terms.minimum - found.price - excess - ad_valorem
    return Charge(found.price, excess, ad_valorem, max(0, missing))


def percentage(amount: int, percent: int, rounding: Rounding = "half_up") -> int:
    """The part of an amount, in its own units, that millionths of a percent make."""
    return quotient(amount * percent, _PERCENT, rounding)
