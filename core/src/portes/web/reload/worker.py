"""A worker's part of a reload: load the stores that the parent announced, and exchange them; it watches no file."""

import asyncio
import gc
import time
from concurrent.futures import Future
from threading import Thread
from typing import Final

from portes.store import Store
from portes.web.live_stores import LiveStores, ServedStores
from portes.web.reload.crashes import CrashLog
from portes.web.reload.generation import POLL_SECONDS, GenerationFile, PreparedWorkers
from portes.web.reload.store_loader import StoreChange, StoreLoader

_RETRY_SECONDS: Final = 5.0
"""Seconds after which a worker tries again what it alone refused, such as for a locked file."""
_LONGEST_PREPARED: Final = 10.0
"""Seconds that prepared stores wait for the moment of their exchange: a parent that is gone says none."""
_LOOKS: Final = (50_000, 20, 100)
"""New objects until the collector looks at these, and looks at younger ones until it looks at older ones."""
_LONGEST_CALL: Final = 60.0
"""Seconds after which calls still under way no longer keep a store open."""


class WorkerReloader:
    """Loads announced stores aside, in a thread, and has the event loop exchange them between two calls.

    The moment of the exchange is the parent's to say, and the same for all workers.
    """

    def __init__(self, loader: StoreLoader, generation_file: GenerationFile, prepared: PreparedWorkers) -> None:
        self._loader = loader
        self._generation_file = generation_file
        self._prepared = prepared
        self._loaded = generation_file.read()
        self._retry_at = 0.0
        self._earlier: list[ServedStores] = []
        self._crashes = CrashLog()

    def start(self, live_stores: LiveStores, loop: asyncio.AbstractEventLoop) -> None:
        """Take up announced stores from now on, in a thread that ends with the process."""
        Thread(target=self._run, args=(live_stores, loop), name="portes-reload", daemon=True).start()

    def _run(self, live_stores: LiveStores, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            try:
                change, announced = self._poll()
                if change and not self._exchange(change, self._moment() if announced else 0.0, live_stores, loop):
                    return
                self._crashes.over()
            except Exception as error:  # noqa: BLE001 — without this thread no change would ever be taken up again
                self._crashes.tell("reload crashed", error)

    def _poll(self) -> tuple[StoreChange, bool]:
        """What a look at the generation exchanges, and whether that was announced to all workers."""
        now, retry = self._generation_file.read(), self._is_time_to_retry()
        announced = now.number != self._loaded.number
        if not announced and not retry:
            return StoreChange(), False
        change = self._loader.load(every=now.forced > self._loaded.number, refused=retry)
        for store in change.fresh:
            store.warm()
        if not change.unsettled:
            self._loaded = now
        if announced:
            self._prepared.note(now.number)
        return change, announced

    def _is_time_to_retry(self) -> bool:
        if not self._loader.problems or time.monotonic() < self._retry_at:
            return False
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        return True

    def _moment(self) -> float:
        """When the prepared stores are exchanged, on the monotonic clock; waited for until it is said."""
        until, number = time.monotonic() + _LONGEST_PREPARED, self._loaded.number
        while (now := time.monotonic()) < until:
            told = self._generation_file.read()
            if told.at or told.number > number:  # a later one: nobody could say the moment of this one
                return now + min(max(0.0, told.at - time.time()), _LONGEST_PREPARED)
            time.sleep(POLL_SECONDS)
        return until

    def _exchange(
        self, change: StoreChange, moment: float, live_stores: LiveStores, loop: asyncio.AbstractEventLoop
    ) -> bool:
        """Have the loop exchange the stores at a moment; whether it does, or ends instead."""
        exchanged: Future[ServedStores | None] = Future()
        stores, refused = self._loader.stores, self._loader.refused_stores
        loop.call_soon_threadsafe(live_stores.exchange_at, moment, stores, refused, exchanged.set_result)
        earlier = exchanged.result()
        if earlier is None:
            return False
        self._earlier = [*(served for served in self._earlier if served.calls), earlier]
        # a thread that the interpreter waits for at its end: calls and receipts may be with the stores still
        Thread(target=_retire, args=(change.gone, tuple(self._earlier)), name="portes-retiring").start()
        return True


def _retire(stores: tuple[Store, ...], earlier: tuple[ServedStores, ...]) -> None:
    """Close stores once no call is with them and no carrier is asked for them."""
    until = time.monotonic() + _LONGEST_CALL
    while any(served.calls for served in earlier) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    for store in stores:
        store.quoter.idle(max((member.settings.timeout for member in store.members), default=0.0))
        store.close()
    freeze_garbage()


def freeze_garbage() -> None:
    """Keep the collector away from what lives as long as the process: walking it all would stop every call.

    It looks seldom, too: a call leaves hardly anything in circles, and a look at all stops the others for 50 ms.
    """
    gc.set_threshold(*_LOOKS)
    gc.unfreeze()  # what was left of earlier stores is among it
    gc.collect()
    gc.freeze()
