"""Amounts, measures, places and durations that people write, held against a second reading."""

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import ClassVar

from fuzzing.door import Door
from fuzzing.odd import odd_text
from fuzzing.readings import number_read, without_symbol
from portes.contract import Dimensions, Money, Place
from portes.contract.durations import parse_duration, render_duration
from portes.contract.measures import parse_length, parse_weight
from portes.errors import RequestError

PLACES = {"BRL": 2, "EUR": 2, "JPY": 0, "KWD": 3}
MOST_MINOR = 10**18
HEAVIEST, LONGEST = 10**13, 2_000_000
"""Grams and millimetres of what is packed."""
PER = {"g": 1, "kg": 1000, "mm": 1, "cm": 10, "m": 1000}
LONGEST_WAIT = 366 * 86_400
SECONDS_PER: Mapping[str, Fraction | int] = {"ms": Fraction(1, 1000), "s": 1, "m": 60, "h": 3600, "d": 86_400}


class MoneyDoor(Door):
    """`Money.parse`, for four currencies and each way of declaring the decimal sign."""

    name: ClassVar[str] = "money"

    def draw(self, draws: Random) -> bytes:
        currency, sign = draws.choice([*PLACES]), draws.choice(("", ".", ","))
        text = odd_text(draws)
        if draws.random() < 0.2:
            text = (
                draws.choice(("", " ", "-", "R$", "€", currency)) + text + draws.choice(("", " ", "R$", currency, "%"))
            )
        return json.dumps([currency, sign, text]).encode()

    def take(self, given: bytes) -> bool:
        try:
            currency, sign, text = json.loads(given)
        except ValueError:
            return False
        wanted = self._wanted(currency, sign, text)
        try:
            read = Money.parse(text, currency, decimal=sign or None)
        except RequestError:
            assert wanted is None, f"refused, and means {wanted}"
            return False
        assert read.minor == wanted, f"{read}, and means {wanted}"
        return True

    @staticmethod
    def _wanted(currency: str, sign: str, text: str) -> Fraction | None:
        amount = number_read(without_symbol(text, currency), sign)
        if amount is None:
            return None
        minor = amount * Fraction(10) ** PLACES[currency]
        if minor.denominator != 1 or abs(minor) > MOST_MINOR:
            return None
        return minor


class MeasuresDoor(Door):
    """Weights, lengths, sizes, places and durations as the command line and the settings take them."""

    name: ClassVar[str] = "measures"

    def draw(self, draws: Random) -> bytes:
        kind = draws.choice(("weight", "length", "size", "place", "duration"))
        space = draws.choice(("", "", " ", "\u00a0"))
        unit = draws.choice((*PER, *SECONDS_PER, "KG", "", "lb"))
        text = {
            "weight": lambda: odd_text(draws) + space + unit,
            "length": lambda: odd_text(draws) + space + unit,
            "size": lambda: draws.choice("xX*").join(odd_text(draws) for _ in range(3)) + space + unit,
            "place": lambda: draws.choice(("BR ", "ES ", "GB ", "PT ", "AD ", "XX ", "US ")) + odd_text(draws),
            "duration": lambda: odd_text(draws) + space + unit,
        }[kind]()
        return json.dumps([kind, text]).encode()

    def take(self, given: bytes) -> bool:
        try:
            kind, text = json.loads(given)
        except ValueError:
            return False
        taken: bool = getattr(self, f"_{kind}")(text)
        return taken

    def _weight(self, text: str) -> bool:
        return _measured(parse_weight, text, ("g", "kg"), HEAVIEST)

    def _length(self, text: str) -> bool:
        return _measured(parse_length, text, ("mm", "cm", "m"), LONGEST)

    def _size(self, text: str) -> bool:
        sides = text.strip().lower().split("x")
        number, unit = _parted(sides[-1])
        wanted = [_whole(side.strip(), unit, ("mm", "cm", "m"), LONGEST) for side in (*sides[:-1], number)]
        try:
            size = Dimensions.parse(text)
        except RequestError:
            assert len(wanted) != 3 or None in wanted, wanted
            return False
        assert [size.length, size.width, size.height] == wanted
        return True

    def _place(self, text: str) -> bool:
        country, _, code = text.partition(" ")
        try:
            place = Place.parse(code, country)
        except RequestError:
            return False
        kept = "".join(sign for sign in code.upper() if sign not in " .-" and not sign.isspace())
        assert place.postal_code == kept
        return True

    def _duration(self, text: str) -> bool:
        number, unit = _parted(text)
        try:
            seconds = parse_duration(text)
        except ValueError:
            return False
        assert "," not in number
        wanted = Fraction(Decimal(number)) * SECONDS_PER[unit]
        if wanted > LONGEST_WAIT:
            return seconds > LONGEST_WAIT  # all that take a duration have a bound, or take it for no bound
        assert math.isclose(seconds, wanted, rel_tol=1e-12), wanted
        assert parse_duration(render_duration(seconds)) == seconds
        return True


def _parted(text: str) -> tuple[str, str]:
    bare = text.strip()
    number = bare.rstrip("".join(sign for sign in set(bare) if sign not in "0123456789.,"))
    return number, bare[len(number) :].strip()


def _whole(number: str, unit: str, units: tuple[str, ...], most: int) -> int | None:
    if unit not in units or not number or number.startswith("-"):
        return None
    amount = number_read(number, "" if "," in number else ".")
    scaled = None if amount is None else math.ceil(amount * PER[unit])
    return scaled if scaled is not None and scaled <= most else None


def _measured(parse: Callable[[str], int], text: str, units: tuple[str, ...], most: int) -> bool:
    wanted = _whole(*_parted(text.lower()), units, most)
    try:
        read = parse(text)
    except RequestError:
        assert wanted is None, f"refused, and means {wanted}"
        return False
    assert read == wanted, f"{read}, and means {wanted}"
    return True
