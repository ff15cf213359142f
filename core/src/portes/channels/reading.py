"""What channels share when they read: JSON into a model, decimals into whole units."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    RootModel,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, to_json

from portes.channels.problems import renamed
from portes.contract import Money, Place, QuoteRequest
from portes.contract.bounds import LONGEST_NAME
from portes.contract.countries import country_named
from portes.contract.money import exponent
from portes.contract.postal import postal_form
from portes.contract.rounding import quotient, rounded
from portes.errors import Problem, RequestError, TooMuchError, shown

_MOST_PROBLEMS: Final = 50
_LONGEST_CODE: Final = 20
_CAUSES: Final = {"missing": "is missing", "extra_forbidden": "is no field of this question"}

_Model = TypeVar("_Model", bound=BaseModel)
_Value = TypeVar("_Value")
_Reply = TypeVar("_Reply", bound="ReplyModel")


class WireModel(BaseModel):
    """Base of what a platform sends: fields that nothing depends on are not read, and no number is infinite."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ReplyModel(BaseModel):
    """Base of what a platform is told: exactly the fields that its page has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def to_json(self) -> bytes:
        """The bytes that are sent; what is None is left out of them."""
        return to_json(self, exclude_none=True, by_alias=True)


class ReplyList(RootModel[list[_Reply]], Generic[_Reply]):
    """Base of what a platform is told as a bare array of JSON."""

    model_config = ConfigDict(strict=True)

    def to_json(self) -> bytes:
        """The bytes that are sent; what is None is left out of them."""
        return to_json(self, exclude_none=True, by_alias=True)


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _not_empty(values: tuple[_Value, ...]) -> tuple[_Value, ...]:
    # no min_length: pydantic counts only the good ones, and would call a list of one bad one too short as well
    if not values:
        msg = "holds none, and at least one is needed"
        raise ValueError(msg)
    return values


OneOrMore = Annotated[tuple[_Value, ...], BeforeValidator(_listed), AfterValidator(_not_empty)]
"""A setting that takes a list, or one value where a list of one is meant."""


def _sent_code(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _LONGEST_CODE:
        msg = f"is no postal code; write it as text of at most {_LONGEST_CODE} characters"
        raise ValueError(msg)
    return value


SentCode = Annotated[
    str | int,
    PlainValidator(_sent_code),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": _LONGEST_CODE}, {"type": "integer"}]}),
]
"""A postal code as it comes, text or a whole number; see `read_place`."""


def _sent_id(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > LONGEST_NAME:
        msg = "is neither a whole number nor a text of an id"
        raise ValueError(msg)
    return value


SentId = Annotated[
    str | int,
    PlainValidator(_sent_id),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": LONGEST_NAME}, {"type": "integer"}]}),
]
"""An id as it comes, text or a whole number. No union, which tells both alternatives as fields that are wrong."""


def understand(model: type[_Model], body: bytes, fixes: Mapping[str, str]) -> _Model:
    """The model that a JSON body makes.

    `fixes` says per field name what to write instead. Raises `RequestError` naming every wrong field (the
    first 50 of them), `TooMuchError` when a list is longer than the model takes.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raised = TooMuchError if any(_is_whole_too_long(each) for each in found) else RequestError
        raise raised([*_problems(found, fixes)]) from None


def _is_whole_too_long(found: ErrorDetails) -> bool:
    """Whether it is the question's own list, its lines, that makes it too much; a list inside a line is a wrong field.

    The lines may stand inside objects, `cart.items`, and the whole question in a list of one, `0.lines`.
    """
    where = found["loc"]
    return found["type"] == "too_long" and bool(where) and not any(isinstance(part, int) for part in where[1:])


def make_question(values: Mapping[str, Any], fields: Mapping[str, str]) -> QuoteRequest:
    """The question that values make, as a channel has read them; one validation costs a third of one for each noun.

    `fields` are the channel's own. Raises `RequestError` naming every wrong field as the caller calls it.
    """
    try:
        return QuoteRequest.model_validate(values)
    except ValidationError as error:
        refused = RequestError(_problems(error.errors(include_url=False, include_context=False), {}))
        raise renamed(refused, fields) from None


def read_place(code: str | int, country: str, where: str) -> Place:
    """The place of a postal code as a caller sends it: a whole number lost its leading zeros, a text keeps them.

    Raises `RequestError` at `where`, the code's field.
    """
    form = postal_form(country)
    text = code if isinstance(code, str) else form.restored(str(code)) or str(code)
    try:
        return Place.parse(text, country)
    except RequestError as error:
        raise RequestError([found.at(where) for found in error.problems]) from None


def read_country(text: str, where: str) -> str:
    """The country that two or three letters stand for, `BR` or `BRA`. Raises `RequestError` at `where`, its field."""
    found = country_named(text)
    if not found:
        raise RequestError(Problem(where, shown(text), "is no country", "write the letters of ISO 3166-1, such as BR"))
    return found


def minor_units(amount: Decimal, currency: str, units: int = 1) -> int:
    """Whole minor units of what one of so many units is worth, by an amount in major units for all; rounded up."""
    return rounded((amount / units).scaleb(exponent(currency)), "up")


def hundredths(price: Money) -> int:
    """A price in hundredths of its currency's unit, also of a currency without cents, rounded up."""
    return quotient(price.minor * 100, 10 ** exponent(price.currency), "up")


def whole_up(amount: float, factor: int) -> int:
    """The whole units that a JSON number makes, `factor` to one of its own, rounded up: 10.1 cm are 101 mm.

    Exact to a thousandth of the smaller unit. What lies below is the caller's float noise and does not round
    up: 0.1 + 0.2 kg, sent as 0.30000000000000004, are 300 g. Anything above zero is at least one unit.
    """
    scaled = amount * factor
    units = int(scaled)
    return units if units == scaled else math.ceil(round(scaled, 3)) or 1


def decimal_up(amount: Decimal, factor: Decimal | int, units: int = 1) -> int:
    """The whole smaller units of one thing, by an exact amount for `units` of them, `factor` smaller ones to one of it.

    Rounded up as `whole_up` does: 1.2 pounds of 453.6 g are 545 g, and below a thousandth is the caller's noise.
    """
    scaled = amount * factor / units
    return math.ceil(round(scaled, 3)) or (1 if scaled else 0)


def _problems(every: list[ErrorDetails], fixes: Mapping[str, str]) -> Iterator[Problem]:
    inner = {each["loc"][:depth] for each in every for depth in range(1, len(each["loc"]))}
    # pydantic calls a list too short whose only line is a bad one: what is wrong with the line says it all
    found = [each for each in every if each["type"] != "too_short" or each["loc"] not in inner]
    yield from (_problem(each, fixes) for each in islice(found, _MOST_PROBLEMS))
    if len(found) > _MOST_PROBLEMS:
        yield Problem("body", "", f"has {len(found) - _MOST_PROBLEMS} more problems", "mend these first")


def _problem(found: ErrorDetails, fixes: Mapping[str, str]) -> Problem:
    path = [str(part) for part in found["loc"]]
    name = next((part for part in reversed(path) if not part.isdigit()), "")
    told = _CAUSES.get(found["type"], found["msg"].removeprefix("Value error, "))
    cause, _, fix = told.partition("; ")  # a validator of ours may say both
    return Problem(
        where=".".join(path) or "body",
        value=_shown(found),
        cause=cause[0].lower() + cause[1:],
        fix=fix or fixes.get(name, ""),
    )


def _shown(found: ErrorDetails) -> str:
    # for a missing field and for broken JSON pydantic gives what stands around it, which helps nobody
    if found["type"] in {"missing", "json_invalid"}:
        return ""
    value = found["input"]
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    return shown(value)
