"""Runs the service: workers that answer, and beside them the admin address; it knows no settings but where to listen.

The parent opens every store before it opens a port, so what is wrong is said while nothing depends on it yet; the
stores that are right are served all the same.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette

from portes.errors import Problem, SettingsError
from portes.registry import Registry
from portes.store import Opener
from portes.web.admin.app import admin_app
from portes.web.admin.reload_page import ReloadPage
from portes.web.logs import configure_logs
from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits, fitted
from portes.web.processes.supervisor import Supervisor
from portes.web.processes.workers import Worker
from portes.web.reload.generation import GenerationFile, PreparedWorkers
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import StoreLoader

_METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own name for it."""
_PAGE_SECONDS: Final = 1
"""What an operator's page may take once the workers are gone."""
_BACKLOG: Final = 2048
"""Connections the kernel holds while every worker is busy."""


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """The stores to serve, and the addresses to serve them on."""

    paths: tuple[Path, ...]
    """Store files, and folders in which stores may come and go."""
    host: str = "127.0.0.1"
    port: int = 8080
    """0 takes a free one."""
    admin_host: str = "127.0.0.1"
    admin_port: int = 9080
    """0 takes a free one."""
    admin_names: tuple[str, ...] = ()
    """Names by which the admin address is called, beside localhost, `admin_host` and addresses in figures."""
    workers: int = 1
    log_level: str = "info"
    strict: bool = False
    """Whether one store that is wrong keeps the others from being served."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The two addresses at which the service answers."""

    public: str
    admin: str


def serve_until_stopped(options: ServiceOptions, listening: Callable[[Addresses], None]) -> bool:
    """Serve until told to stop by SIGTERM or SIGINT; `listening` is called once all workers answer.

    Returns whether it ended because it was told to, not because its workers could not start.
    Raises `SettingsError`, with every problem of every store, before any port is opened: when no store is sound, or
    all were to be.
    """
    configure_logs(options.log_level)
    os.environ["PYTHONSAFEPATH"] = "1"  # workers begin as `python -c`, which would import from the current folder
    with ExitStack() as held:
        held.callback(signal.alarm, 0)  # what the supervisor winds up at a stop
        limits = fitted(options.limits)
        registry = Registry()
        loader = held.enter_context(_load_stores(options, registry))
        public = held.enter_context(_bind(options.host, options.port, "port"))
        admin = held.enter_context(_bind(options.admin_host, options.admin_port, "admin-port"))
        folder = held.enter_context(_metrics_folder())
        addresses = Addresses(_url(public), _url(admin))
        generation_file = GenerationFile(*_generation_folders(loader, folder), service=token_hex(4))
        held.callback(generation_file.remove)
        notes = PreparedWorkers(folder)
        reloader = ParentReloader(
            loader, generation_file, lambda number: notes.have(number, supervisor.workers().heard)
        )
        worker = Worker(options.paths, generation_file, folder, options.log_level, limits)
        ready = partial(_announce, listening, addresses)
        supervisor = Supervisor(worker, options.workers, public, ready, reloader.request)
        application = admin_app(
            lambda: loader.stores,
            registry=registry,
            public_url=addresses.public,
            workers=supervisor.workers,
            metrics_folder=folder,
            reloads=ReloadPage(reloader),
            names=(options.admin_host, *options.admin_names),
        )
        held.enter_context(_serving_beside(application, admin, limits))
        held.enter_context(reloader.running())
        supervisor.run()
        return not supervisor.failed


@contextmanager
def _load_stores(options: ServiceOptions, registry: Registry) -> Iterator[StoreLoader]:
    loader = StoreLoader(options.paths, Opener(registry=registry))
    loader.load()
    try:
        if loader.problems and (options.strict or not loader.stores):
            raise SettingsError(loader.problems)
        yield loader
    finally:
        loader.close()


def _generation_folders(loader: StoreLoader, private: Path) -> tuple[Path, ...]:
    """A state folder, which may be full, and a private one, which a system may tidy away after days."""
    states = (store.settings.state for store in loader.stores)
    return (*[state for state in states if state is not None][:1], private)


def _announce(listening: Callable[[Addresses], None], addresses: Addresses) -> None:
    structlog.get_logger(__name__).info("listening", public=addresses.public, admin=addresses.admin)
    listening(addresses)


@contextmanager
def _bind(host: str, port: int, option: str) -> Iterator[socket.socket]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        fix = f"choose another --{option}, or 0 for a free one, and an address of this machine"
        raise SettingsError(Problem(f"--{option}", f"{host}:{port}", error.strerror or str(error), fix)) from None
    with listener:
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _metrics_folder() -> Iterator[Path]:
    """Hold a private folder for the workers' counts; they find it in their environment."""
    with TemporaryDirectory(prefix="portes-metrics-") as folder:
        before = os.environ.get(_METRICS_FOLDER)
        os.environ[_METRICS_FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ[_METRICS_FOLDER]
            else:
                os.environ[_METRICS_FOLDER] = before


@contextmanager
def _serving_beside(application: Starlette, listener: socket.socket, limits: Limits) -> Iterator[None]:
    """Serve an application in a thread, next to a main thread that only waits."""
    server = uvicorn.Server(HttpConfig(application, replace(limits, finish_seconds=_PAGE_SECONDS)))
    thread = threading.Thread(target=server.run, args=([listener],), name="portes-admin", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(2 * _PAGE_SECONDS)
