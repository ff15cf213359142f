"""Runs what a carrier wants to know by a later quote, never in the way of this one."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from threading import Condition
from typing import Final

from structlog.typing import FilteringBoundLogger

from portes.carrier import Deadline
from portes.errors import CarrierError
from portes.forks.children import in_each_process
from portes.toolbox.threads import Threads

THREADS: Final = 2
"""Calls of one carrier that run at once: what nobody waits for may take its time."""
QUEUE: Final = 256
"""Calls that may wait; one more is not taken, and asked for again by a later quote."""


class Background:
    """One per carrier. Handing a call over takes microseconds and waits for nobody, so an instant carrier may.

    What a call raises is logged and reaches no quote; it keeps a time limit of its own.
    """

    def __init__(self, name: str, log: FilteringBoundLogger, threads: int = THREADS, queue: int = QUEUE) -> None:
        self._threads = Threads(threads, f"background-{name}")
        self._log = log
        self._most = threads + queue
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._changed = Condition()
        self._under_way: set[Hashable] = set()

    def __call__(self, key: Hashable, call: Callable[[], object]) -> bool:
        """Have the call run soon; whether it will.

        It will not when one with this key waits or runs already, when too many wait, or when the carrier is closing.
        """
        with self._changed:
            if key in self._under_way or len(self._under_way) >= self._most:
                return False
            future = self._threads.submit(call)
            if future is None:
                return False
            self._under_way.add(key)
        future.add_done_callback(partial(self._on_done, key))
        return True

    def settle(self, deadline: Deadline) -> bool:
        """Wait until nothing waits or runs; whether that came before the deadline."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, deadline.remaining())

    def close(self) -> None:
        """Begin no more calls; those that run end by their own time limits."""
        self._threads.close()

    def _on_done(self, key: Hashable, future: "Future[object]") -> None:
        try:
            self._log_failed(None if future.cancelled() else future.exception())
        finally:  # also where the log itself cannot be written
            with self._changed:
                self._under_way.discard(key)
                self._changed.notify_all()

    def _log_failed(self, problem: BaseException | None) -> None:
        if isinstance(problem, CarrierError):
            self._log.warning("a call in the background failed", kind=problem.kind, hint=problem.hint)
        elif problem is not None:
            self._log.error("a call in the background crashed", exc_info=problem)
