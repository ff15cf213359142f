"""Amounts and percentages as the settings of rules write them: exact, never a float."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from portes.contract import Money
from portes.contract.money import exponent
from portes.contract.numbers import AmbiguousNumberError, parse_number
from portes.errors import Problem, RequestError, SettingsError

_THOUSANDS: Final = 3
_MOST: Final = 10_000_000_000
"""Of an amount in major units: what JSON prices of carriers may be too; a thousandth of the most that money holds."""
_MOST_PERCENT: Final = 1_000
_AMOUNT_FIX: Final = 'write an amount in quotes with a dot before its fraction, such as "3.00"'
_PERCENT_FIX: Final = 'write digits, or a number in quotes with a dot before its fraction, such as 5 or "2.5"'


def _amount(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError(f"is not an amount in quotes; {_AMOUNT_FIX}")  # noqa: TRY004 — pydantic collects no TypeError
    return _number(value, _AMOUNT_FIX)


def _percent(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, str):
        raise ValueError(f"is not an exact percentage; {_PERCENT_FIX}")  # noqa: TRY004 — pydantic collects no TypeError
    return _number(value, _PERCENT_FIX)


def _number(text: str, fix: str) -> Decimal:
    try:
        if "." not in text:
            parse_number(text)  # `1,500`, for many the way to write 1.5
        return parse_number(text, decimal=".")
    except AmbiguousNumberError as doubt:
        sign = "-" if text.strip().startswith("-") else ""
        raise ValueError(f'{doubt}; write "{sign}{doubt.decimals}" or "{sign}{doubt.thousands}"') from None
    except ValueError as problem:
        raise ValueError(f"{problem}; {fix}") from None


Amount = Annotated[Decimal, Field(max_digits=15, ge=-_MOST, le=_MOST), BeforeValidator(_amount)]
"""A settings field that reads money of the store's currency from text: `"3.00"`, `"1,234.56"`."""

Percent = Annotated[Decimal, Field(max_digits=9, ge=-_MOST_PERCENT, le=_MOST_PERCENT), BeforeValidator(_percent)]
"""A settings field that reads a percentage: `5`, `"2.5"`, `"-10"`."""


def _doubt(key: str, amount: Decimal, currency: str) -> Problem:
    """The problem of `"1.500"`, where the dot may have been meant to part thousands."""
    places = exponent(currency)
    cause = f"has three decimals, and {currency} has {places}"
    readings = f'"{amount:.{places}f}" or "{amount.scaleb(_THOUSANDS):.{places}f}"'
    return Problem(key, str(amount), cause, f"write {readings}")


def minor_units(amounts: Mapping[str, Decimal], currency: str) -> dict[str, int]:
    """Turn amounts, by their key in the settings, into whole minor units.

    Raises `SettingsError` naming every amount that has more places than the currency, zeros too: `1.500` may have been
    meant as thousands.
    """
    minor: dict[str, int] = {}
    problems: list[Problem] = []
    for key, amount in amounts.items():
        try:
            minor[key] = Money.of(amount, currency).minor
        except RequestError as error:
            problems += [Problem(key, found.value, found.cause, found.fix) for found in error.problems]
        if key in minor and amount.as_tuple().exponent == -_THOUSANDS and exponent(currency) < _THOUSANDS:
            problems.append(_doubt(key, amount, currency))
    if problems:
        raise SettingsError(problems)
    return minor
