"""Problem bodies (RFC 9457, `application/problem+json`) for everything that is no answer."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

from portes.channels.protocol import ChannelReply
from portes.errors import Problem, RequestError, TooMuchError, UnauthorizedError, escaped_json

PROBLEM_JSON = "application/problem+json"


class FieldProblem(BaseModel):
    """One wrong field of a question, as a problem body tells it."""

    field: str
    """Its path in the question: `products.0.weight`."""
    value: str
    """What stood there, escaped and shortened; empty when nothing did."""
    cause: str
    fix: str
    """What to write instead; empty when that is plain."""


class ProblemBody(BaseModel):
    """A problem body; a status may bring members of its own beside these."""

    model_config = ConfigDict(extra="allow")

    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []

    def to_json(self) -> bytes:
        """The bytes that are sent; `detail` and `errors` stand in them only where they say something."""
        empty = {name for name in ("detail", "errors") if not getattr(self, name)}
        return escaped_json(to_json(self, exclude=empty).decode()).encode()


class ChallengedError(UnauthorizedError):
    """Credentials are missing or wrong, and `challenge` is what the 401 names in `WWW-Authenticate`."""

    def __init__(self, problems: Problem | Iterable[Problem], challenge: str) -> None:
        super().__init__(problems)
        self.challenge = challenge


def problem(
    status: int,
    title: str,
    detail: str = "",
    errors: Iterable[Problem] = (),
    *,
    headers: Mapping[str, str] | None = None,
    alarm: str = "",
    members: Mapping[str, Any] | None = None,
) -> ChannelReply:
    """A reply with a problem body.

    `errors` names each wrong field; `headers` are sent beside the content type; `members` are extension
    members of RFC 9457, 3.2, that only this status has; `alarm` goes to the operator and is not sent.
    """
    named = [_field(error) for error in errors]
    body = ProblemBody(title=title, status=status, detail=detail, errors=named, **dict(members or {}))
    return ChannelReply(status, {"content-type": PROBLEM_JSON, **(headers or {})}, body.to_json(), alarm)


def renamed(error: RequestError, fields: Mapping[str, str]) -> RequestError:
    """The same refusal, every field as the caller calls it; `fields` are those of its channel."""
    return type(error)([found.at(_theirs(found.where, fields)) for found in error.problems]) if fields else error


def _theirs(path: str, fields: Mapping[str, str]) -> str:
    """The caller's name of a field of ours; of what stands around it where the caller has none, `body` at last."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        theirs = fields.get(".".join("*" if part.isdigit() else part for part in parts[:length]))
        if theirs is not None:
            positions = (part for part in parts if part.isdigit())
            return ".".join(next(positions) if part == "*" else part for part in theirs.split("."))
    return "body"


def refused(error: RequestError) -> ChannelReply:
    """The reply to what the asker can mend: 401 for credentials, 413 for too much, 422 for everything else."""
    if isinstance(error, UnauthorizedError):
        challenge = {"www-authenticate": error.challenge} if isinstance(error, ChallengedError) else {}
        return _refused(401, error, challenge)
    return _refused(413 if isinstance(error, TooMuchError) else 422, error, {})


def _refused(status: int, error: RequestError, headers: Mapping[str, str]) -> ChannelReply:
    detail = "; ".join(sorted({found.cause for found in error.problems})) if status == 401 else ""
    errors = () if status == 401 else error.problems
    return problem(status, HTTPStatus(status).phrase, detail, errors, headers=headers)


def _field(found: Problem) -> FieldProblem:
    return FieldProblem(field=found.where, value=found.value, cause=found.cause, fix=found.fix)
