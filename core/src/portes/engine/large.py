"""Keeps large questions off an event loop: their steps are counted beforehand, and taken in threads of their own."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Lock
from typing import Final, TypeVar

from portes.contract import QuoteRequest
from portes.engine.policy import Policy
from portes.errors import BusyError
from portes.forks.children import in_each_process

INLINE: Final = 50
"""Most lines, times the ways in which they may be packed and the origins that may be tried, of a question that an event
loop plans and decides itself.

Some 0.1 ms for each, more where there are cartons to choose from.
"""

ROOM: Final = 2_000
"""As much of it as all large questions of a store that are under way may have: less than a second's work."""

T = TypeVar("T")


def size_of(request: QuoteRequest, policy: Policy) -> int:
    """What a quote's steps grow with: ways of packing times lines, each once for every origin that may be tried for it.

    A carrier is packed for in one way for each set of limits that its services have. Of a question that is inline even
    where all its lines may go on to as many origins as are tried, it is no more than that.
    """
    least, tried = len(request.lines) * policy.ways_packed, policy.settings.most_origins if policy.goes_on else 1
    if tried == 1 or least * tried <= INLINE:
        return least * tried
    return sum(policy.tried_for(item.sku) for item in request.lines) * policy.ways_packed


class LargePool:
    """The threads in which a store's large questions are planned and decided, and room for a few. Thread-safe.

    One for each, so that no decision waits for another question's plan when its carriers have taken all the time
    there was; more would only take the interpreter from each other and from the loop.
    """

    def __init__(self, store: str) -> None:
        self._store = store
        self._closed = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._planning, self._deciding = (
            ThreadPoolExecutor(1, thread_name_prefix=f"portes-{self._store}-{step}")
            for step in ("planning", "deciding")
        )
        self._taken = 0
        self._lock = Lock()
        if self._closed:
            self.close()

    @contextmanager
    def place(self, size: int) -> Iterator[None]:
        """Room for a question, from its plan to its decision; whatever its size, one finds room when it is alone.

        Raises `BusyError` when there is none.
        """
        with self._lock:
            if self._taken and self._taken + size > ROOM:
                raise BusyError("as many large questions as there is room for are under way")
            self._taken += size
        try:
            yield
        finally:
            with self._lock:
                self._taken -= size

    async def plan(self, act: Callable[[], T], within: float | None) -> T:
        """What `act` makes, in the thread for plans and in the caller's context; it is waited for `within` seconds.

        Raises `BusyError` when it has not come by then; what has begun ends behind the answer.
        """
        return await self._run(self._planning, act, within)

    async def decide(self, act: Callable[[], T]) -> T:
        """What `act` makes, in the thread for decisions and in the caller's context."""
        return await self._run(self._deciding, act, None)

    @staticmethod
    async def _run(pool: ThreadPoolExecutor, act: Callable[[], T], within: float | None) -> T:
        try:
            future = asyncio.get_running_loop().run_in_executor(pool, copy_context().run, act)
        except RuntimeError:  # the pool is shut down: a question came while the store was closing
            raise BusyError("the store is closing") from None
        try:
            await asyncio.wait({future}, timeout=within)
        finally:
            future.cancel()
        if future.cancelled():
            raise BusyError("large questions that came before took all the time there was")
        return future.result()

    def close(self) -> None:
        """Take no more questions."""
        self._closed = True
        self._planning.shutdown(wait=False)
        self._deciding.shutdown(wait=False)
