"""A version of a table and what is known of it; it opens no database."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from portes.errors import Problem, SettingsError, shown
from portes.tables.index.compiler import Summary
from portes.tables.opening import told_options
from portes.tables.protocol import ReadOptions

FILE_NAME: Final = "tables.sqlite"
"""The database in the state folder."""
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""The name of a stored table."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A table to be kept as the next version of its name."""

    name: str
    source: bytes = field(repr=False)
    format: str
    options: ReadOptions = field(repr=False)
    """What is declared about it, with the files beside it."""
    who: str
    at: datetime
    """Aware of its timezone."""
    origin: str = ""
    """Where it comes from, for people: the file's name, or what built it."""
    valid_from: date | None = None
    """First dispatch day that it prices."""
    valid_to: date | None = None
    """Last dispatch day that it prices."""
    report: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What else is to be known of it later, as JSON takes it."""

    def check(self) -> None:
        """Refuse a name that is none, and days that run backwards. Raises `SettingsError`."""
        if not NAME.fullmatch(self.name):
            fix = "write letters, digits, dots, hyphens or underscores, 64 at most, such as contract-sp"
            raise SettingsError(Problem("name", shown(self.name), "is no name of a table", fix))
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            cause = f"is after its last day, {self.valid_to}"
            raise SettingsError(Problem("valid_from", f"{self.valid_from}", cause, "swap or correct the two days"))
        for where, words in (("who", self.who), ("origin", self.origin)):
            if len(words) > _LONGEST:
                fix = f"write {_LONGEST} characters at most"
                raise SettingsError(Problem(where, shown(words), "is too long to be kept", fix))


@dataclass(frozen=True, slots=True)
class TableVersion:
    """A version that is kept. It never changes."""

    key: int
    """Its number in the database."""
    name: str
    number: int
    """From 1, per name."""
    fingerprint: str
    """What changes with the content, the format and how it is read; the same under every release of Portes."""
    format: str
    options: ReadOptions = field(repr=False)
    """What is declared about it, without the files beside it."""
    digests: Mapping[str, str] = field(repr=False)
    """SHA-256 of its bytes by a blank word, and of the files beside it by their words."""
    summary: Summary = field(repr=False)
    who: str
    at: datetime
    origin: str
    valid_from: date | None
    valid_to: date | None
    report: Mapping[str, object] = field(repr=False)

    def __str__(self) -> str:
        """The name and the number, as commands take them: `contract@3`."""
        return f"{self.name}@{self.number}"

    def valid_on(self, day: date) -> bool:
        """Whether it prices what is dispatched on a day."""
        return (not self.valid_from or day >= self.valid_from) and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Activation:
    """A line of the log: from `at` on, this version is in force."""

    name: str
    number: int
    who: str
    at: datetime
    back: bool
    """Whether it took an earlier one back: a rollback."""


def fingerprint_of(format_name: str, options: ReadOptions, digests: Mapping[str, str]) -> str:
    """What a version is known by: 32 hexadecimal digits."""
    told = json.dumps([format_name, told_options(options), dict(sorted(digests.items()))], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def orders_in_force(log: Sequence[Activation]) -> list[tuple[int, ...]]:
    """The versions of one name that may price, by their numbers and the one in force first: at first, then, … and now.

    `log` is in order. An activation puts a version before the others; a rollback brings the order before it back.
    """
    orders: list[tuple[int, ...]] = []
    for line in log:
        if line.back:
            orders.pop()
        else:
            rest = orders[-1] if orders else ()
            orders.append((line.number, *(number for number in rest if number != line.number)))
    return orders


def in_force(log: Sequence[Activation]) -> tuple[int, ...]:
    """The versions of one name that may price now, by their numbers and the one in force first; `log` is in order."""
    return (orders_in_force(log) or [()])[-1]


def priced_days(versions: Sequence[TableVersion], first: date) -> list[tuple[date, TableVersion | None]]:
    """What prices each dispatch day from the first on: the first day of each span, and its version or None.

    `versions` are those that may price, the one in force first.
    """
    borders = {first}
    for version in versions:
        borders |= {version.valid_from} if version.valid_from else set()
        borders |= {version.valid_to + timedelta(days=1)} if version.valid_to and version.valid_to < date.max else set()
    spans: list[tuple[date, TableVersion | None]] = []
    for day in sorted(day for day in borders if day >= first):
        pricing = next((one for one in versions if one.valid_on(day)), None)
        if not spans or spans[-1][1] != pricing:
            spans.append((day, pricing))
    return spans
