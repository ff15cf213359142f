"""The processes that answer, and the one that starts, counts and stops them."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from pathlib import Path

import structlog
from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess, multiprocess

from portes.registry import Registry
from portes.store import Opener, installed_watchers
from portes.web.admin.app import WorkerStatus
from portes.web.app import public_app
from portes.web.logs import configure_logs
from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits
from portes.web.reload.generation import GenerationFile
from portes.web.reload.store_loader import StoreLoader
from portes.web.reload.worker import WorkerReloader, freeze_garbage


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes the public application in a worker process; it travels there by pickle."""

    paths: tuple[Path, ...]
    generation_folder: Path
    """The folder in which the parent announces changed stores."""
    log_level: str
    limits: Limits
    replacement: bool = False
    """Whether it takes the place of a worker that died: files that are broken by now may be mended."""
    alone: bool = False
    """Whether no other worker answers."""

    def __call__(self) -> Starlette:
        """Open the stores, and exchange them whenever the parent announces changed ones."""
        configure_logs(self.log_level)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a hang-up is the parent's to hear, even if a whole group is told
        _stop_with_the_parent()
        registry = Registry()
        watchers = installed_watchers(registry)
        loader = StoreLoader(self.paths, Opener(registry=registry, watchers=watchers))
        reloader = WorkerReloader(loader, GenerationFile(self.generation_folder))
        loader.load()  # after the generation was read: a change announced meanwhile is taken up, not missed
        if loader.problems:
            self._handle_broken_files(loader, reloader)
        freeze_garbage()
        for store in loader.stores:
            store.warm()
        application = public_app(loader.stores, watchers)
        reloader.start(application.state.live_stores, asyncio.get_running_loop())
        return application

    def _handle_broken_files(self, loader: StoreLoader, reloader: WorkerReloader) -> None:
        """Files broke since they were checked.

        At the start that ends the service, since every worker would find the same. Later the other workers still have
        the stores of before, so this one leaves them the calls until the files are mended; one that is alone answers
        for the stores it can make.
        """
        if not self.replacement:
            structlog.get_logger(__name__).error("a store broke since the start", problems=_texts(loader))
            sys.exit(STARTUP_FAILURE)
        if self.alone:
            structlog.get_logger(__name__).error("answering for the stores that are sound", problems=_texts(loader))
        else:
            structlog.get_logger(__name__).error("waiting until the stores are mended", problems=_texts(loader))
            with _ending_at_once():
                reloader.wait_until_sound()


class WorkerProcess(multiprocess.Process):
    """A worker process that makes its server before it answers pings.

    uvicorn's own makes it in whichever of two threads asks first; when both do, each makes one, and the parent may
    hear for ever from the one that never starts that it has not started.
    """

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, in the process itself."""
        _ = self.server
        super().target(sockets)


multiprocess.Process = WorkerProcess  # type: ignore[misc]  # the supervisor takes its class from there alone


class Supervisor(Multiprocess):
    """uvicorn's supervisor, which also says when all workers answer, and how many do."""

    def __init__(
        self,
        worker: Worker,
        count: int,
        listener: socket.socket,
        ready: Callable[[], None],
        reload: Callable[[], None],
    ) -> None:
        super().__init__(HttpConfig(worker, worker.limits, workers=count), [listener])
        self._worker = worker
        self._reload = reload
        self.failed = False
        """Whether the workers could not start."""
        self._ready = ready
        self._answering: tuple[int, ...] = ()

    def workers(self) -> WorkerStatus:
        """The workers that answer, as of half a second ago."""
        return WorkerStatus(self._answering, self.processes_num)

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
            self.config.app = replace(self._worker, replacement=True, alone=self.processes_num == 1)
            self._ready()

    def handle_hup(self) -> None:
        """Read all files again; uvicorn would replace the workers."""
        self._reload()

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


def _texts(loader: StoreLoader) -> list[str]:
    return [str(problem) for problem in loader.problems]


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """End when told to stop: before the server runs, nobody else would look whether it was."""
    before = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)


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
