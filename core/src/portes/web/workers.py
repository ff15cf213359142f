"""The processes that answer, and the one that starts, counts and stops them; it knows no admin address."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import structlog
from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from portes.assembly import installed_watchers, open_stores
from portes.errors import SettingsError
from portes.registry import Registry
from portes.web.admin import Workers
from portes.web.app import public_app
from portes.web.connections import HttpConfig
from portes.web.limits import Limits
from portes.web.logs import configure_logs


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes the public application in a worker process; it travels there by pickle."""

    files: tuple[Path, ...]
    log_level: str
    limits: Limits

    def __call__(self) -> Starlette:
        """Open the stores; a worker that cannot ends the service, since its twin could not either."""
        configure_logs(self.log_level)
        _stop_with_the_parent()
        registry = Registry()
        try:
            watchers = installed_watchers(registry)
            stores = open_stores(self.files, registry=registry, watchers=watchers)
        except SettingsError as error:
            structlog.get_logger(__name__).error("a store broke since the start", problems=str(error))
            sys.exit(STARTUP_FAILURE)
        _forget_garbage()
        return public_app(tuple(stores.values()), watchers)


class Supervisor(Multiprocess):
    """uvicorn's supervisor, which also says when all workers answer, and how many do."""

    def __init__(self, worker: Worker, count: int, listener: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(HttpConfig(worker, worker.limits, workers=count), [listener])
        self.failed = False
        """Whether the workers could not start."""
        self._tell_ready = ready
        self._answering: tuple[int, ...] = ()

    def workers(self) -> Workers:
        """Which answer, as of half a second ago."""
        return Workers(self._answering, self.processes_num)

    def init_processes(self) -> None:
        """Start the workers and wait until all answer, or one cannot."""
        super().init_processes()
        while not self.workers().ready and not self.should_exit.wait(0.05):
            self.handle_signals()
            self._count()
            if not all(process.process.is_alive() for process in self.processes):
                self.failed = True
                self.should_exit.set()
        if not self.should_exit.is_set():
            self._tell_ready()

    def keep_subprocess_alive(self) -> None:
        """Replace a worker that died or hangs, and count those that answer."""
        super().keep_subprocess_alive()
        self._count()

    def terminate_all(self) -> None:
        """Refuse new connections, and let the workers finish the calls they have."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def _count(self) -> None:
        self._answering = tuple(
            process.pid for process in self.processes if process.pid and process.is_ready(timeout=1)
        )


def _forget_garbage() -> None:
    """Keep the collector away from what lives as long as the process: walking it all would stop every call."""
    gc.collect()
    gc.freeze()


def _stop_with_the_parent() -> None:
    """End when the parent is gone, however it went: nobody else would ever stop this process."""
    parent = parent_process()
    if parent is None:
        return
    loop, alive = asyncio.get_running_loop(), parent.sentinel

    def end() -> None:
        loop.remove_reader(alive)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(alive, end)
