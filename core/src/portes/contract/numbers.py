"""Numbers as people and price sheets write them; it knows neither a currency nor a unit."""

import re
from decimal import Decimal
from typing import Final

_LONGEST: Final = 28  # the digits that decimal arithmetic keeps; no price or weight comes near
_PLAIN: Final = re.compile(r"[0-9]+")
_ONE_SEPARATOR: Final = re.compile(r"([0-9]*)([.,])([0-9]+)")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]+))?")
_FIRST_GROUP: Final = re.compile(r"[1-9][0-9]{0,2}")


class AmbiguousNumberError(ValueError):
    """A number whose one separator may part thousands or decimals, and both readings in digits that are clear."""

    def __init__(self, whole: str, separator: str, fraction: str) -> None:
        super().__init__("may mean thousands or three decimals")
        self.separator = separator
        self.thousands = f"{whole}{fraction}"
        """The number when the separator parts thousands: `129900`."""
        self.decimals = f"{whole}.{fraction[:2]}{fraction[2:].rstrip('0')}"
        """The number when it is the decimal sign: `129.90`."""


def parse_number(text: str, *, decimal: str | None = None) -> Decimal:
    """Read a number as price sheets write it: `12.90`, `8,49`, `1.234,56`, `1,234.56`.

    `decimal` names the decimal sign (`.` or `,`) when the source declares it. Without it a single dot or
    comma before exactly three digits is refused (`129.900`), because both readings are in use.
    Raises `ValueError` with the reason, `AmbiguousNumberError` for such a one.
    """
    body = text.strip()
    sign = -1 if body.startswith("-") else 1
    body = body[1:].lstrip() if sign < 0 else body
    if len(body) > _LONGEST:
        msg = f"is longer than the {_LONGEST} characters of any number in use"
        raise ValueError(msg)
    return sign * Decimal(_declared(body, decimal) if decimal else _guessed(body))


def _declared(body: str, decimal: str) -> str:
    group = "." if decimal == "," else ","
    whole, sign, fraction = body.partition(decimal)
    digits = whole.replace(group, "")
    grouped = group not in whole or re.fullmatch(rf"[1-9][0-9]{{0,2}}(\{group}[0-9]{{3}})+", whole)
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
    msg = "is a percentage" if body.endswith("%") else "is not a number"
    raise ValueError(msg)


def _one_separator(whole: str, separator: str, fraction: str) -> str:
    if len(fraction) == 3 and _FIRST_GROUP.fullmatch(whole):
        raise AmbiguousNumberError(whole, separator, fraction)
    return f"{whole or '0'}.{fraction}"
