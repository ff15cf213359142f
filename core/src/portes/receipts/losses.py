"""Counts what could not be kept, and says so: to the watchers soon, to the log once in a while; it keeps nothing."""

from collections import Counter
from threading import Lock
from typing import Final

import structlog

from portes.clock import Clock
from portes.forks.children import in_each_process
from portes.hooks import Watchers

_LOG_EVERY: Final = 60.0

_log = structlog.get_logger(__name__)


class Losses:
    """The lost receipts of one store, by cause. Thread-safe."""

    def __init__(self, store: str, watchers: Watchers, clock: Clock) -> None:
        self._store = store
        self._watchers = watchers
        self._clock = clock
        self._log_at = float("-inf")
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._lock = Lock()
        self._untold: Counter[str] = Counter()
        self._unlogged: Counter[str] = Counter()
        self.total = 0
        """All that were ever lost."""

    def add(self, count: int, cause: str) -> None:
        """Count a loss: `queue_full`, `locked`, `full`, `broken`, `unwritable`, `crashed` or `closed`."""
        if count:
            with self._lock:
                self._untold[cause] += count
                self.total += count

    def report(self, *, last: bool = False) -> None:
        """Report what was not reported yet; `last` logs it even if something was logged a moment ago."""
        with self._lock:
            told, self._untold = self._untold, Counter()
            self._unlogged += told
            due = self._unlogged and (last or self._clock.monotonic() >= self._log_at)
            logged = self._unlogged if due else Counter[str]()
            if due:
                self._unlogged = Counter()
                self._log_at = self._clock.monotonic() + _LOG_EVERY
        for cause, count in told.items():
            self._watchers.portes_receipts_lost(store=self._store, count=count, cause=cause)
        if logged:
            _log.error("receipts lost", store=self._store, count=logged.total(), causes=dict(logged))
