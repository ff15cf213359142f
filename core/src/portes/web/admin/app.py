"""The operators' application: readiness, metrics and documents, on an address of its own; it quotes nothing."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portes.errors import escaped_json
from portes.registry import GROUPS, Broken, Door, Registry
from portes.store import Store
from portes.store.plugin_checks import unusable_plugins
from portes.web.admin.documents import documents_page
from portes.web.admin.hosts import by_known_names
from portes.web.admin.readiness import Readiness
from portes.web.admin.reload_page import ReloadPage
from portes.web.endpoints import endpoints
from portes.web.live_stores import NONE_REFUSED, RefusedStores
from portes.web.monitoring.vitals import WorkerStatus
from portes.web.monitoring.worker_monitor import WorkerMonitor, windows_json
from portes.web.openapi import openapi_document
from portes.web.problems import EXCEPTION_HANDLERS

Json = dict[str, Any]


def admin_app(
    stores: Callable[[], Sequence[Store]],
    *,
    registry: Registry,
    public_url: str,
    workers: Callable[[], WorkerStatus],
    metrics_folder: Path | None = None,
    reloads: ReloadPage | None = None,
    names: Sequence[str] = (),
) -> Starlette:
    """The application for the admin address.

    `metrics_folder` is where the workers count, when they are other processes than this one; `reloads` knows how the
    stores of this moment came to be. It answers to `names`, beside localhost and addresses in figures.
    """
    refused = partial(_refused, reloads)
    monitor = WorkerMonitor(stores, lambda: refused().names, metrics_folder, workers)
    readiness = Readiness(monitor, stores, refused, reloads, _plugins(registry))

    def document() -> Json:
        return openapi_document(endpoints(stores()), public_url)

    async def ready(_: Request) -> Response:
        return _told(readiness.service())

    async def store_ready(request: Request) -> Response:
        return _told(readiness.store(request.path_params["store"]))

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
            Route("/readyz/{store}", store_ready),
            Route("/metrics", metrics),
            Route("/slo", slo),
            Route("/openapi.json", openapi),
            Route("/docs", docs),
        ],
        middleware=[Middleware(by_known_names, names)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lambda _: monitor.keeping_history(),
    )


def _refused(reloads: ReloadPage | None) -> RefusedStores:
    return reloads.refused_stores if reloads else NONE_REFUSED


def _told(body: Json) -> Response:
    """A page of JSON, in which foreign texts, such as a settings file's, cannot turn or hide anything."""
    return _json(body, 200 if body["ready"] else 503)


def _json(body: Json, status: int = 200) -> Response:
    page = escaped_json(json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    return Response(page, status, media_type="application/json")


def _plugins(registry: Registry) -> Json:
    unusable = unusable_plugins(registry)
    return {group: _group(registry, group, [broken for own, broken in unusable if own == group]) for group in GROUPS}


def _group(registry: Registry, group: Door[Any], unusable: Sequence[Broken]) -> Json:
    return {
        "loaded": [
            {"name": plugin.name, "distribution": plugin.distribution, "version": plugin.version}
            for plugin in registry.plugins(group)
            if plugin.name not in {broken.name for broken in unusable}
        ],
        "broken": [
            {"name": broken.name, "distribution": broken.distribution, "cause": broken.cause, "fix": broken.fix}
            for broken in unusable
        ],
    }
