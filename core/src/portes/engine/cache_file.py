"""Keeps a store's memory in a file, for the time after a restart; it knows no carrier and no age at which to forget.

One SQLite file of mode 0600 in the state folder, written by every worker; the youngest outcome of a question wins:
    outcomes    what a carrier said of one service in answer to one question, and when, by the wall clock
Written by another version of Portes it is begun anew, since a noun may have changed.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, NamedTuple
from zlib import crc32

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError

from portes.clock import Clock
from portes.contract import Rate, Refusal
from portes.database import open_engines, read_schema_number, write_schema_number
from portes.engine.cache import AnswerCache, CachedOutcome
from portes.engine.cache_key import CacheKey, tariff_of
from portes.engine.policy import Policy
from portes.files import UNKEPT, claim_file
from portes.forks.children import ForkLock, in_each_process

CACHE_FILE: Final = "cache.sqlite"
_PART: Final = "memory"
INTERVAL: Final = 60.0
"""Seconds between two writings."""

_FORM: Final = crc32(f"4 {version('portes')}".encode()) & 0x7FFF_FFFF
_WAIT_FOR_LOCK: Final = 2.0
_ROWS: Final = 500
"""Rows written in one go: making them holds up the answering threads for a moment only."""
_OUTCOMES: Final = Table(
    "outcomes",
    MetaData(),
    Column("store", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("said", Float),
    Column("kind", Text),
    Column("outcome", Text),
    Index("outcomes_by_age", "store", "said"),
    sqlite_with_rowid=False,
)
_NEW: Final = insert(_OUTCOMES)
_WRITE: Final = _NEW.on_conflict_do_update(
    set_={name: _NEW.excluded[name] for name in ("said", "kind", "outcome")},
    where=_NEW.excluded.said > _OUTCOMES.c.said,
)
_KINDS: Final[Mapping[str, type[Rate | Refusal]]] = {"rate": Rate, "refusal": Refusal}
_QUESTION: Final = TypeAdapter(CacheKey)
_ERRORS: Final = (SQLAlchemyError, sqlite3.Error, OSError)
"""What may go wrong with the file; SQLAlchemy leaves what goes wrong at connecting as it is."""

_log = structlog.get_logger(__name__)


class CacheScope(NamedTuple):
    """Whose memory it is, and what of it can still be of use."""

    store: str
    tariffs: Collection[tuple[str, str]]
    """Carriers and their tariffs as they stand in a question; what was said under others is not taken up."""
    oldest: float
    """Seconds after which nothing is of use any more."""
    services: int
    """Most outcomes that one question may have."""


def cache_scope(policy: Policy) -> CacheScope:
    """What is of use to a store of this policy."""
    asked = [member for member in policy.members if not member.abilities.instant]
    ttl = [
        max(one.fresh, one.stale_while_revalidate, one.stale_if_error, one.refusals)
        for one in (member.settings.cache for member in asked)
    ]
    return CacheScope(
        policy.store,
        {(member.key, tariff_of(member)) for member in asked},
        oldest=max(ttl, default=0.0),
        services=max((len(member.services) for member in asked), default=0),
    )


class CacheFile:
    """The file of one store's memory. `load` it once, `start` writing behind the answers, and `close` it.

    No fork happens while the file is open. A child writes what it learns itself, in a thread of its own.
    """

    def __init__(self, path: Path, cache: AnswerCache, whose: CacheScope, clock: Clock) -> None:
        self._path = path
        # a connection for each use: between two of them anybody may take the file away
        self._engine, self._writing_engine = open_engines(path, _WAIT_FOR_LOCK, ["synchronous = NORMAL"], pooled=False)
        self._cache = cache
        self._whose = whose
        self._clock = clock
        self._unforked = ForkLock()
        self._started = self._ended = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._written = self._clock.monotonic()
        self._ending = Event()
        if self._started and not self._ended:
            self.start()

    def load(self) -> None:
        """Take up what was kept; a file that cannot be read is begun anew, and the log says so."""
        if not self._path.exists():
            return
        try:
            with self._unforked:
                self._prepare()
                with self._engine.connect() as base:
                    entries = list(self._entries(base.execute(self._readable())))
        except _ERRORS as problem:
            self._complain("the kept cache is not used", problem)
            return
        self._cache.restore(entries)

    def start(self) -> None:
        """Write every minute from now on, in a thread of its own."""
        self._started = True
        Thread(target=self._run, name="portes-cache", daemon=True).start()

    def save(self) -> None:
        """Write what was learnt since the last time. What goes wrong is logged, and tried again with the next."""
        try:
            with self._unforked:
                since, now = self._written, self._clock.monotonic()
                wrote = self._write(since)
                self._written = now
        except Exception as problem:  # noqa: BLE001 — the thread writes again, and whoever closes has more to close
            if UNKEPT.note(self._path.parent, _PART, str(_own_words(problem))):
                self._complain("the cache is not kept", problem)
        else:
            if wrote and UNKEPT.over(self._path.parent, _PART):
                _log.info("the cache is kept again", store=self._whose.store)

    def close(self) -> None:
        """Write for the last time."""
        self._ended = True
        self._ending.set()
        self.save()

    def _run(self) -> None:
        while not self._ending.wait(INTERVAL):
            self.save()

    def _write(self, since: float) -> bool:
        """Write what was learnt; whether there was anything."""
        rows = self._rows(since)
        some = list(islice(rows, _ROWS))
        if not some:
            return False
        self._prepare()
        while some:
            with self._writing_engine.begin() as base:
                base.execute(_WRITE, some)
            some = list(islice(rows, _ROWS))
        with self._writing_engine.begin() as base:
            self._forget(base)
        return True

    def _readable(self) -> Select[Any]:
        """What can be of use, the youngest first."""
        table = _OUTCOMES.c
        read = select(table.question, table.service, table.said, table.kind, table.outcome)
        own = read.where(table.store == self._whose.store, table.said.between(*self._span()))
        return own.order_by(table.said.desc())

    def _forget(self, base: Connection) -> None:
        """Delete what can be of no use any more, and the oldest of what memory has no room for."""
        table = _OUTCOMES.c
        mine = delete(_OUTCOMES).where(table.store == self._whose.store)
        base.execute(mine.where(~table.said.between(*self._span())))
        oldest = select(table.said).where(table.store == self._whose.store).order_by(table.said.desc())
        last = base.scalar(oldest.offset(self._most - 1).limit(1))
        if last is not None:
            base.execute(mine.where(table.said < last))
        if self._path.stat().st_size > self._cache.most_bytes:
            self._forget_bytes(base)

    def _forget_bytes(self, base: Connection) -> None:
        """Delete the oldest of what takes more bytes than memory has."""
        table, own = _OUTCOMES.c, _OUTCOMES.c.store == self._whose.store
        sizes = func.sum(func.length(table.question) + func.length(table.outcome))
        younger = select(table.said, sizes.over(order_by=table.said.desc()).label("bytes")).where(own).subquery()
        last = base.scalar(select(func.max(younger.c.said)).where(younger.c.bytes > self._cache.most_bytes))
        if last is not None:
            base.execute(delete(_OUTCOMES).where(own, table.said <= last))

    @property
    def _most(self) -> int:
        """Outcomes worth keeping: memory has no room for more questions."""
        return self._cache.size * max(1, self._whose.services)

    def _rows(self, since: float) -> Iterator[dict[str, str | float]]:
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        for key, outcomes in self._cache.entries():
            question = ""
            for service, kept in outcomes.items():
                if kept.at >= since and (outcome := self._json(kept.outcome)):
                    question = question or json.dumps(key)
                    kind = "rate" if isinstance(kept.outcome, Rate) else "refusal"
                    yield {
                        "store": self._whose.store,
                        "question": question,
                        "service": service,
                        "said": kept.at + ahead,
                        "kind": kind,
                        "outcome": outcome,
                    }

    def _json(self, outcome: Rate | Refusal) -> str:
        """The outcome as JSON; empty for one that a plugin made past all checks and that cannot be written."""
        try:
            return outcome.model_dump_json()
        except ValueError as problem:
            self._complain("an answer is not kept", problem)
            return ""

    def _span(self) -> tuple[float, float]:
        """The moments in which what was said can be of use; a clock that was set back leaves some after now."""
        now = self._clock.now().timestamp()
        return now - self._whose.oldest, now

    def _entries(self, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[CacheKey, dict[str, CachedOutcome]]]:
        """The youngest questions that memory has room for, the youngest last: the least recently used leaves first."""
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        entries: dict[str, tuple[CacheKey, dict[str, CachedOutcome]]] = {}
        left = self._cache.most_bytes
        try:
            for question, service, said, kind, outcome in rows:
                left -= len(outcome)
                if left < 0:
                    break
                if question not in entries and len(entries) < self._cache.size:
                    entries[question] = (_QUESTION.validate_json(question), {})
                if question in entries:
                    entries[question][1][service] = CachedOutcome(
                        _KINDS[kind].model_validate_json(outcome), said - ahead
                    )
        except (ValidationError, LookupError) as problem:
            self._complain("part of the kept cache is not used", problem)
        known = (entry for entry in entries.values() if (entry[0].carrier, entry[0].tariff) in self._whose.tariffs)
        return reversed([(key, outcomes) for key, outcomes in known if outcomes])

    def _prepare(self) -> None:
        """Make what is missing; a file that is no database, or another version's, is begun anew."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim_file(self._path)
        try:
            with self._engine.connect() as base:
                known = read_schema_number(base) == _FORM
            if not known:
                with self._writing_engine.begin() as base:
                    _create_table(base)
        except (DatabaseError, sqlite3.DatabaseError) as problem:
            if isinstance(problem, OperationalError):
                raise  # locked or full: nothing is wrong with the file
            self._complain("the kept cache is unreadable and begun anew", problem)
            for path in (self._path, self._path.with_name(f"{CACHE_FILE}-journal")):
                path.unlink(missing_ok=True)
            raise

    def _complain(self, event: str, problem: Exception) -> None:
        cause = type(problem).__name__ if isinstance(problem, ValidationError) else str(_own_words(problem))
        _log.warning(event, store=self._whose.store, file=str(self._path), cause=cause)


def _own_words(problem: Exception) -> BaseException:
    """The database's own error: around it SQLAlchemy tells the statement, with the questions and answers in it."""
    return problem.orig if isinstance(problem, DBAPIError) and problem.orig is not None else problem


def _create_table(base: Connection) -> None:
    if read_schema_number(base) != _FORM:  # another worker may have been quicker
        _OUTCOMES.drop(base, checkfirst=True)
        _OUTCOMES.create(base)
        write_schema_number(base, _FORM)
