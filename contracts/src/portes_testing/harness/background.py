"""The kit's `tools.background`: what a quote hands over waits until the quote is done."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from structlog.typing import FilteringBoundLogger

from portes.errors import CarrierError


class DeferredBackground:
    """Calls taken as `tools.background` takes them, and run on demand: a check sees before and after."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._lock = threading.Lock()
        self._running = threading.RLock()
        self._here = threading.local()
        self._used = False

    def __call__(self, key: Hashable, call: Callable[[], object]) -> bool:
        """Take a call, one for each key; none while this thread looks at what they came to."""
        if getattr(self._here, "closed", False):
            return False
        with self._lock:
            self._used = True
            return self._waiting.setdefault(key, call) is call

    def run(self) -> bool:
        """Run what waits, and wait for what other threads run; whether anything was ever handed over."""
        with self._running:
            self._run_all()
        return self._used

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Take nothing from this thread while the block runs."""
        self._here.closed = True
        try:
            yield
        finally:
            self._here.closed = False

    def close(self) -> None:
        """Forget the calls that wait."""
        with self._lock:
            self._waiting.clear()

    def _run_all(self) -> None:
        with self._lock:
            calls, self._waiting = list(self._waiting.values()), {}
        for call in calls:
            try:
                call()
            except CarrierError as problem:
                self._log.warning("a call in the background failed", kind=problem.kind, hint=problem.hint)


__all__ = ["DeferredBackground"]
