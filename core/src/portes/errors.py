"""The errors Portes raises, sorted by who can mend them; it knows no noun of the contract.

PortesError
├── RequestError             the asker can fix it       → HTTP 422, CLI exit 2
│   ├── UnauthorizedError    … with other credentials   → HTTP 401
│   └── TooMuchError         … by asking for less       → HTTP 413
├── SettingsError            the operator can fix it    → refuse to start, CLI exit 2
└── CarrierError             this carrier, this time    → becomes a Failure; `kind` names which
    ├── LateError                  late
    ├── UnreachableError           unreachable
    ├── GarbledError               garbled
    ├── RejectedCredentialsError   rejected_credentials
    ├── ThrottledError             throttled
    ├── BusyError                  busy
    ├── IncompleteError            incomplete
    └── RejectedRequestError       rejected_request
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

_SHOWN_CHARACTERS = 80


def shown(value: object) -> str:
    """Render a foreign value for a message: what cannot be printed is escaped, and 80 characters are the most."""
    text = value if isinstance(value, str) else repr(value)
    start = escaped(text[: _SHOWN_CHARACTERS + 1])
    return start if len(start) <= _SHOWN_CHARACTERS else start[: _SHOWN_CHARACTERS - 1] + "…"


def escaped(text: str) -> str:
    """The same text, with every sign that cannot be printed written as Python writes it in source."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what somebody gave us, and how to mend it."""

    where: str
    """The field or key path, as the asker or operator wrote it: `products.0.weight`, `carriers.correios.timeout`."""
    value: str
    """The offending value, already passed through `shown`; empty when there is none."""
    cause: str
    """What is wrong with it."""
    fix: str = ""
    """What to write instead."""
    file: str = ""
    """The file it stands in, when it came from one."""
    line: int = 0
    """The line in that file, counted from 1; 0 when unknown."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (place, self.where) if part)
        value = f" (got '{self.value}')" if self.value else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{head}: {self.cause}{value}{fix}" if head else f"{self.cause}{value}{fix}"


class PortesError(Exception):
    """The root of everything Portes raises on purpose."""


class _ProblemsError(PortesError):
    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RequestError(_ProblemsError):
    """The question cannot be answered as it was put; `problems` names each field."""


class UnauthorizedError(RequestError):
    """The asker did not show the credentials this channel was set up with."""


class TooMuchError(RequestError):
    """The question is larger than the service answers: bytes, lines or units."""


class SettingsError(_ProblemsError):
    """The settings, a table or a plugin cannot be used; `problems` names each key."""


class CarrierError(PortesError):
    """A carrier raises a subclass when a whole call came to nothing.

    The engine turns it into a `Failure` of the same kind for every active service of that carrier.
    """

    kind: ClassVar[str]

    def __init__(self, hint: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(hint)
        self.hint = hint
        """What a person should know or do; never a secret, never a body."""
        self.retry_after = retry_after
        """Seconds until another try makes sense, when the carrier said so."""


class LateError(CarrierError):
    """The carrier's timeout passed before its answer came."""

    kind = "late"


class UnreachableError(CarrierError):
    """No connection, or a server error of the carrier."""

    kind = "unreachable"


class GarbledError(CarrierError):
    """An answer came and could not be understood."""

    kind = "garbled"


class RejectedCredentialsError(CarrierError):
    """The carrier does not accept login, password, card or contract."""

    kind = "rejected_credentials"


class ThrottledError(CarrierError):
    """The carrier, or its published limit, allows no more calls now."""

    kind = "throttled"


class BusyError(CarrierError):
    """Our own limit on calls at once is reached; nothing was asked."""

    kind = "busy"


class IncompleteError(CarrierError):
    """Something the carrier needs is missing on our side: a value, a document, a valid tariff."""

    kind = "incomplete"


class RejectedRequestError(CarrierError):
    """The carrier calls our question malformed, or answers a code nobody knows."""

    kind = "rejected_request"
