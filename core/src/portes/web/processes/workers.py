"""A process that answers: it opens the stores, tells its parent that its event loop runs, and ends with its parent."""

import asyncio
import faulthandler
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Final

import uvicorn
from starlette.applications import Starlette

from portes.registry import Registry
from portes.store import Opener, installed_watchers
from portes.web.app import public_app
from portes.web.logs import configure_logs
from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits
from portes.web.reload.generation import GenerationFile, PreparedWorkers
from portes.web.reload.store_loader import StoreLoader
from portes.web.reload.worker import WorkerReloader, freeze_garbage

TELL_SIGNAL: Final = signal.SIGUSR1
"""Has a worker write to standard error where each of its threads stands, even when it does nothing else any more."""
_BEAT_TICKS: Final = 5
"""Turns of uvicorn's main loop, of a tenth of a second each, from one beat to the next."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes the public application in a worker process; it travels there by pickle."""

    paths: tuple[Path, ...]
    generation_file: GenerationFile
    """In which the parent announces changed stores."""
    private: Path
    """Where a worker notes that it has prepared them."""
    log_level: str
    limits: Limits

    def __call__(self) -> Starlette:
        """Open the stores that can be made, and exchange them whenever the parent announces changed ones."""
        configure_logs(self.log_level)
        registry = Registry()
        watchers = installed_watchers(registry)
        loader = StoreLoader(self.paths, Opener(registry=registry, watchers=watchers))
        reloader = WorkerReloader(loader, self.generation_file, PreparedWorkers(self.private))
        loader.load()  # after the generation was read: a change announced meanwhile is taken up, not missed
        freeze_garbage()
        for store in loader.stores:
            store.warm()
        application = public_app(loader.stores, watchers, refused=loader.refused_stores, registry=registry)
        reloader.start(application.state.live_stores, asyncio.get_running_loop())
        return application


class BeatingServer(uvicorn.Server):
    """A server whose event loop sends a beat twice a second: no other thread could speak for it while it is held up."""

    def __init__(self, config: uvicorn.Config, beats: Connection) -> None:
        super().__init__(config)
        self._beats = beats
        os.set_blocking(beats.fileno(), False)  # a parent that stands still must not hold up its workers

    async def on_tick(self, counter: int) -> bool:
        """Beat; uvicorn calls this once it has started, and from then on ten times a second."""
        if counter % _BEAT_TICKS == 0:
            with suppress(OSError):  # nobody listens any more, or not now
                os.write(self._beats.fileno(), b".")
        return await super().on_tick(counter)


def answer_calls(config: HttpConfig, beats: Connection, listener: socket.socket) -> None:
    """Answer calls in this process until it is told to stop or its parent is gone."""
    config.configure_logging()  # a process begins with logs of its own, and uvicorn's names what callers show
    if sys.stderr is not None:  # closed for some services
        faulthandler.register(TELL_SIGNAL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a hang-up is the parent's to hear, even if a whole group is told
    Thread(target=_end_with_the_parent, args=(config.limits,), name="portes-orphan", daemon=True).start()
    with suppress(KeyboardInterrupt):  # Ctrl-C in a terminal is for the whole group, and the parent sees to the end
        BeatingServer(config, beats).run([listener])


def _end_with_the_parent(limits: Limits) -> None:
    """End when the parent is gone, however it went and whatever holds this process up: nobody else would stop it."""
    parent = parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(limits.shutdown_seconds)
    os.kill(os.getpid(), signal.SIGKILL)
