"""The operators' application: readiness, metrics and documents, on an address of its own; it quotes nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portes.errors import escaped_json
from portes.registry import GROUPS, Door, Registry
from portes.store import Store
from portes.web.admin.documents import documents_page
from portes.web.admin.reload_page import ReloadPage
from portes.web.endpoints import endpoints
from portes.web.monitoring.vitals import WorkerVitals
from portes.web.monitoring.worker_monitor import WorkerMonitor, circuits_json, memory_json, windows_json
from portes.web.openapi import openapi_document
from portes.web.problems import EXCEPTION_HANDLERS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """Which worker processes answer, and how many should."""

    answering: tuple[int, ...]
    """The ids of those processes."""
    wanted: int

    @property
    def ready(self) -> bool:
        """True when as many workers answer as should."""
        return len(self.answering) >= self.wanted


def admin_app(
    stores: Callable[[], Sequence[Store]],
    *,
    registry: Registry,
    public_url: str,
    workers: Callable[[], WorkerStatus],
    metrics_folder: Path | None = None,
    reloads: ReloadPage | None = None,
) -> Starlette:
    """The application for the admin address.

    `metrics_folder` is where the workers count, when they are other processes than this one; `reloads` knows how the
    stores of this moment came to be.
    """
    plugins = _plugins(registry)
    monitor = WorkerMonitor(stores, metrics_folder, lambda: workers().answering)

    def document() -> Json:
        return openapi_document(endpoints(stores()), public_url)

    async def ready(_: Request) -> Response:
        now, vitals = workers(), monitor.vitals()
        silent = [worker.pid for worker in vitals if worker.silent]
        well = now.ready and not silent
        body = {
            "ready": well,
            "workers": {"answering": now.answering, "silent": silent, "wanted": now.wanted},
            "stores": [_store(store, vitals) for store in stores()],
            "reload": reloads.as_json() if reloads else None,
            "plugins": plugins,
        }
        return _json(body, 200 if well else 503)

    async def metrics(_: Request) -> Response:
        own = reloads.exposition() if reloads else b""
        return Response(monitor.metrics() + own, media_type=CONTENT_TYPE_LATEST)

    async def slo(_: Request) -> Response:
        return _json({"channels": windows_json(monitor.windows())})

    async def openapi(_: Request) -> Response:
        return _json(document())

    async def docs(_: Request) -> Response:
        return HTMLResponse(
            documents_page(document()),
            headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"},
        )

    async def home(_: Request) -> Response:
        return RedirectResponse("/docs")

    return Starlette(
        routes=[
            Route("/", home),
            Route("/readyz", ready),
            Route("/metrics", metrics),
            Route("/slo", slo),
            Route("/openapi.json", openapi),
            Route("/docs", docs),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lambda _: monitor.keeping_history(),
    )


def _json(body: Json, status: int = 200) -> Response:
    """A page of JSON, in which foreign texts, such as a settings file's, cannot turn or hide anything."""
    page = escaped_json(json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    return Response(page, status, media_type="application/json")


def _store(store: Store, vitals: Sequence[WorkerVitals]) -> Json:
    return {
        "name": store.name,
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
    }


def _plugins(registry: Registry) -> Json:
    return {group: _group(registry, group) for group in GROUPS}


def _group(registry: Registry, group: Door[Any]) -> Json:
    return {
        "loaded": [
            {"name": plugin.name, "distribution": plugin.distribution, "version": plugin.version}
            for plugin in registry.plugins(group)
        ],
        "broken": [
            {"name": broken.name, "distribution": broken.distribution, "cause": broken.cause, "fix": broken.fix}
            for broken in registry.broken(group)
        ],
    }
