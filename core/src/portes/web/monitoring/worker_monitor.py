"""What the admin address knows of the workers: their vitals, and how their channels did; it serves no page."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic, time
from typing import Any, Final

from portes.contingency.drift.kept import kept_reports
from portes.contingency.drift.report import DriftReport
from portes.engine.breaker import Circuit
from portes.store import Store
from portes.web.endpoints import endpoints
from portes.web.monitoring.gauges import Gauges, drift_gauges, slo_gauges, vitals_gauges, worker_gauges
from portes.web.monitoring.metrics import BOUNDS, channel_counts, exposition
from portes.web.monitoring.slo import ChannelKey, History, Snapshot, Target, Window, is_met, measure_windows
from portes.web.monitoring.vitals import WorkerStatus, WorkerVitals, answering_for, read_vitals, vitals_of

Json = dict[str, Any]

_SNAPSHOT_SECONDS: Final = 60.0


class WorkerMonitor:
    """The workers that count into a folder; without one, this process, the only worker."""

    def __init__(
        self,
        stores: Callable[[], Sequence[Store]],
        refused: Callable[[], Iterable[str]],
        folder: Path | None,
        workers: Callable[[], WorkerStatus],
    ) -> None:
        self._stores = stores
        self._refused = refused
        self._folder = folder
        self.workers = workers
        self._history = History()

    @asynccontextmanager
    async def keeping_history(self) -> AsyncIterator[None]:
        """Keep a history of the counts until the block ends."""
        self._history.keep(self._snapshot())
        task = asyncio.create_task(self._keep_history())
        try:
            yield
        finally:
            task.cancel()

    async def _keep_history(self) -> None:
        while True:
            await asyncio.sleep(_SNAPSHOT_SECONDS)
            self._history.keep(self._snapshot())

    def _snapshot(self) -> Snapshot:
        return Snapshot(monotonic(), channel_counts(self._folder))

    def vitals(self) -> list[WorkerVitals]:
        """The vitals of each worker that answers."""
        if self._folder is None:
            return [vitals_of(self._stores())]
        return read_vitals(self._folder, self.workers().answering)

    def answering(self) -> dict[str, list[int]]:
        """The workers that answer for each store; none for those that are refused."""
        status, vitals = self.workers(), self.vitals()
        found = {store.name: answering_for(store.name, status, vitals) for store in self._stores()}
        return {name: [] for name in self._refused()} | found

    def windows(self) -> dict[ChannelKey, tuple[Target, list[Window]]]:
        """Each channel's target, and how it did over every window up to now."""
        now = self._snapshot()
        return {
            key: (target, measure_windows(self._history, now, key, target, BOUNDS))
            for key, target in _targets(self._stores()).items()
        }

    def metrics(self) -> bytes:
        """The whole text that Prometheus reads."""
        by_store = {name: len(pids) for name, pids in self.answering().items()}
        workers = worker_gauges(self.workers(), by_store)
        drift = drift_gauges(_drift_reports(self._stores()))
        return exposition(
            self._folder, Gauges(vitals_gauges(self.vitals()), workers, slo_gauges(self.windows()), drift)
        )


def _targets(stores: Iterable[Store]) -> dict[ChannelKey, Target]:
    return {
        (endpoint.store.name, endpoint.key): Target(
            float(endpoint.store.settings.service.availability / 100), endpoint.channel.limit
        )
        for endpoint in endpoints(tuple(stores))
    }


def _drift_reports(stores: Iterable[Store]) -> list[DriftReport]:
    """The last report on each table of the stores, as their state folders have them."""
    folders = [(store.settings.state, store.name) for store in stores]
    return [report for state, name in folders if state is not None for report in kept_reports(state, name)]


def windows_json(found: Mapping[ChannelKey, tuple[Target, Sequence[Window]]]) -> list[Json]:
    """The windows of every channel, as JSON."""
    return [
        {
            "store": store,
            "channel": channel,
            "target": target.availability,
            "limit": target.limit,
            "met": is_met(own, target),
            "windows": [asdict(window) for window in own],
        }
        for (store, channel), (target, own) in found.items()
    ]


def circuits_json(workers: Iterable[WorkerVitals], store: str, carrier: str) -> Json:
    """A carrier's circuit in each worker, as JSON; nothing for one that is instant."""
    circuits = [
        {
            "worker": worker.pid,
            "circuit": one.circuit.value,
            "cause": one.cause.value if one.cause else "",
            "probe_in": 0.0 if one.circuit is Circuit.CLOSED else round(max(0.0, one.probe_at - time()), 1),
            "since": round(max(0.0, time() - one.changed_at), 1) if one.changed_at else None,
            "calls": one.calls,
        }
        for worker in workers
        if store in worker.stores and (one := worker.stores[store].carriers.get(carrier)) is not None
    ]
    return {"circuits": circuits} if circuits else {}


def unkept_json(workers: Iterable[WorkerVitals], store: str) -> Json:
    """What the state folder does not take, part by part, with the cause that a worker told, as JSON."""
    return {
        part: cause for worker in workers if (own := worker.stores.get(store)) for part, cause in own.unkept.items()
    }


def catalogue_json(workers: Iterable[WorkerVitals], store: str) -> list[Json]:
    """How a store's catalogue is in each worker, as JSON; nothing for a store without one."""
    return [
        {"worker": worker.pid, **own.catalogue.model_dump()}
        for worker in workers
        if (own := worker.stores.get(store)) is not None and own.catalogue is not None
    ]


def memory_json(workers: Iterable[WorkerVitals], store: str) -> list[Json]:
    """How full a store's memory is in each worker, and how many calls are being quoted there, as JSON."""
    return [
        {
            "worker": worker.pid,
            "calls": own.calls,
            "entries": own.cache_entries,
            "size": own.cache_size,
            "bytes": own.cache_bytes,
            "most_bytes": own.cache_most_bytes,
        }
        for worker in workers
        if (own := worker.stores.get(store)) is not None
    ]
