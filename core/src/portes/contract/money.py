"""Money as whole minor units of one currency; it knows no price list and no float."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Self

from pydantic import Field

from portes.contract._noun import Noun
from portes.errors import Problem, RequestError, shown

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code: `BRL`, `EUR`."""

# ISO 4217, list one: currencies whose minor unit is not a hundredth.
_EXPONENTS: Final = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)

_SYMBOLS: Final = {"BRL": ("R$",), "EUR": ("€",)}
_PLAIN: Final = re.compile(r"\d+")
_ONE_SEPARATOR: Final = re.compile(r"(\d*)([.,])(\d+)")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:([.,])(\d+))?")


def exponent(currency: str) -> int:
    """Decimal places of a currency's minor unit (ISO 4217): 2 for BRL and EUR."""
    return _EXPONENTS.get(currency, 2)


def parse_number(text: str, *, decimal: str | None = None) -> Decimal:
    """Read a number as price sheets write it: `12.90`, `8,49`, `1.234,56`, `1,234.56`.

    `decimal` names the decimal sign when the source declares it. Without it a lone dot before exactly
    three digits separates thousands, and a lone comma before exactly three digits is refused, because
    both readings are in use. Raises `ValueError` with the reason.
    """
    body = text.strip()
    sign = -1 if body.startswith("-") else 1
    body = body[1:].lstrip() if sign < 0 else body
    plain = _declared(body, decimal) if decimal else _guessed(body)
    return sign * Decimal(plain)


def _declared(body: str, decimal: str) -> str:
    group = "." if decimal == "," else ","
    whole, sign, fraction = body.partition(decimal)
    digits = whole.replace(group, "")
    grouped = group not in whole or re.fullmatch(rf"\d{{1,3}}(\{group}\d{{3}})+", whole)
    if not grouped or not _PLAIN.fullmatch(digits + fraction) or (sign and not fraction):
        msg = f"is not a number with {decimal!r} as its decimal sign"
        raise ValueError(msg)
    return f"{digits or '0'}.{fraction or '0'}"


def _guessed(body: str) -> str:
    if _PLAIN.fullmatch(body):
        return body
    one = _ONE_SEPARATOR.fullmatch(body)
    if one:
        return _one_separator(one[1], one[2], one[3])
    grouped = _GROUPED.fullmatch(body)
    if grouped and grouped[1] != grouped[2]:
        return _declared(body, grouped[2] or ("," if grouped[1] == "." else "."))
    msg = "is not a number"
    raise ValueError(msg)


def _one_separator(whole: str, separator: str, fraction: str) -> str:
    thousands = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0"
    if thousands and separator == ",":
        msg = "may mean thousands or three decimals"
        raise ValueError(msg)
    return whole + fraction if thousands else f"{whole or '0'}.{fraction}"


class Money(Noun):
    """An amount in whole minor units (centavos, cents); adds only to its own kind."""

    minor: Annotated[int, Field(strict=True)]
    currency: Currency

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in a currency."""
        return cls(minor=0, currency=currency)

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Self:
        """Turn an exact decimal amount (`Decimal("12.90")`) into money.

        Raises `RequestError` when the amount has more places than the currency; nothing is rounded.
        """
        scaled = amount.scaleb(exponent(currency))
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise RequestError(_bad(str(amount), f"is no whole number of {currency} minor units", currency))
        return cls(minor=int(scaled), currency=currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Self:
        """Turn a computed decimal amount into money, rounding to the minor unit as told."""
        scaled = amount.scaleb(exponent(currency)).to_integral_value(rounding=rounding)
        return cls(minor=int(scaled), currency=currency)

    @classmethod
    def parse(cls, text: str, currency: str, *, decimal: str | None = None) -> Self:
        """Read an amount as people and price sheets write it: `1.234,56`, `1,234.56`, `R$ 20`, `8,49`.

        `decimal` names the decimal sign when the source declares it; see `parse_number` for what is
        understood without. Raises `RequestError` naming the text and the fix.
        """
        try:
            amount = parse_number(_without_symbol(text, currency), decimal=decimal)
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
        if not isinstance(times, int):
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
        weights = weights if any(weights) else [1] * len(weights)
        shares = [divmod(abs(self.minor) * weight, sum(weights)) for weight in weights]
        left = abs(self.minor) - sum(whole for whole, _ in shares)
        first = sorted(range(len(shares)), key=lambda index: -shares[index][1])[:left]
        extra = set(first)
        sign = -1 if self.minor < 0 else 1
        return tuple(
            Money(minor=sign * (whole + (index in extra)), currency=self.currency)
            for index, (whole, _) in enumerate(shares)
        )


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts of one currency up; nothing adds up to zero."""
    return sum(amounts, start=Money.zero(currency))


def _without_symbol(text: str, currency: str) -> str:
    body = text.strip()
    for mark in (*_SYMBOLS.get(currency, ()), currency):
        if body.startswith(mark):
            return body[len(mark) :]
        if body.endswith(mark):
            return body[: -len(mark)]
    return body


def _bad(text: str, cause: str, currency: str) -> Problem:
    return Problem(where="money", value=shown(text), cause=cause, fix=f"write an amount of {currency} such as 1234.50")
