"""Options of `portes contingency build` as people write them: amounts, weights, spans; told by their option's name."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import click

T = TypeVar("T")

_GRAMS = 1000


def read_with(read: Callable[[str], T]) -> Callable[[click.Context, click.Parameter, str | None], T | None]:
    """A callback that reads an option's text; what cannot be read is told with the option's name."""

    def callback(_context: click.Context, _option: click.Parameter, text: str | None) -> T | None:
        try:
            return None if text is None else read(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return callback


def decimal_between(low: int, high: int) -> Callable[[str], Decimal]:
    """Reads a number with a dot before its fraction, within two bounds."""

    def read(text: str) -> Decimal:
        from portes.contract.numbers import parse_number

        number = parse_number(text, decimal=".")
        if not low <= number <= high:
            raise ValueError(f"is no number from {low} to {high}")
        return number

    return read


def grams_per_cubic_metre(text: str) -> int:
    """Read kilograms per cubic metre, such as 200 or 166.667."""
    return int(decimal_between(0, 30_000)(text) * _GRAMS)


def density(text: str) -> int:
    """Read kilograms per cubic metre of goods, such as 200, as grams; a cubic metre of air weighs more than one."""
    return int(decimal_between(1, 30_000)(text) * _GRAMS)


def borders(text: str) -> tuple[int, ...]:
    """Read upper borders of brackets in kilograms, such as 0.3,0.5,1, as grams."""
    grams = []
    for part in text.split(","):
        border = decimal_between(0, 100_000)(part.strip()) * _GRAMS
        if border != int(border):
            raise ValueError(f"{part.strip()} kg is no whole number of grams")
        grams.append(int(border))
    return tuple(grams)


def seconds(text: str) -> int:
    """Read a span such as 30d or 12h as seconds."""
    from portes.contract.durations import parse_duration

    return int(parse_duration(text))


def words(text: str) -> tuple[str, ...]:
    """Read words that stand apart by commas."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        raise ValueError("names nothing")
    return found


def minor_units(option: str, text: str | None, currency: str) -> int | None:
    """An amount of the store's currency in minor units. Raises `click.BadParameter` for what is none."""
    from portes.contract import Money
    from portes.errors import RequestError

    if text is None:
        return None
    try:
        minor = Money.parse(text, currency).minor
    except RequestError as error:
        raise click.BadParameter(str(error), param_hint=option) from None
    if minor < 0:
        raise click.BadParameter("is below zero", param_hint=option)
    return minor
