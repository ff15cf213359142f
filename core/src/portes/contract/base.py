"""What every noun of the contract shares: frozen and strict."""

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Natural = Annotated[int, Field(strict=True, ge=0)]
"""A whole number, zero or more; neither text nor a float nor a truth value passes."""

Positive = Annotated[int, Field(strict=True, ge=1)]
"""A whole number, one or more."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
"""A short text that is not empty."""


Truth = Annotated[bool, Field(strict=True)]
"""True or false; neither 1 nor "yes" passes."""


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        msg = "a number is no date and no time of day"
        raise ValueError(msg)  # noqa: TRY004 — pydantic reports a ValueError with the field's name, a TypeError escapes
    return value


Day = Annotated[date, BeforeValidator(_no_number)]
"""A date or its ISO text; a number, which pydantic would take for a Unix time, is refused."""

TimeOfDay = Annotated[time, BeforeValidator(_no_number)]
"""A time of day or its ISO text; a number, which pydantic would take for seconds, is refused."""


class Noun(BaseModel):
    """Base of the contract: immutable, and an unknown field is an error at the door."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
