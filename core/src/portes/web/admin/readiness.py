"""Whether the service answers, and whether a store does, as `/readyz` tells it; it asks no worker and no carrier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from portes.store import Store
from portes.web.admin.reload_page import ReloadPage
from portes.web.endpoints import endpoints
from portes.web.live_stores import RefusedStores
from portes.web.monitoring.vitals import WorkerVitals
from portes.web.monitoring.worker_monitor import (
    WorkerMonitor,
    catalogue_json,
    circuits_json,
    memory_json,
    unkept_json,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What operators and load balancers are told: of all stores together, and of one."""

    monitor: WorkerMonitor
    stores: Callable[[], Sequence[Store]]
    """Those in force."""
    refused: Callable[[], RefusedStores]
    reloads: ReloadPage | None
    plugins: Json

    def service(self) -> Json:
        """The whole service; it is ready while a worker answers for any store."""
        now, vitals, answering = self.monitor.workers(), self.monitor.vitals(), self.monitor.answering()
        return {
            "ready": any(answering.values()),
            "workers": {
                "answering": now.answering,
                "silent": now.silent,
                "wanted": now.wanted,
                "replaced": dict(now.replaced),
            },
            "stores": [_store(store, answering.get(store.name, []), vitals) for store in self.stores()],
            "refused": sorted(self.refused().names),
            "reload": self.reloads.as_json() if self.reloads else None,
            "plugins": self.plugins,
        }

    def store(self, name: str) -> Json:
        """One store; it is ready while a worker answers for it. Raises 404 where no store has this name."""
        answering = self.monitor.answering()
        if name not in answering and name not in self.refused():
            raise HTTPException(404, "no store has this name")
        own = answering.get(name, [])
        files = self.reloads.files(name) if self.reloads else []
        unkept = unkept_json(self.monitor.vitals(), name)
        return {"store": name, "ready": bool(own), "answering": own, "unkept": unkept, "files": files}


def _store(store: Store, answering: Sequence[int], vitals: Sequence[WorkerVitals]) -> Json:
    return {
        "name": store.name,
        "answering": answering,
        "channels": {endpoint.key: endpoint.path for endpoint in endpoints([store])},
        "carriers": [
            {
                "key": member.key,
                "id": member.settings.id,
                "name": member.settings.name,
                "instant": member.carrier.abilities.instant,
                "services": [service.code for service in member.carrier.abilities.active],
                **circuits_json(vitals, store.name, member.key),
            }
            for member in store.members
        ],
        "memory": memory_json(vitals, store.name),
        "catalogue": catalogue_json(vitals, store.name),
        "unkept": unkept_json(vitals, store.name),
    }
