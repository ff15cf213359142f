"""The one thread of a process that writes receipts, behind the answers."""

from threading import Event, Lock, Thread
from typing import Final, Protocol

from portes.forks.children import in_each_process

INTERVAL: Final = 0.5
"""Seconds in which receipts gather before they are written; a full page is written at once."""

_TICK: Final = 3600.0
"""Seconds after which old receipts are looked for even if nobody asks anything."""


class Served(Protocol):
    """Whoever has something to write. Only the writer's thread calls it."""

    def turn(self) -> bool:
        """Write what there is; whether there is more to do. Never raises."""
        ...

    @property
    def finished(self) -> bool:
        """Whether there will be nothing more to write."""
        ...


class Writer:
    """Serves several stores in turn, from one thread that lives as long as any of them. Thread-safe."""

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._lock = Lock()
        self._served: list[Served] = []
        self._alive = False
        self._called = Event()
        self._hurry = Event()

    def serve(self, served: Served) -> None:
        """Write for one store more, until it is finished. Its first turn comes when it calls."""
        with self._lock:
            self._served.append(served)
            if not self._alive:
                self._alive = True
                Thread(target=self._run, name="portes-receipts", daemon=True).start()

    def call(self) -> None:
        """Have what waits written soon."""
        if not self._called.is_set():
            self._called.set()

    def hurry(self) -> None:
        """Have what waits written at once."""
        self._called.set()
        self._hurry.set()

    def _run(self) -> None:
        while True:
            self._called.wait(_TICK)
            self._hurry.wait(self._interval)
            self._called.clear()  # before looking: a call that comes meanwhile is for the next turn
            self._hurry.clear()
            for served in tuple(self._served):
                if served.turn():
                    self._called.set()
            if not self._left():
                return

    def _left(self) -> bool:
        """Leave out the stores that are finished; True while any is left."""
        with self._lock:
            self._served = [served for served in self._served if not served.finished]
            self._alive = bool(self._served)
            return self._alive
