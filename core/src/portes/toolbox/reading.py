"""Reads carriers' answers: statuses to errors, bodies to models, words to hints; it knows no carrier and asks nobody.

Every error is raised outside the `except` that found it, so that no body hangs on it as its context.
"""

from collections.abc import Iterable
from math import isfinite
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
    cut,
    escaped,
)
from portes.toolbox.response import HttpResponse

FIELDS: Final = "{fields}"
"""Put into the hint of `read_model` or `validated`, it becomes the names of the wrong fields: `: days, total`."""
_LONGEST_NUMBER: Final = 10**100
"""Numbers from here on, and below its negative, are no figure that anybody writes."""
LONGEST: Final = 300
"""Characters of a carrier's own words that are passed on."""

Model = TypeVar("Model", bound=BaseModel)


def status_error(
    status: int, hint: str, *, rejected: str = "", throttled: str = "", retry_after: int | None = None
) -> CarrierError | None:
    """The error that a status stands for by itself; None for 1xx and 2xx, where the body decides.

    401 and 403 are rejected credentials, 429 is throttled, 3xx and 5xx are unreachable, and the other 4xx a rejected
    request. `rejected` and `throttled` are hints of their own for the first two.
    """
    if status in {401, 403}:
        return RejectedCredentialsError(rejected or hint)
    if status == 429:
        return ThrottledError(throttled or hint, retry_after=retry_after)
    if status >= 500 or 300 <= status < 400:
        return UnreachableError(hint, retry_after=retry_after)
    return RejectedRequestError(hint) if status >= 400 else None


def check_status(response: HttpResponse, carrier: str, *, rejected: str = "", throttled: str = "") -> None:
    """Raise the `CarrierError` that an answer's status stands for; see `status_error`. `carrier` is its name."""
    hint = f"{carrier} answers {response.status}"
    problem = status_error(
        response.status, hint, rejected=rejected, throttled=throttled, retry_after=response.retry_after
    )
    if problem is not None:
        raise problem


def check_echo(response: HttpResponse, sent: Iterable[str], came: Iterable[str], carrier: str) -> None:
    """Raise a `GarbledError`, and close the connection, unless each number that came back is one that was sent."""
    if not set(came) <= set(sent):
        response.disown()
        raise GarbledError(f"{carrier} answers another question than ours")


def read_json(response: HttpResponse) -> Any:  # noqa: ANN401 — any JSON
    """The body as JSON; None when it is none, when it is nested deeper than 200, and for a number that is none.

    No number are `NaN`, an infinite one such as `1e400`, and one of more than a hundred digits.
    """
    return json_of(response.body)


def json_of(text: bytes) -> Any:  # noqa: ANN401 — any JSON
    """A text as JSON, as `read_json` reads a body: for JSON that stands within something else."""
    try:
        tree = from_json(text, allow_inf_nan=False)
    except ValueError:
        return None
    return tree if _is_countable(tree) else None


def _is_countable(tree: Any) -> bool:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        return all(map(_is_countable, tree.values()))
    if isinstance(tree, list):
        return all(map(_is_countable, tree))
    if isinstance(tree, float):
        return isfinite(tree)
    return not isinstance(tree, int) or -_LONGEST_NUMBER < tree < _LONGEST_NUMBER


def read_model(response: HttpResponse, model: type[Model], hint: str) -> Model:
    """The body of JSON as a model. Raises `GarbledError` with the hint when it is another; see `FIELDS`."""
    if read_json(response) is None:
        raise GarbledError(hint.replace(FIELDS, ""))
    try:
        return model.model_validate_json(response.body)  # JSON's own rules: a strict model takes a list for a tuple
    except ValidationError as problem:
        filled = _with_fields(hint, problem)
    raise GarbledError(filled)


def validated(value: object, model: type[Model], hint: str) -> Model:
    """A part of a body as a model. Raises `GarbledError` with the hint when it is another; see `FIELDS`."""
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        filled = _with_fields(hint, problem)
    raise GarbledError(filled)


def _with_fields(hint: str, problem: ValidationError) -> str:
    """The hint with the names of the wrong fields, and nothing of what stood in them."""
    found = problem.errors(include_url=False, include_context=False, include_input=False)
    names = sorted({str(each["loc"][-1]) for each in found if each["loc"]})
    return hint.replace(FIELDS, f": {', '.join(names)}" if names else "")


def discreet(text: str, most: int = LONGEST) -> str:
    """A carrier's own words, fit for a hint: one line, what cannot be printed escaped, `most` characters at most."""
    return cut(escaped(cut(" ".join(text.split()), most)), most)


__all__ = [
    "FIELDS",
    "check_echo",
    "check_status",
    "discreet",
    "json_of",
    "read_json",
    "read_model",
    "status_error",
    "validated",
]
