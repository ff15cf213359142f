"""What every noun of the contract shares: frozen and strict."""

from datetime import date, time
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from portes.errors import cut

MOST_WORDS: Final = 600
"""Characters of a carrier's own words that a noun holds; what a plugin adds to 300 of them finds room beside."""

Natural = Annotated[int, Field(strict=True, ge=0)]
"""A whole number, zero or more; neither text nor a float nor a truth value passes."""

Positive = Annotated[int, Field(strict=True, ge=1)]
"""A whole number, one or more."""

Days = Annotated[Natural, Field(le=365)]
"""Business days that a shop adds; more than a year of them is a mistake, and leads beyond the years calendars know."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
"""A short text that is not empty."""


Words = Annotated[str, AfterValidator(lambda text: cut(text, MOST_WORDS))]
"""A carrier's own words, or a hint: what is longer is cut, so that no memory, reply or receipt grows by it."""

Truth = Annotated[bool, Field(strict=True)]
"""True or false; neither 1 nor "yes" passes."""


def _no_number(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit()):
        msg = "a number is no date and no time of day"
        raise ValueError(msg)
    return value


def _local(value: time) -> time:
    if value.tzinfo is not None:
        msg = 'has a time zone; write the local time alone, such as "14:00"'
        raise ValueError(msg)
    return value


Day = Annotated[date, BeforeValidator(_no_number)]
"""A date or its ISO text; a number, which pydantic would take for a Unix time, is refused."""

TimeOfDay = Annotated[time, BeforeValidator(_no_number), AfterValidator(_local)]
"""A local time of day or its ISO text; a number, which pydantic would take for seconds, and a zone are refused."""


class Noun(BaseModel):
    """Base of the contract: immutable, and an unknown field is an error at the door."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
