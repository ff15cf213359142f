"""What every noun of the contract shares: frozen and strict."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, NoReturn, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import InitErrorDetails, ValidationError

from portes.contract.bounds import LARGEST_ID, LARGEST_WHOLE, LONGEST_NAME, LONGEST_WAIT, LONGEST_WORDS, MOST_DAYS
from portes.errors import cut

Natural = Annotated[int, Field(strict=True, ge=0, le=LARGEST_WHOLE)]
"""A whole number, zero or more; neither text nor a float nor a truth value passes."""

Positive = Annotated[int, Field(strict=True, ge=1, le=LARGEST_WHOLE)]
"""A whole number, one or more."""

ShopNumber = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
"""The number that a shop gives something of its own, from 1; marketplaces are told it."""

Days = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]
"""Business days that a shop adds; more than a year of them is a mistake, and leads beyond the years calendars know."""

Seconds = Annotated[int, Field(strict=True, ge=0, le=LONGEST_WAIT)]
"""Whole seconds of a wait or an age, a year at most."""

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
"""A short text that is not empty."""

ShortText = Annotated[str, Field(max_length=LONGEST_NAME)]
"""A short text that may be empty."""


Words = Annotated[
    str,
    Field(max_length=LONGEST_WORDS),
    BeforeValidator(lambda text: cut(text, LONGEST_WORDS) if isinstance(text, str) else text),
]
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

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed and not validated, as pydantic makes it, in a quarter of the time.

        Rules change the price of every offer, so that each quote makes a few.
        """
        if deep or not update or self.__pydantic_private__ is not None:
            return super().model_copy(update=update, deep=deep)
        made = type(self).__new__(type(self))
        object.__setattr__(made, "__dict__", {**self.__dict__, **update})
        object.__setattr__(made, "__pydantic_fields_set__", self.__pydantic_fields_set__ | update.keys())
        object.__setattr__(made, "__pydantic_extra__", None)  # a noun has none
        object.__setattr__(made, "__pydantic_private__", None)
        return made


def above(noun: Noun, numbers: Mapping[str, int], most: int) -> NoReturn:
    """Raise the `ValidationError` of each number, by its field of a noun, that is above a bound of the place it is in.

    Raised in a validator of that place, it names the field inside the noun, as if the noun itself had the bound.
    """
    found = [
        InitErrorDetails(type="less_than_equal", loc=(field,), input=number, ctx={"le": most})
        for field, number in numbers.items()
        if number > most
    ]
    raise ValidationError.from_exception_data(type(noun).__name__, found)
