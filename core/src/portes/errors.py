"""The errors Portes raises, sorted by who can mend them.

PortesError
├── RequestError             the asker can fix it       → HTTP 422, CLI exit 2
│   ├── UnauthorizedError    … with other credentials   → HTTP 401
│   └── TooMuchError         … by asking for less       → HTTP 413
├── SettingsError            the operator can fix it    → refuse to start, CLI exit 2
├── DatabaseError            what is kept cannot be read or written; `kind` says why
├── CatalogueError           a source of the catalogue, this time → becomes a Failure of its `kind`
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

import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread
from typing import ClassVar, Final, Literal, TypeVar

MOST: Final = 100
"""How many problems of one file are named; the rest are counted."""

_MOST_NOTES: Final = 20

_SHOWN_CHARACTERS: Final = 80

_UNPRINTABLE_IN_JSON: Final = re.compile(r"[^ -~\n]")

T = TypeVar("T")


def shown(value: object) -> str:
    """Render a foreign value for a message: what cannot be printed is escaped, and 80 characters are the most."""
    text = value if isinstance(value, str) else repr(value)
    return cut(escaped(text[: _SHOWN_CHARACTERS + 1]), _SHOWN_CHARACTERS)


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, by which a redactor knows that a secret may be cut in two there."""
    return text if len(text) <= most else text[: most - 1] + "…"


def escaped(text: str) -> str:
    """The same text, with every sign that cannot be printed written as Python writes it in source.

    So nothing in it commands a terminal, turns the direction of writing or hides: for whatever shows a foreign text.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def crash_words(error: BaseException, package: str) -> str:
    """An exception in words, with the deepest line of a package that it went through; neither masked nor cut."""
    said = " ".join(str(error).split())
    place = crash_place(error, package)
    words = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"{words} ({place})" if place else words


def crash_place(error: BaseException, package: str) -> str:
    """The deepest line of a package in an exception's traceback, `acme/carrier.py:12`; empty when none is of it."""
    place, trace = "", error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if str(frame.f_globals.get("__name__")).split(".")[0] == package:
            place = f"{_inside(Path(frame.f_code.co_filename), package)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _inside(file: Path, package: str) -> str:
    """The file as its package has it, so that the same fault reads alike wherever the package is installed."""
    parts = file.parts
    return "/".join(parts[parts.index(package) :] if package in parts else parts[-1:])


def escaped_json(text: str) -> str:
    """The same JSON, with every sign that cannot be printed written by its number, as JSON allows."""
    return _UNPRINTABLE_IN_JSON.sub(_json_escape, text)


def _json_escape(sign: re.Match[str]) -> str:
    if sign[0].isprintable():
        return sign[0]
    units = sign[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """One thing that is wrong with what somebody gave us, and how to mend it."""

    where: str
    """The field or key path, as the asker or operator wrote it: `products.0.weight`, `carriers.correios.timeout`."""
    value: str
    """The offending value as a message shows it: at most 80 characters, but a path whole; empty when there is none."""
    cause: str
    """What is wrong with it."""
    fix: str
    """What to write instead."""
    file: str
    """The file it stands in, when it came from one."""
    line: int
    """The line in that file, counted from 1; 0 when unknown."""

    def __init__(
        self, where: str, value: object, cause: str, fix: str = "", file: str | Path = "", line: int = 0
    ) -> None:
        # the value is foreign, so it is escaped here and by nobody else; a secret's place is taken by a mask before
        text = escaped(str(value)) if isinstance(value, Path) else shown("" if value is None else value)
        for name, part in zip(self.__slots__, (escaped(where), text, cause, fix, str(file), line), strict=True):
            object.__setattr__(self, name, part)

    def below(self, where: str, file: str | Path) -> "Problem":
        """The same problem, of a table at a key path of a settings file; one in a file of its own stays as it is."""
        return self if self.file else self.at(f"{where}.{self.where}" if self.where else where, file)

    def at(self, where: str, file: str | Path = "") -> "Problem":
        """The same problem at another place, as somebody else calls it."""
        placed = copy(self)  # not made anew: the value is as it is shown already
        object.__setattr__(placed, "where", where)
        object.__setattr__(placed, "file", str(file) or self.file)
        return placed

    def reworded(self, value: str, cause: str, fix: str, file: str) -> "Problem":
        """The same problem in other words; the value is as it is to be shown."""
        worded = copy(self)
        for name, part in (("value", value), ("cause", cause), ("fix", fix), ("file", file)):
            object.__setattr__(worded, name, part)
        return worded

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (place, self.where) if part)
        value = f" (got '{self.value}')" if self.value else ""
        fix = f"; {self.fix}" if self.fix else ""
        return escaped(f"{head}: {self.cause}{value}{fix}" if head else f"{self.cause}{value}{fix}")


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


class DatabaseError(PortesError):
    """A database of ours could not be read or written; what was to be written is not."""

    def __init__(self, kind: str, cause: str) -> None:
        super().__init__(cause)
        self.kind = kind
        """`locked`, `full` or `broken`."""


class CatalogueError(PortesError):
    """A source of a catalogue could not say what was asked of it.

    The engine tells the lines that need it as a `Failure` of the same kind; what was known before is used in its place.
    """

    def __init__(
        self, kind: Literal["late", "unreachable", "garbled", "rejected_credentials", "busy"], hint: str
    ) -> None:
        super().__init__(hint)
        self.kind = kind
        """`late`, `unreachable`, `garbled`, `rejected_credentials` or `busy`, as the kinds of failures are called."""
        self.hint = hint
        """What a person should know or do; never a secret, never an address with a password."""


class Problems:
    """A collector of what is wrong with a file, or with several parts, so that all of it is told at once."""

    def __init__(self, file: str | Path = "", most: int | None = MOST) -> None:
        self.file = file
        """The file that they are of; empty for none."""
        self._most = most
        self._named: dict[Problem, None] = {}
        self.count = 0
        """How many there are in all."""
        self.left_out = 0
        """How many lines were left out because the operator said so; no problem, but told."""
        self.notes: tuple[str, ...] = ()
        """What was understood in a certain way or left out, each once; no problem, but told."""
        self.weight_units: set[str] = set()
        """The units, `g` and `kg`, that columns of weights were read in; no problem, but rows are compared by them."""
        self.exact_borders = False
        """Whether brackets begin just where they say, since the file states no ends that a gap could lie above."""

    def add(self, where: str, value: object, cause: str, fix: str = "", line: int = 0) -> None:
        """Note a problem of the file: the key, column or part, the value as it stands there, cause and remedy."""
        if self._most is not None and self.count >= self._most:
            self.count += 1
        else:
            self.include([Problem(where, value, cause, fix, self.file, line)])

    def note(self, words: str) -> None:
        """Tell how something was understood, or that it was left out; at most twenty different notes are kept."""
        if len(self.notes) < _MOST_NOTES and words not in self.notes:
            self.notes = (*self.notes, words)

    def include(self, problems: Iterable[Problem]) -> None:
        """Note problems that somebody else found."""
        for problem in problems:
            if problem not in self._named:
                self.count += 1
                if self._most is None or self.count <= self._most:
                    self._named[problem] = None

    def absorb(self, others: "Problems") -> None:
        """Take the problems and the notes of a file that belongs to this one; the notes say which file it is."""
        self.include(others.all())
        for words in others.notes:
            self.note(f"{others.file}: {words}" if others.file else words)

    def attempt(self, make: Callable[[], T]) -> T | None:
        """What `make` returns; None when it raises `SettingsError`, whose problems are noted."""
        try:
            return make()
        except SettingsError as error:
            self.include(error.problems)
            return None

    def all(self) -> tuple[Problem, ...]:
        """Those named, in the order found, and one more that counts the rest."""
        rest = self.count - len(self._named)
        if not rest:
            return tuple(self._named)
        more = Problem("", "", f"{rest} more problems of this file are not shown", "mend these first", self.file)
        return (*self._named, more)

    def check(self) -> None:
        """Raise `SettingsError` with all of them when there is any."""
        if self.count:
            raise SettingsError(self.all())


def pass_interrupt(problem: BaseException) -> None:
    """Raise a person's own Ctrl-C again, which no guard against strangers' code may take for a crash of theirs."""
    if isinstance(problem, KeyboardInterrupt) and current_thread() is main_thread():
        raise problem


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
