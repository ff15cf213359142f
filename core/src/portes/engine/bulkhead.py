"""A bounded pool of threads per carrier under a total cap; what does not fit is turned away at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from portes.errors import BusyError


class Cap:
    """How many calls all carriers together may have under way or waiting."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.free = BoundedSemaphore(calls)


class Bulkhead:
    """Threads of one carrier: `threads` calls at once, `queue` more may wait."""

    def __init__(self, name: str, threads: int, queue: int, cap: Cap) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"portes-{name}")
        self._free = BoundedSemaphore(threads + queue)
        self._room = threads + queue
        self._cap = cap

    def run(self, work: Callable[[], None]) -> None:
        """Have the work done in a thread. Raises `BusyError` when there is no room; the work must not raise."""
        if not self._free.acquire(blocking=False):
            raise BusyError(f"{self._room} calls of this carrier are under way or waiting")
        if not self._cap.free.acquire(blocking=False):
            self._free.release()
            raise BusyError(f"{self._cap.calls} carrier calls are under way or waiting")
        try:
            self._pool.submit(self._done_after, work)
        except RuntimeError:  # the pool is shut down: a quote came while the store was closing
            self._release()
            raise BusyError("the store is closing") from None

    def _done_after(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._release()

    def _release(self) -> None:
        self._free.release()
        self._cap.free.release()

    def close(self) -> None:
        """Take no more work; what is under way ends within its own timeout."""
        self._pool.shutdown(wait=False, cancel_futures=False)
