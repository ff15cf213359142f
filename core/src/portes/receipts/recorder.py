"""Keeps a store's quotes behind the answers; what cannot be kept is counted, and nobody waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Final

import structlog

from portes.clock import Clock
from portes.files import UNKEPT
from portes.forks.children import in_each_process
from portes.hooks import Watchers
from portes.receipts.buffer import ReceiptBuffer
from portes.receipts.codec import Entry
from portes.receipts.database import MOST_ON_A_PAGE, Page, ReceiptDatabase, ReceiptDatabaseError
from portes.receipts.losses import Losses
from portes.receipts.writer import Writer
from portes.settings import ReceiptsSection

RETRY_FOR: Final = 15.0
"""Seconds for which a database that is locked, full or broken is tried again before what waits for it is lost."""

_PART: Final = "receipts"
_MOST_A_TURN: Final = 2 * MOST_ON_A_PAGE
_TIDY_EVERY: Final = 600.0
_GRACE: Final = 3.0
"""Seconds beyond the time for closing: a wait for a lock may be under way."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecorderTerms:
    """Whose receipts are kept where, and how."""

    path: Path
    """The database."""
    store: str
    versions: Mapping[str, str]
    """Which settings, tariffs and plugins are at work."""
    settings: ReceiptsSection
    """How long receipts are kept, and how many quotes may wait to be written."""


class ReceiptRecorder:
    """Keeps the receipts of one store: it writes what goes into its `buffer` behind the answers; `close` it."""

    def __init__(self, terms: RecorderTerms, writer: Writer, clock: Clock, watchers: Watchers) -> None:
        self._terms = terms
        self._writer = writer
        self._clock = clock
        self._losses = Losses(terms.store, watchers, clock)
        self._database = ReceiptDatabase(terms.path)
        self._tidy_at = float("-inf")
        self._closing = False
        self.buffer: Final = ReceiptBuffer(terms.store, terms.settings, self._losses, self._call)
        """Where quotes and replies are handed over."""
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._entries: list[Entry] = []
        """Taken and not yet written: they are tried again."""
        self._failing_since: float | None = None
        self._serving = Lock()
        self._served = self._giving_up = False
        self._done = Event()

    @property
    def lost(self) -> int:
        """How many receipts were lost so far."""
        return self._losses.total

    @property
    def finished(self) -> bool:
        """Whether it is closed, and all is written or given up."""
        return self._done.is_set()

    def close(self, seconds: float = 5.0) -> None:
        """Take no more quotes and write those there are; what is not written after so many seconds is lost."""
        self.buffer.close()
        self._closing = True
        with self._serving:
            if not self._served:
                self._finish()
        self._writer.hurry()
        if not self._done.wait(seconds):
            self._giving_up = True
            self._writer.hurry()
            self._done.wait(_GRACE)
        self._losses.report(last=True)

    def turn(self) -> bool:
        """Write some of what there is, delete some of what is due; whether there is more to do."""
        try:
            more = self._turn()
        except Exception:  # noqa: BLE001 — the thread writes for other stores too, and for this one again
            _log.exception("receipts crashed", store=self._terms.store)
            self._lose("crashed")
            more = bool(self.buffer)
        if self._closing and (self._giving_up or not more):
            self._finish()
        self._losses.report()
        return more and not self.finished

    def _call(self, made: int) -> None:
        """Have the writer come, soon; at once when there is a page to write."""
        if not self._served:
            with self._serving:
                self._take_on()
        if made % MOST_ON_A_PAGE == MOST_ON_A_PAGE - 1:
            self._writer.hurry()
        else:
            self._writer.call()

    def _take_on(self) -> None:
        if not self._served and not self.finished:
            self._served = True
            self._writer.serve(self)

    def _turn(self) -> bool:
        if not self._entries:
            self._entries = self.buffer.take(_MOST_A_TURN)
        if self._entries:
            self._write()
        more_to_tidy = self._tidied()
        return bool(self.buffer or self._entries or more_to_tidy)

    def _write(self) -> None:
        try:
            self._database.write(self._pages())
        except ReceiptDatabaseError as problem:
            self._failed(problem)
        else:
            self._entries = []
            self._failing_since = None
            if UNKEPT.over(self._terms.path.parent, _PART):
                _log.info("receipts are kept again", store=self._terms.store)

    def _pages(self) -> list[Page]:
        terms, entries = self._terms, self._entries
        starts = range(0, len(entries), MOST_ON_A_PAGE)
        return [
            Page(terms.store, terms.settings.days, terms.versions, entries[at : at + MOST_ON_A_PAGE]) for at in starts
        ]

    def _failed(self, problem: ReceiptDatabaseError) -> None:
        """Keep the entries for another try, for a while."""
        now = self._clock.monotonic()
        if self._failing_since is None:
            self._failing_since = now
        if UNKEPT.note(self._terms.path.parent, _PART, str(problem)):
            _log.warning("receipts wait", store=self._terms.store, cause=str(problem))
        hopeless = self._closing and problem.kind != "locked"
        if self._giving_up or hopeless or now - self._failing_since >= RETRY_FOR:
            self._lose(problem.kind)

    def _lose(self, cause: str) -> None:
        self._losses.add(len(self._entries), cause)
        self._entries = []
        self._failing_since = None

    def _tidied(self) -> bool:
        """Delete some of what is due, every few minutes; whether there may be more."""
        now = self._clock.monotonic()
        if now < self._tidy_at or self._entries or self._closing:
            return False
        try:
            more = self._database.forget(
                self._terms.store, int(self._clock.now().timestamp() * 1000), self._terms.settings.days
            )
        except ReceiptDatabaseError as problem:
            _log.warning("old receipts stay", store=self._terms.store, cause=str(problem))
            more = False
        self._tidy_at = now if more else now + _TIDY_EVERY
        return more

    def _finish(self) -> None:
        self._lose("closed")
        self._losses.add(len(self.buffer), "closed")
        self._database.close()
        self._done.set()
