"""Takes up changed files while the service runs: the parent checks and tells, workers follow; it knows no setting."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

import structlog

from portes.store import Store
from portes.web.live_stores import LiveStores, ServedStores
from portes.web.reload.generation import GenerationFile
from portes.web.reload.loads import Loads, StoreChange

LOOK: Final = 0.25
"""Seconds between two looks, at the files and at the generation."""

_AGAIN: Final = 5.0
"""Seconds after which a worker tries again what it alone refused, such as for a locked file."""
_LONGEST_CALL: Final = 60.0
"""Seconds after which calls still under way no longer keep a store open."""

_log = structlog.get_logger(__name__)


class Reloading:
    """The parent's part: make the stores of changed files aside, and once they stand tell the workers of it.

    Files are read once they stayed the same from one look to the next: half of one may be written yet.
    """

    def __init__(self, loads: Loads, told: GenerationFile) -> None:
        self.loads = loads
        self.generation = told.read()
        """The one in force."""
        self._told = told
        self._untold = self._forced = False
        self._asked = Event()
        self._ending = Event()
        self._seen: object = None
        self._taken: object = None

    def ask(self) -> None:
        """Make every store anew, soon; safe in a signal handler's wake."""
        self._asked.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look again and again, in a thread, until the block ends."""
        thread = Thread(target=self._run, name="portes-reload", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join()

    def _run(self) -> None:
        while not self._ending.wait(LOOK):
            try:
                self._look()
            except Exception:  # noqa: BLE001 — without this thread no change would ever be taken up again
                _log.exception("reload crashed")

    def _look(self) -> None:
        now = self.loads.signatures()
        settled, self._seen = now == self._seen, now
        if settled and (self._asked.is_set() or now != self._taken):
            self._take(now)
        if self._untold:
            self._tell()

    def _take(self, now: object) -> None:
        every = self._asked.is_set()
        self._asked.clear()
        change = self.loads.take(every=every)
        self._taken = None if change.unsettled else now
        for store in change.gone:  # nobody asks the parent's stores anything
            store.close()
        self._forced |= every and bool(change)
        self._untold |= bool(change)

    def _tell(self) -> None:
        try:
            self.generation = self._told.advance(self.generation, forced=self._forced)
        except OSError as problem:
            _log.error("workers cannot be told of changed stores, trying again", cause=str(problem))
            return
        self._untold = self._forced = False
        _log.info("stores changed", generation=self.generation.number)


class Following:
    """A worker's part: once told, make the stores aside in a thread, and exchange them between two calls."""

    def __init__(self, loads: Loads, told: GenerationFile) -> None:
        self._loads = loads
        self._told = told
        self._taken = told.read()
        self._again_at = 0.0
        self._earlier: list[ServedStores] = []

    def open(self) -> None:
        """Make the stores that can be made."""
        self._loads.take()

    def wait_until_sound(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Wait until every store can be made."""
        while self._loads.problems:
            wait(LOOK)
            self._look()

    def start(self, standing: LiveStores, loop: asyncio.AbstractEventLoop) -> None:
        """Follow from now on, in a thread that ends with the process."""
        Thread(target=self._run, args=(standing, loop), name="portes-reload", daemon=True).start()

    def _run(self, standing: LiveStores, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            time.sleep(LOOK)
            try:
                change = self._look()
                if change and not self._exchange(change, standing, loop):
                    return
            except Exception:  # noqa: BLE001 — without this thread no change would ever be taken up again
                _log.exception("reload crashed")

    def _look(self) -> StoreChange:
        now, again = self._told.read(), self._is_time_again()
        if now.number == self._taken.number and not again:
            return StoreChange()
        change = self._loads.take(every=now.forced > self._taken.number, refused=again)
        if not change.unsettled:
            self._taken = now
        return change

    def _is_time_again(self) -> bool:
        if not self._loads.problems or time.monotonic() < self._again_at:
            return False
        self._again_at = time.monotonic() + _AGAIN
        return True

    def _exchange(self, change: StoreChange, standing: LiveStores, loop: asyncio.AbstractEventLoop) -> bool:
        """Have the loop exchange the stores; whether it does, or ends instead."""
        for store in change.fresh:
            store.warm()
        exchanged: Future[ServedStores | None] = Future()
        stores = self._loads.stores
        loop.call_soon_threadsafe(lambda: exchanged.set_result(standing.exchange(stores)))
        earlier = exchanged.result()
        if earlier is None:
            return False
        self._earlier = [*(lineup for lineup in self._earlier if lineup.calls), earlier]
        # a thread that the interpreter waits for at its end: calls and receipts may be with the stores still
        Thread(target=_retire, args=(change.gone, tuple(self._earlier)), name="portes-retiring").start()
        return True


def _retire(stores: tuple[Store, ...], lineups: tuple[ServedStores, ...]) -> None:
    """Close stores once no call is with them and no carrier is asked for them."""
    until = time.monotonic() + _LONGEST_CALL
    while any(lineup.calls for lineup in lineups) and time.monotonic() < until:
        time.sleep(LOOK)
    for store in stores:
        store.quoter.idle(max((member.settings.timeout for member in store.members), default=0.0))
        store.close()
    forget_garbage()


def forget_garbage() -> None:
    """Keep the collector away from what lives as long as the process: walking it all would stop every call."""
    gc.unfreeze()  # what was left of earlier stores is among it
    gc.collect()
    gc.freeze()


__all__ = ["LOOK", "Following", "Reloading", "forget_garbage"]
