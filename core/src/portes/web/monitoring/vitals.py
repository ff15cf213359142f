"""What each worker says of its stores once a second: circuits, memory, calls under way; it asks no carrier.

Workers are processes of their own, so each writes a small file beside its counts, and the admin address reads them.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from portes.catalogue import Catalogue
from portes.contract import FailureKind
from portes.engine.breaker import Circuit, CircuitState
from portes.files import UNKEPT, replace_atomically
from portes.store import Store
from portes.web.admission import Admission

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where a worker's counts are, and so this file."""
_PUBLISH_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 5.0
"""Seconds after which a worker's silence is told; one that is merely busy is heard again sooner."""

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


class CatalogueVitals(_Vitals):
    """A store's catalogue, as one worker sees it."""

    skus: int
    """How many it knows; of one that is asked by key, how many it remembers."""
    age: float | None = None
    """Seconds since it was read from its source; None for a file of the store's own, and where it never was."""
    failure: str = ""
    """Why its source said nothing when it was last asked; empty when it did."""
    faulty: int = 0
    """SKUs whose row cannot be used."""


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
    catalogue: CatalogueVitals | None = None
    """None for a store without one."""
    unkept: Mapping[str, str] = {}
    """Parts that the state folder does not take, each with its cause."""


class WorkerVitals(_Vitals):
    """A worker process and its stores, as it last said."""

    pid: int
    at: float
    """When it said so, in seconds since 1970."""
    lag: float = 0.0
    """Seconds that its event loop was last found late."""
    call_limit: int = 0
    """Calls under way that it lets in; 0 before it has said so."""
    stores: Mapping[str, StoreVitals]


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """The worker processes as their parent knows them, by what it hears from their event loops."""

    answering: tuple[int, ...]
    """The ids of those that have started and live, the silent ones among them."""
    wanted: int
    silences: Mapping[int, float] = field(default_factory=dict)
    """Seconds since each of them was last heard, in which the parent itself was there to hear; about one at most."""
    replaced: Mapping[str, int] = field(default_factory=dict)
    """How many were replaced, by cause."""

    @property
    def ready(self) -> bool:
        """True when as many workers answer as should."""
        return len(self.answering) >= self.wanted

    @property
    def silent(self) -> tuple[int, ...]:
        """Those that were not heard for long: something holds their event loop up, and they answer nobody."""
        return tuple(pid for pid in self.answering if self.silences.get(pid, 0.0) > SILENT_SECONDS)

    @property
    def heard(self) -> tuple[int, ...]:
        """Those that answer calls."""
        silent = self.silent
        return tuple(pid for pid in self.answering if pid not in silent)


def answering_for(store: str, status: WorkerStatus, vitals: Iterable[WorkerVitals]) -> list[int]:
    """The workers that answer for a store; one that could not write its vitals counts as one that does."""
    without = {worker.pid for worker in vitals if store not in worker.stores}
    return [pid for pid in status.heard if pid not in without]


def vitals_of(stores: Iterable[Store], admission: Admission | None = None) -> WorkerVitals:
    """The vitals of some stores of this process."""
    admission = admission or Admission()
    found = {store.name: _store(store, admission.calls.get(store.name, 0)) for store in stores}
    lag, call_limit = round(admission.lag, 3), round(admission.limit.most)
    return WorkerVitals(pid=os.getpid(), at=time(), lag=lag, call_limit=call_limit, stores=found)


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
        catalogue=_catalogue(quoter.policy.catalogue),
        unkept={} if store.settings.state is None else UNKEPT.of(store.settings.state),
    )


def _catalogue(catalogue: Catalogue | None) -> CatalogueVitals | None:
    if catalogue is None:
        return None
    state = catalogue.state
    age = None if state.age is None else round(state.age, 1)
    return CatalogueVitals(skus=state.skus, age=age, failure=state.failure, faulty=state.faulty)


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
        with suppress(OSError, ValidationError):  # a worker that has just started has said nothing yet
            found.append(WorkerVitals.model_validate_json(_file(folder, pid).read_bytes()))
    return found


@asynccontextmanager
async def vitals_published(stores: Callable[[], Sequence[Store]], admission: Admission) -> AsyncIterator[None]:
    """Have the admission measure and, in a worker, say once a second how its stores are, until the block ends.

    It is said before the block begins too, so that nobody takes a worker that answers for one without stores.
    """
    folder = os.environ.get(_FOLDER)
    work = [admission.measure()]
    if folder:
        failing = await _say(Path(folder), stores, admission, failing=False)
        work.append(_publish(Path(folder), stores, admission, failing=failing))
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _publish(folder: Path, stores: Callable[[], Sequence[Store]], admission: Admission, *, failing: bool) -> None:
    while True:
        await asyncio.sleep(_PUBLISH_SECONDS)
        failing = await _say(folder, stores, admission, failing=failing)


async def _say(folder: Path, stores: Callable[[], Sequence[Store]], admission: Admission, *, failing: bool) -> bool:
    """Write the vitals; whether that fails, which is told once and not every second."""
    try:
        await asyncio.to_thread(_write, folder, vitals_of(stores(), admission))
    except OSError as error:
        if not failing:
            _log.warning("vitals not written", cause=error.strerror)
        return True
    return False


def _write(folder: Path, vitals: WorkerVitals) -> None:
    replace_atomically(_file(folder, vitals.pid), vitals.model_dump_json().encode())


def _file(folder: Path, pid: int) -> Path:
    return folder / f"vitals-{pid}.json"
