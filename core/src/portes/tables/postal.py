"""Postal codes as tables write them, and as numbers that sort like them."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from portes.contract import Place
from portes.errors import RequestError

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class PostalForm(NamedTuple):
    """How the codes of a country become numbers: padded to one width, read in one base."""

    width: int
    base: int

    @property
    def size(self) -> int:
        """One more than the largest number a code can have."""
        return int(self.base**self.width)

    def low(self, code: str) -> int:
        """Number of a code, or of the first code that starts with a prefix."""
        return int(code.ljust(self.width, "0"), self.base)

    def high(self, code: str) -> int:
        """Number of a code, or of the last code that starts with a prefix."""
        return int(code.ljust(self.width, _DIGITS[self.base - 1]), self.base)

    def text(self, number: int) -> str:
        """The code that a number stands for, padded."""
        digits = []
        for _ in range(self.width):
            number, digit = divmod(number, self.base)
            digits.append(_DIGITS[digit])
        return "".join(reversed(digits))


_FIXED: Final = {"BR": PostalForm(8, 10), "ES": PostalForm(5, 10)}
_FORMS: Final = {**_FIXED, "PT": PostalForm(7, 10)}
_ANY: Final = PostalForm(10, 36)

# 01310-100, 01.310-100, 01310 100, 01310100, and each as a spreadsheet leaves it: 1310-100, 1310100, 1310100.0
_WRITTEN: Final = {
    "BR": re.compile(r"(\d{1,2})[.\s]?(\d{3})[-\s]?(\d{3})(?:(?<=\d{7})\.0+)?", re.ASCII),
    "ES": re.compile(r"(\d{1,2})[.\s]?(\d{3})(?:(?<=\d{4})\.0+)?", re.ASCII),
}


def postal_form(country: str) -> PostalForm:
    """The form in which a country's codes sort."""
    return _FORMS.get(country, _ANY)


def postal_keys(country: str) -> tuple[Callable[[str], int], Callable[[str], int]]:
    """Two quick functions from a canonical code (as in `Place`) to its number: as the first and the last of a range.

    They differ where a code may be a prefix.
    """
    form = postal_form(country)
    return (int, int) if country in _FIXED else (form.low, form.high)


def read_postal_code(text: str, country: str) -> str:
    """The canonical text of a code as a table writes it; a leading zero that a spreadsheet dropped is put back.

    Where the country has no fixed form, a prefix passes too. Raises `ValueError` with the cause.
    """
    written = _WRITTEN.get(country)
    if written is None:
        return _other(text, country)
    if len(text) == _FIXED[country].width and text.isdecimal() and text.isascii():
        return text  # already canonical; large tables have millions of them
    match = written.fullmatch(text.strip())
    if match is None:
        msg = f"is no postal code of {country}"
        raise ValueError(msg)
    return "".join(match.groups()).rjust(_FIXED[country].width, "0")


def _other(text: str, country: str) -> str:
    try:
        return Place.parse(text, country).postal_code
    except RequestError as error:
        raise ValueError(error.problems[0].cause) from None
