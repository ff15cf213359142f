"""What channels share when they read: JSON into a model, decimals into whole units."""

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails

from portes.channels.problems import renamed
from portes.contract import QuoteRequest
from portes.errors import Problem, RequestError, TooMuchError, shown

_MOST_PROBLEMS: Final = 50
_CAUSES: Final = {"missing": "is missing", "extra_forbidden": "is no field of this question"}

_Model = TypeVar("_Model", bound=BaseModel)
_Value = TypeVar("_Value")


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


def understand(model: type[_Model], body: bytes, fixes: Mapping[str, str]) -> _Model:
    """The model that a JSON body makes.

    `fixes` says per field name what to write instead. Raises `RequestError` naming every wrong field (the
    first 50 of them), `TooMuchError` when a list is longer than the model takes.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        # only the question's own list, its lines, makes it too much; a list inside a line is a wrong field
        raised = TooMuchError if any(_is_whole_too_long(each) for each in found) else RequestError
        raise raised([*_problems(found, fixes)]) from None


def _is_whole_too_long(found: ErrorDetails) -> bool:
    return found["type"] == "too_long" and len(found["loc"]) == 1


def make_question(values: Mapping[str, Any], fields: Mapping[str, str]) -> QuoteRequest:
    """The question that values make, as a channel has read them; one validation costs a third of one for each noun.

    `fields` are the channel's own. Raises `RequestError` naming every wrong field as the caller calls it.
    """
    try:
        return QuoteRequest.model_validate(values)
    except ValidationError as error:
        refused = RequestError(_problems(error.errors(include_url=False, include_context=False), {}))
        raise renamed(refused, fields) from None


def whole_up(amount: float, factor: int) -> int:
    """The whole units that a JSON number makes, `factor` to one of its own, rounded up: 10.1 cm are 101 mm.

    Exact to a thousandth of the smaller unit. What lies below is the caller's float noise and does not round
    up: 0.1 + 0.2 kg, sent as 0.30000000000000004, are 300 g. Anything above zero is at least one unit.
    """
    scaled = amount * factor
    units = int(scaled)
    return units if units == scaled else math.ceil(round(scaled, 3)) or 1


def _problems(every: list[ErrorDetails], fixes: Mapping[str, str]) -> Iterator[Problem]:
    inner = {each["loc"][:-1] for each in every} | {each["loc"][:-2] for each in every}
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
