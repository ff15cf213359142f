"""Money as whole minor units of one currency; it knows no price list and no float."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field

from portes.contract.base import Noun, above
from portes.contract.bounds import DEAREST_PARCEL, DEAREST_UNIT, MOST_MONEY
from portes.contract.numbers import AmbiguousNumberError, parse_number
from portes.contract.rounding import Rounding, rounded
from portes.errors import Problem, RequestError

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code: `BRL`, `EUR`."""

JsonAmount = Annotated[Decimal, Field(ge=0, lt=10_000_000_000)]
"""A field for a price that comes as a number of JSON, in major units: the digits as they were written, zero or more.

Such a number is a float for a moment; one of at most 15 digits, as all below ten thousand million with five decimals
are, comes back from it unchanged.
"""

# ISO 4217, list one: currencies whose minor unit is not a hundredth.
_EXPONENTS: Final = dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)

_SYMBOLS: Final = {"BRL": ("R$",), "EUR": ("€",)}
_MAGNITUDE: Final = 28  # powers of ten either side of the point beyond which no amount is meant


def meant_currency(text: str) -> str | None:
    """The code that is meant by a symbol (`R$`), small letters or spaces around; None when that is unknown."""
    bare = text.strip().upper()
    named = next((code for code, symbols in _SYMBOLS.items() if bare in symbols), bare)
    return named if re.fullmatch("[A-Z]{3}", named) else None


def exponent(currency: str) -> int:
    """Decimal places of a currency's minor unit (ISO 4217): 2 for BRL and EUR."""
    return _EXPONENTS.get(currency, 2)


class Money(Noun):
    """An amount in whole minor units (centavos, cents); adds only to its own kind."""

    minor: Annotated[int, Field(strict=True, ge=-MOST_MONEY, le=MOST_MONEY)]
    """Whole minor units of the currency: 1290 is 12.90 in BRL."""
    currency: Currency
    """ISO 4217: `BRL`, `EUR`."""

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in a currency."""
        return cls(minor=0, currency=currency)

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Self:
        """Turn an exact decimal amount (`Decimal("12.90")`) into money.

        Raises `RequestError` when the amount has more places than the currency; nothing is rounded.
        """
        units, rest = _minor_units(amount, exponent(currency))
        if rest:
            raise RequestError(_bad(str(amount), f"is no whole number of {currency} minor units", currency))
        if abs(units) > MOST_MONEY:
            raise RequestError(_bad(str(amount), "is more than any amount comes to", currency))
        return cls(minor=units, currency=currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str, rounding: Rounding = "half_up") -> Self:
        """Turn a computed decimal amount, in major units, into money, rounding to the minor unit as told."""
        return cls(minor=rounded(amount.scaleb(exponent(currency)), rounding), currency=currency)

    @classmethod
    def parse(cls, text: str, currency: str, *, decimal: str | None = None) -> Self:
        """Read an amount as people and price sheets write it: `1.234,56`, `1,234.56`, `R$ 20`, `8,49`.

        `decimal` names the decimal sign when the source declares it; see `parse_number` for what is
        understood without. A percentage, or another currency's symbol, is refused.
        Raises `RequestError` naming the text and the fix.
        """
        try:
            amount = parse_number(without_symbol(text, currency), decimal=decimal)
        except AmbiguousNumberError as doubt:
            fix = f"write an amount of {currency} that means one thing: {doubt.thousands} or {doubt.decimals}"
            raise RequestError(Problem("money", text, str(doubt), fix)) from None
        except ValueError as problem:
            raise RequestError(_bad(text, str(problem), currency)) from None
        return cls.of(amount, currency)

    @property
    def amount(self) -> Decimal:
        """The amount as an exact decimal in major units."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(minor=self.minor + self._same(other), currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(minor=self.minor - self._same(other), currency=self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:  # True is an int too
            return NotImplemented
        return Money(minor=self.minor * times, currency=self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money):
            msg = f"money does not mix with {type(other).__name__}"
            raise TypeError(msg)
        if other.currency != self.currency:
            msg = f"{self.currency} does not mix with {other.currency}"
            raise TypeError(msg)
        return other.minor

    def apportion(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Split exactly by weights, largest remainder first, earlier parts first on a tie.

        The parts always add up to the whole. All weights zero means equal parts.
        Raises `ValueError` for no weights or a negative one.
        """
        if not weights or min(weights) < 0:
            msg = "apportion needs weights, none of them negative"
            raise ValueError(msg)
        sign = -1 if self.minor < 0 else 1
        parts = _largest_remainder(abs(self.minor), weights if any(weights) else [1] * len(weights))
        return tuple(Money(minor=sign * part, currency=self.currency) for part in parts)


def _largest_remainder(whole: int, weights: Sequence[int]) -> list[int]:
    divisor = sum(weights)
    shares = [divmod(whole * weight, divisor) for weight in weights]
    left = whole - sum(share for share, _ in shares)
    rounded_up = set(sorted(range(len(shares)), key=lambda index: -shares[index][1])[:left])
    return [share + (index in rounded_up) for index, (share, _) in enumerate(shares)]


def _worth(most: int) -> AfterValidator:
    """What looks at the bounds of what goods are worth."""

    def bounded(value: Money) -> Money:
        if value.minor < 0:
            msg = f"{value} is below zero; state what one unit is worth, or leave it out"
            raise ValueError(msg)
        return value if value.minor <= most else above(value, {"minor": value.minor}, most)

    return AfterValidator(bounded)


def _not_below_zero(price: Money) -> Money:
    if price.minor < 0:
        msg = f"a price of {price} is below zero"
        raise ValueError(msg)
    return price


UnitValue = Annotated[
    Money,
    _worth(DEAREST_UNIT),
    Field(json_schema_extra={"properties": {"minor": {"minimum": 0, "maximum": DEAREST_UNIT}}}),
]
"""What one unit is worth, for liability; zero or more."""

DeclaredValue = Annotated[
    Money,
    _worth(DEAREST_PARCEL),
    Field(json_schema_extra={"properties": {"minor": {"minimum": 0, "maximum": DEAREST_PARCEL}}}),
]
"""What goods are worth, for liability; zero or more."""

Price = Annotated[Money, AfterValidator(_not_below_zero)]
"""What a shopper pays; zero or more."""


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts of one currency up; nothing adds up to zero."""
    return sum(amounts, start=Money.zero(currency))


def _minor_units(amount: Decimal, places: int) -> tuple[int, int]:
    """Whole minor units, and what is left over; all of it is left over when the amount is beyond reason."""
    if not amount.is_finite() or abs(amount.adjusted()) > _MAGNITUDE:
        return 0, 1
    numerator, denominator = amount.as_integer_ratio()
    scaled: int = numerator * 10**places
    return divmod(scaled, denominator)


def without_symbol(text: str, currency: str) -> str:
    """Take the currency's symbol or code off one end of an amount; a minus before it stays."""
    body = text.strip()
    sign, bare = ("-", body[1:].lstrip()) if body.startswith("-") else ("", body)
    for mark in (*_SYMBOLS.get(currency, ()), currency):
        if bare.startswith(mark):
            return sign + bare[len(mark) :].lstrip()
        if bare.endswith(mark):
            return sign + bare[: -len(mark)]
    return body


def _bad(text: str, cause: str, currency: str) -> Problem:
    return Problem(where="money", value=text, cause=cause, fix=f"write an amount of {currency} such as 1234.50")


__all__ = [
    "Currency",
    "DeclaredValue",
    "JsonAmount",
    "Money",
    "Price",
    "UnitValue",
    "exponent",
    "meant_currency",
    "total",
    "without_symbol",
]
