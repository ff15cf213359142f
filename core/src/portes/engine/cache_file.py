"""Keeps a store's memory in a file, for the time after a restart; it knows no carrier and no age at which to forget.

One SQLite file of mode 0600 in the state folder, written by every worker; the youngest outcome of a question wins:
    outcomes    what a carrier said of one service in answer to one question, and when, by the wall clock
Written by another version of Portes it is begun anew, since a noun may have changed.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final, NamedTuple
from zlib import crc32

import structlog
from pydantic import TypeAdapter, ValidationError

from portes.clock import Clock
from portes.contract import Rate, Refusal
from portes.engine.cache import AnswerCache, CachedOutcome
from portes.engine.cache_key import CacheKey, tariff_of
from portes.engine.policy import Policy

CACHE_FILE: Final = "cache.sqlite"
INTERVAL: Final = 60.0
"""Seconds between two writings."""

_FORM: Final = crc32(f"2 {version('portes')}".encode()) & 0x7FFF_FFFF
_WAIT_FOR_LOCK: Final = 2.0
_ROWS: Final = 500
"""Rows written in one go: making them holds up the answering threads for a moment only."""
_SCHEMA: Final = """CREATE TABLE outcomes (
    store TEXT, question TEXT, service TEXT, said REAL, kind TEXT, outcome TEXT, PRIMARY KEY (store, question, service)
) WITHOUT ROWID"""
_INDEX: Final = "CREATE INDEX outcomes_by_age ON outcomes (store, said)"
_WRITE: Final = """INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET said = excluded.said, kind = excluded.kind, outcome = excluded.outcome WHERE excluded.said > said"""
_READ: Final = """SELECT question, service, said, kind, outcome FROM outcomes
    WHERE store = ? AND said BETWEEN ? AND ? ORDER BY said DESC"""
_FORGET: Final = "DELETE FROM outcomes WHERE store = ? AND said NOT BETWEEN ? AND ?"
_TRIM: Final = """DELETE FROM outcomes WHERE store = ?1 AND said < (
    SELECT said FROM outcomes WHERE store = ?1 ORDER BY said DESC LIMIT 1 OFFSET ?2)"""
_KINDS: Final[Mapping[str, type[Rate | Refusal]]] = {"rate": Rate, "refusal": Refusal}
_QUESTION: Final = TypeAdapter(CacheKey)

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
    """The file of one store's memory. `load` it once, `start` writing behind the answers, and `close` it."""

    def __init__(self, path: Path, cache: AnswerCache, whose: CacheScope, clock: Clock) -> None:
        self._path = path
        self._cache = cache
        self._whose = whose
        self._clock = clock
        self._written = clock.monotonic()
        self._writing = Lock()
        self._ending = Event()

    def load(self) -> None:
        """Take up what was kept; a file that cannot be read is begun anew, and the log says so."""
        if not self._path.exists():
            return
        try:
            with self._opened() as base:
                rows = base.execute(_READ, (self._whose.store, *self._span())).fetchall()
        except (sqlite3.Error, OSError) as problem:
            self._complain("the kept cache is not used", problem)
            return
        self._cache.restore(self._entries(rows))

    def start(self) -> None:
        """Write every minute from now on, in a thread of its own."""
        Thread(target=self._run, name="portes-cache", daemon=True).start()

    def save(self) -> None:
        """Write what was learnt since the last time. What goes wrong is logged, and tried again with the next."""
        with self._writing:
            since, now = self._written, self._clock.monotonic()
            try:
                self._write(since)
            except (sqlite3.Error, OSError) as problem:
                self._complain("the cache is not kept", problem)
            else:
                self._written = now

    def close(self) -> None:
        """Write for the last time."""
        self._ending.set()
        self.save()

    def _run(self) -> None:
        while not self._ending.wait(INTERVAL):
            self.save()

    def _write(self, since: float) -> None:
        rows = self._rows(since)
        some = list(islice(rows, _ROWS))
        if not some:
            return
        with self._opened() as base:
            while some:
                with base:
                    base.executemany(_WRITE, some)
                some = list(islice(rows, _ROWS))
            with base:
                base.execute(_FORGET, (self._whose.store, *self._span()))
                base.execute(_TRIM, (self._whose.store, self._most - 1))

    @property
    def _most(self) -> int:
        """Outcomes worth keeping: memory has no room for more questions."""
        return self._cache.size * max(1, self._whose.services)

    def _rows(self, since: float) -> Iterator[tuple[str, str, str, float, str, str]]:
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        for key, outcomes in self._cache.entries():
            question = ""
            for service, kept in outcomes.items():
                if kept.at >= since:
                    question = question or json.dumps(key)
                    kind = "rate" if isinstance(kept.outcome, Rate) else "refusal"
                    yield self._whose.store, question, service, kept.at + ahead, kind, kept.outcome.model_dump_json()

    def _span(self) -> tuple[float, float]:
        """The moments in which what was said can be of use; a clock that was set back leaves some after now."""
        now = self._clock.now().timestamp()
        return now - self._whose.oldest, now

    def _entries(
        self, rows: Iterable[tuple[str, str, float, str, str]]
    ) -> Iterator[tuple[CacheKey, dict[str, CachedOutcome]]]:
        """The youngest questions that memory has room for, the youngest last: the least recently used leaves first."""
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        entries: dict[str, tuple[CacheKey, dict[str, CachedOutcome]]] = {}
        try:
            for question, service, said, kind, outcome in rows:
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

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(self._path, timeout=_WAIT_FOR_LOCK)) as base:
            try:
                self._prepare(base)
            except sqlite3.DatabaseError as problem:
                if isinstance(problem, sqlite3.OperationalError):
                    raise  # locked or full: nothing is wrong with the file
                self._complain("the kept cache is unreadable and begun anew", problem)
                for path in (self._path, self._path.with_name(f"{CACHE_FILE}-journal")):
                    path.unlink(missing_ok=True)
                raise
            yield base

    @staticmethod
    def _prepare(base: sqlite3.Connection) -> None:
        base.execute("PRAGMA synchronous = NORMAL")
        if base.execute("PRAGMA user_version").fetchone()[0] == _FORM:
            return
        with base:
            base.execute("BEGIN IMMEDIATE")
            if base.execute("PRAGMA user_version").fetchone()[0] != _FORM:
                base.execute("DROP TABLE IF EXISTS outcomes")
                base.execute(_SCHEMA)
                base.execute(_INDEX)
                base.execute(f"PRAGMA user_version = {_FORM}")

    def _complain(self, event: str, problem: Exception) -> None:
        cause = type(problem).__name__ if isinstance(problem, ValidationError) else str(problem)
        _log.warning(event, store=self._whose.store, file=str(self._path), cause=cause)
