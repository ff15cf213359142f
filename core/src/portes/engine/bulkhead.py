"""A pool of threads per carrier, and how many calls may wait for them; a question is let in or turned away whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from portes.errors import BusyError
from portes.forks.children import in_each_process


class Cap:
    """Counts calls that are under way or waiting; full from `calls` on. Thread-safe.

    It is asked once for a whole question, which then makes all its calls: a cart of two hundred lines may need more of
    them than ever wait otherwise, and must be answered where nobody else is. So it bounds what strangers leave behind
    for one another, and memory to that and the calls of one question.
    """

    def __init__(self, calls: int) -> None:
        self.calls = calls
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._lock = Lock()
        self._under_way = 0

    @property
    def full(self) -> bool:
        """Whether the next question is turned away."""
        return self._under_way >= self.calls

    def add(self, calls: int) -> None:
        """Count calls that begin, or with a minus some that ended."""
        with self._lock:
            self._under_way += calls


class Bulkhead:
    """Threads of one carrier: `threads` calls at once, and room for a question while fewer than `queue` more wait."""

    def __init__(self, name: str, threads: int, queue: int, cap: Cap) -> None:
        self._name = name
        self._threads = threads
        self._own = Cap(threads + queue)
        self._all = cap
        self._closed = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=f"portes-{self._name}")
        if self._closed:
            self.close()

    def crowded(self) -> str:
        """Why a question has to be turned away, empty while there is room for one."""
        return f"{self._own.calls} calls of this carrier are under way or waiting" if self._own.full else ""

    def run(self, work: Callable[[], None]) -> None:
        """Have the work done in a thread; it must not raise. Raises `BusyError` when there is none to be had."""
        turn = Lock()
        self._count(1)
        try:
            self._pool.submit(self._run_once, turn, work)
        except BaseException as problem:
            if not turn.acquire(blocking=False):
                return  # the pool took it before it failed to start one thread more
            self._count(-1)
            if not isinstance(problem, RuntimeError):
                raise
            raise BusyError("the store is closing" if self._closed else "no thread can be started") from None

    def _run_once(self, turn: Lock, work: Callable[[], None]) -> None:
        """The work, unless whoever wanted it was told that nobody does it."""
        if turn.acquire(blocking=False):
            try:
                work()
            finally:
                self._count(-1)

    def _count(self, calls: int) -> None:
        self._own.add(calls)
        self._all.add(calls)

    def close(self) -> None:
        """Take no more work; what is under way ends within its own timeout."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=False)
