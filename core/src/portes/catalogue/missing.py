"""Which SKUs are asked for and not in the catalogue, the most asked first: counted by every worker, kept in a file.

One SQLite file of mode 0600 in the state folder, for all stores that share it:
    missing    a SKU that a store's catalogue lacked, in how many lines it was asked for, and when last
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Column, Connection, Float, Index, Integer, MetaData, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from portes.clock import Clock
from portes.database import Database, DatabaseForm
from portes.errors import DatabaseError
from portes.files import UNKEPT
from portes.forks.children import in_each_process

MISSING_FILE: Final = "catalogue.sqlite"
MOST_KEPT: Final = 10_000
"""SKUs of one store, in memory and in the file; beyond that those least asked for go."""
INTERVAL: Final = 60.0
"""Seconds between two writings."""

_KEPT_SECONDS: Final = 90 * 24 * 3600
_PART: Final = "missing SKUs"
_META: Final = MetaData()
_MISSING: Final = Table(
    "missing",
    _META,
    Column("store", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("last", Float, nullable=False),
    Index("missing_by_asked", "store", "asked"),
    sqlite_with_rowid=False,
)
_NEW: Final = insert(_MISSING)
_ADD: Final = _NEW.on_conflict_do_update(
    set_={"asked": _MISSING.c.asked + _NEW.excluded.asked, "last": _NEW.excluded.last}
)
_FORM: Final = DatabaseForm(_META, 1)

_log = structlog.get_logger(__name__)


class MissingSku(NamedTuple):
    """A SKU that a catalogue lacked."""

    sku: str
    asked: int
    """Lines of questions that asked for it."""
    last: float
    """When it was asked for last, in seconds since 1970."""


class MissingSkus:
    """Counts for one store in one process, and writes behind the answers. `start` it, and `close` it. Thread-safe."""

    def __init__(self, store: str, state: Path, clock: Clock) -> None:
        self._store, self._state, self._clock = store, state, clock
        self._database = Database(state / MISSING_FILE, _FORM)
        self._started = self._ended = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock, self._writing = Lock(), Lock()
        self._ending = Event()
        if self._started and not self._ended:
            self.start()

    def note(self, skus: Sequence[str]) -> None:
        """Count lines that asked for these; it takes a microsecond. Where too many differ, new ones are not counted."""
        with self._lock:
            for sku in skus:
                if sku in self._counts or len(self._counts) < MOST_KEPT:
                    self._counts[sku] += 1

    def start(self) -> None:
        """Write every minute from now on, in a thread of its own."""
        self._started = True
        Thread(target=self._run, args=(self._ending,), name="portes-missing", daemon=True).start()

    def _run(self, ending: Event) -> None:
        while not ending.wait(INTERVAL):
            self.save()

    def save(self) -> None:
        """Add what was counted since the last time to the file. What goes wrong is logged, and tried again."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
            if not counts:
                return
            try:
                with self._database.writing() as base:
                    self._add(base, counts)
            except DatabaseError as error:
                with self._lock:
                    self._counts.update(counts)
                if UNKEPT.note(self._state, _PART, str(error)):
                    _log.warning("missing SKUs are not kept", store=self._store, cause=str(error))
            else:
                UNKEPT.over(self._state, _PART)

    def _add(self, base: Connection, counts: Counter[str]) -> None:
        now = self._clock.now().timestamp()
        base.execute(
            _ADD, [{"store": self._store, "sku": sku, "asked": asked, "last": now} for sku, asked in counts.items()]
        )
        table, own = _MISSING.c, _MISSING.c.store == self._store
        base.execute(delete(_MISSING).where(own, table.last < now - _KEPT_SECONDS))
        most = select(table.sku).where(own).order_by(table.asked.desc(), table.last.desc()).limit(MOST_KEPT)
        base.execute(delete(_MISSING).where(own, table.sku.not_in(most)))

    def close(self) -> None:
        """Write for the last time."""
        self._ended = True
        self._ending.set()
        self.save()
        self._database.close()


def read_missing(state: Path, store: str, most: int) -> list[MissingSku]:
    """The SKUs that a store's catalogue lacked, the most asked first. Raises `DatabaseError`."""
    database = Database(state / MISSING_FILE, _FORM)
    try:
        with database.reading() as base:
            if base is None:
                return []
            table = _MISSING.c
            wanted = select(table.sku, table.asked, table.last).where(table.store == store)
            rows = base.execute(wanted.order_by(table.asked.desc(), table.last.desc(), table.sku).limit(most))
            return [MissingSku(*row) for row in rows]
    finally:
        database.close()


__all__ = ["MISSING_FILE", "MissingSku", "MissingSkus", "read_missing"]
