"""Spans of machine time as the settings write them, `400ms`, `4s`, `5m`."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

from portes.contract.bounds import LONGEST_WAIT

_SECONDS_PER: Final = {
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86_400),
}
WRITTEN: Final = {"written": True}
"""The validation context of what a person wrote: a bare number is no duration there, for its unit would be a guess."""

_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d)")


def parse_duration(text: str) -> float:
    """Read `400ms`, `4s`, `1.5h` as seconds. Raises `ValueError` with the fix: a bare number has no unit."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        msg = "a duration is a number and ms, s, m, h or d, such as 400ms"
        raise ValueError(msg)
    return float(Decimal(match[1]) * _SECONDS_PER[match[2]])


def render_duration(seconds: float) -> str:
    """Write seconds in the largest unit that needs no fraction: `400ms`, `90s`, `5m`."""
    exact = Decimal(repr(float(seconds)))
    for unit in ("d", "h", "m", "s"):
        amount = exact / _SECONDS_PER[unit]
        if amount >= 1 and amount == amount.to_integral_value():
            return f"{int(amount)}{unit}"
    return f"{(exact * 1000).normalize():f}ms"


def _read(value: object, info: ValidationInfo) -> float:
    if isinstance(value, str):
        seconds = parse_duration(value)
    elif isinstance(value, bool) or not isinstance(value, int | float) or info.context == WRITTEN:
        msg = 'a duration is text with its unit, such as "400ms"'
        raise ValueError(msg)
    else:
        seconds = float(value)
    if not 0 <= seconds <= LONGEST_WAIT:
        msg = f"is no span from 0s to {render_duration(LONGEST_WAIT)}; write a shorter one"
        raise ValueError(msg)
    return seconds


Duration = Annotated[
    float,
    BeforeValidator(_read),
    PlainSerializer(render_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^{_DURATION.pattern}$", "examples": ["400ms", "4s", "5m"]}),
]
"""A settings field that reads text such as `400ms` and holds seconds; code may give seconds: `= 0.4`.

A file may not: validate what a person wrote with the context `WRITTEN`.
"""
