"""What each worker says of its stores once a second: circuits, memory, calls under way; it asks no carrier.

Workers are processes of their own, so each writes a small file beside its counts, and the admin address reads them.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import time
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from portes.contract import FailureKind
from portes.engine.breaker import Circuit, CircuitState
from portes.files import replace_atomically
from portes.store import Store
from portes.web.admission import Admission

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where a worker's counts are, and so this file."""
_PUBLISH_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 5.0
"""Seconds; one that is merely busy speaks again sooner."""

_log = structlog.get_logger(__name__)


class _Vitals(BaseModel):
    model_config = ConfigDict(frozen=True)


class CarrierVitals(_Vitals):
    """A carrier that is not instant, as one worker sees it."""

    circuit: Circuit
    cause: FailureKind | None = None
    """The failure that opened it."""
    probe_at: float = 0.0
    """When the next probe may go, in seconds since 1970; 0 while it is closed."""
    changed_at: float = 0.0
    """When it last stopped or recovered, in seconds since 1970; 0 while it never stopped."""
    calls: int = 0
    """Under way or waiting for a thread."""


class StoreVitals(_Vitals):
    """A store, as one worker sees it."""

    calls: int = 0
    """Calls of marketplaces that are being quoted."""
    cache_entries: int
    """Questions to carriers whose answers are remembered."""
    cache_size: int
    """Most questions that may be remembered."""
    cache_bytes: int = 0
    """What they count for."""
    cache_most_bytes: int = 0
    """What they may count for."""
    carriers: Mapping[str, CarrierVitals]


class WorkerVitals(_Vitals):
    """A worker process and its stores, as it last said."""

    pid: int
    at: float
    """When it said so, in seconds since 1970."""
    lag: float = 0.0
    """Seconds that its event loop was last found late."""
    stores: Mapping[str, StoreVitals]

    def silence(self) -> float:
        """Seconds since it last spoke, as the clock on the wall tells; about one while its event loop runs."""
        return max(0.0, time() - self.at)

    @property
    def silent(self) -> bool:
        """Whether it should have spoken long ago: something holds its event loop up, and it answers nobody."""
        return self.silence() > _SILENT_SECONDS


def vitals_of(stores: Iterable[Store], admission: Admission | None = None) -> WorkerVitals:
    """The vitals of some stores of this process."""
    admission = admission or Admission()
    found = {store.name: _store(store, admission.calls.get(store.name, 0)) for store in stores}
    return WorkerVitals(pid=os.getpid(), at=time(), lag=round(admission.lag, 3), stores=found)


def _store(store: Store, calls: int) -> StoreVitals:
    quoter = store.quoter
    under_way = quoter.under_way()
    carriers = {key: _carrier(state, under_way[key]) for key, state in quoter.circuits().items()}
    return StoreVitals(
        calls=calls,
        cache_entries=len(quoter.cache),
        cache_size=quoter.cache.size,
        cache_bytes=quoter.cache.bytes,
        cache_most_bytes=quoter.cache.most_bytes,
        carriers=carriers,
    )


def _carrier(state: CircuitState, calls: int) -> CarrierVitals:
    probe_at = 0.0 if state.circuit is Circuit.CLOSED else round(time() + state.probe_in, 1)
    changed_at = 0.0 if state.age is None else round(time() - state.age, 1)
    return CarrierVitals(
        circuit=state.circuit, cause=state.cause, probe_at=probe_at, changed_at=changed_at, calls=calls
    )


def read_vitals(folder: Path, pids: Iterable[int]) -> list[WorkerVitals]:
    """The vitals that these workers last wrote; one that has written none yet is left out."""
    found = []
    for pid in pids:
        with suppress(FileNotFoundError, ValidationError):  # a worker that has just started has said nothing yet
            found.append(WorkerVitals.model_validate_json(_file(folder, pid).read_bytes()))
    return found


@asynccontextmanager
async def vitals_published(stores: Callable[[], Sequence[Store]], admission: Admission) -> AsyncIterator[None]:
    """Measure the event loop's lag and, in a worker, say once a second how its stores are, until the block ends."""
    folder = os.environ.get(_FOLDER)
    work = [admission.measure_lag(), *([_publish(Path(folder), stores, admission)] if folder else [])]
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _publish(folder: Path, stores: Callable[[], Sequence[Store]], admission: Admission) -> None:
    failing = False
    while True:
        try:
            await asyncio.to_thread(_write, folder, vitals_of(stores(), admission))
            failing = False
        except OSError as error:
            if not failing:  # told once, not every second
                _log.warning("vitals not written", cause=error.strerror)
            failing = True
        await asyncio.sleep(_PUBLISH_SECONDS)


def _write(folder: Path, vitals: WorkerVitals) -> None:
    replace_atomically(_file(folder, vitals.pid), vitals.model_dump_json().encode())


def _file(folder: Path, pid: int) -> Path:
    return folder / f"vitals-{pid}.json"
