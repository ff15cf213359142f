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
from portes.web.reload.generation import POLL_SECONDS, GenerationFile
from portes.web.reload.store_loader import StoreChange, StoreLoader

_RETRY_SECONDS: Final = 5.0
"""Seconds after which a worker tries again what it alone refused, such as for a locked file."""
_LOOKS: Final = (50_000, 20, 100)
"""New objects until the collector looks at these, and looks at younger ones until it looks at older ones."""
_LONGEST_CALL: Final = 60.0
"""Seconds after which calls still under way no longer keep a store open."""


class WorkerReloader:
    """Loads announced stores aside, in a thread, and has the event loop exchange them between two calls."""

    def __init__(self, loader: StoreLoader, generation_file: GenerationFile) -> None:
        self._loader = loader
        self._generation_file = generation_file
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
                change = self._poll()
                if change and not self._exchange(change, live_stores, loop):
                    return
                self._crashes.over()
            except Exception as error:  # noqa: BLE001 — without this thread no change would ever be taken up again
                self._crashes.tell("reload crashed", error)

    def _poll(self) -> StoreChange:
        now, retry = self._generation_file.read(), self._is_time_to_retry()
        if now.number == self._loaded.number and not retry:
            return StoreChange()
        change = self._loader.load(every=now.forced > self._loaded.number, refused=retry)
        if not change.unsettled:
            self._loaded = now
        return change

    def _is_time_to_retry(self) -> bool:
        if not self._loader.problems or time.monotonic() < self._retry_at:
            return False
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        return True

    def _exchange(self, change: StoreChange, live_stores: LiveStores, loop: asyncio.AbstractEventLoop) -> bool:
        """Have the loop exchange the stores; whether it does, or ends instead."""
        for store in change.fresh:
            store.warm()
        exchanged: Future[ServedStores | None] = Future()
        stores, refused = self._loader.stores, self._loader.refused_stores
        loop.call_soon_threadsafe(lambda: exchanged.set_result(live_stores.exchange(stores, refused)))
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
