"""The serving parent's part of a reload: check changed files and announce new stores; it answers no call."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

import structlog

from portes.web.reload.crashes import CrashLog
from portes.web.reload.generation import POLL_SECONDS, Generation, GenerationFile
from portes.web.reload.store_loader import StoreLoader

_LAST_SECONDS: Final = 1.0
_PREPARING_SECONDS: Final = 5.0
"""Seconds that workers may take to prepare announced stores; one that takes longer exchanges its own later."""
_RETRY_SECONDS: Final = 5.0
"""Seconds after which refused files are tried again: a lock, a right or a full disk is mended without their change."""
_RETRY_PAUSES: Final = 20
"""How many times longer than the last look the pause before a retry is, at least: a large table takes seconds."""
_LEAD_SECONDS: Final = 3 * POLL_SECONDS
"""Seconds from saying the moment of the exchange to that moment: within them every worker hears of it."""

_log = structlog.get_logger(__name__)


class ParentReloader:
    """Loads the stores of changed files aside, and once they can be made announces them to the workers.

    Files are read once they stayed the same from one look to the next: half of one may be written yet. Once every
    worker has prepared the announced stores, it is said at which moment all of them exchange theirs, so that nobody
    gets an answer of before once somebody had one of after.
    """

    def __init__(
        self, loader: StoreLoader, generation_file: GenerationFile, prepared: Callable[[int], bool] = lambda _: True
    ) -> None:
        """`prepared` says whether every worker that answers has prepared the stores of a generation."""
        self.loader = loader
        self.generation = generation_file.read()
        """The one in force."""
        self.crashed = ""
        """Where and as what looking at the files crashes, so that no change is taken up; empty when it does not."""
        self._crashes = CrashLog()
        self._generation_file = generation_file
        self._prepared = prepared
        self._announced: Generation | None = None
        """The generation that workers prepare, and whose moment is still to be said."""
        self._no_longer = self._retry_at = 0.0
        self._unannounced = self._forced = self._mute = False
        self._requested = Event()
        self._stopping = Event()
        self._seen: object = None
        self._loaded: object = None

    def request(self) -> None:
        """Ask for every store to be made anew, soon; safe in a signal handler's wake."""
        self._requested.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch the files, in a thread, until the block ends."""
        thread = Thread(target=self._run, name="portes-reload", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join(_LAST_SECONDS)  # it may stand in a plugin, or in a file that says nothing

    def _run(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                self._poll()
            except Exception as error:  # noqa: BLE001 — without this thread no change would ever be taken up again
                self.crashed = self._crashes.tell("reload crashed", error)
            else:
                self.crashed = ""
                self._crashes.over()

    def _poll(self) -> None:
        if self._announced is not None and not self._settle(self._announced):
            return
        now = self.loader.signatures()
        settled, self._seen = now == self._seen, now
        if settled and (self._requested.is_set() or now != self._loaded or self._is_time_to_retry()):
            self._load(now)
        if self._unannounced:
            self._announce()

    def _is_time_to_retry(self) -> bool:
        return bool(self.loader.problems) and time.monotonic() >= self._retry_at

    def _load(self, now: object) -> None:
        every, begun = self._requested.is_set(), time.monotonic()
        self._requested.clear()
        change = self.loader.load(every=every, refused=True)
        over = time.monotonic()
        self._retry_at = over + max(_RETRY_SECONDS, _RETRY_PAUSES * (over - begun))
        self._loaded = None if change.unsettled else now
        for store in change.gone:  # nobody asks the parent's stores anything
            store.close()
        self._forced |= every and bool(change)
        self._unannounced |= bool(change)

    def _announce(self) -> None:
        try:
            self._announced = self._generation_file.advance(self.generation, forced=self._forced)
        except OSError as problem:
            if not self._mute:
                _log.error("workers cannot be told of changed stores, trying again", cause=str(problem))
            self._mute = True
            return
        self.generation = self._announced
        self._unannounced = self._forced = self._mute = False
        self._no_longer = time.monotonic() + _PREPARING_SECONDS

    def _settle(self, announced: Generation) -> bool:
        """Say when the stores are exchanged, once every worker is prepared; whether that is said."""
        if not self._prepared(announced.number) and time.monotonic() < self._no_longer:
            return False
        try:
            self.generation = self._generation_file.settle(announced, time.time() + _LEAD_SECONDS)
        except OSError:  # told when stores change the next time; until then workers wait no longer than they would
            _log.exception("workers cannot be told when to exchange stores")
        self._announced = None
        _log.info("stores changed", generation=announced.number)
        return True
