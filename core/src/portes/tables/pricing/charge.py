"""What a row of a rate table comes to, exactly.

The parts are whole minor units; each is worked out exactly and rounded once.
"""

from typing import Final, NamedTuple

from portes.contract.rounding import Rounding, quotient
from portes.tables.index.table import FoundRow
from portes.tables.protocol import MICROS, Fee

_PER_KG: Final = 10**6 * MICROS
"""Milligrams per kg times the millionths of `Terms.extra_per_kg`."""
_PERCENT: Final = 100 * 10**6
"""Hundredths times the millionths of `Fee.percent`."""


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
    Raises `ValueNeededError` when a percentage meets no value, and `ValueError` for a fee that is no percentage
    of the value.
    """
    terms = found.terms
    base = quotient(found.price, MICROS, rounding)
    over = weight * 1000 - found.extra_from
    if terms.extra_step:
        over += -over % terms.extra_step
    excess = quotient(over * terms.extra_per_kg, _PER_KG, rounding) if terms.extra_per_kg and over > 0 else 0
    ad_valorem = sum(_of_value(fee, value, rounding) for fee in terms.fees)
    missing = quotient(terms.minimum, MICROS, rounding) - base - excess - ad_valorem
    return Charge(base, excess, ad_valorem, max(0, missing))


def _of_value(fee: Fee, value: int | None, rounding: Rounding) -> int:
    if fee.name != "ad_valorem" or fee.amount:
        msg = f"the fee {fee.name} is no percentage of the declared value"
        raise ValueError(msg)
    least = quotient(fee.least, MICROS, rounding)
    if not fee.percent:
        return least
    if value is None:
        msg = "the row charges a percentage of the declared value"
        raise ValueNeededError(msg)
    return max(least, quotient(value * fee.percent, _PERCENT, rounding))


def percentage(amount: int, percent: int, rounding: Rounding = "half_up") -> int:
    """The part of an amount, in its own units, that millionths of a percent make."""
    return quotient(amount * percent, _PERCENT, rounding)
