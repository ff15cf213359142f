"""The operators' application: readiness, metrics and documents, on an address of its own; it quotes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from portes.assembly import Store
from portes.registry import GROUPS, Registry
from portes.web.endpoints import endpoints
from portes.web.metrics import exposition
from portes.web.openapi import openapi_document
from portes.web.pages import documents_page
from portes.web.problems import EXCEPTION_HANDLERS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workers:
    """Which worker processes answer, and how many should."""

    answering: tuple[int, ...]
    """Their process ids."""
    wanted: int

    @property
    def ready(self) -> bool:
        """Whether all that should answer do."""
        return len(self.answering) >= self.wanted


def admin_app(
    stores: Sequence[Store],
    *,
    registry: Registry,
    public_url: str,
    workers: Callable[[], Workers],
    metrics_folder: Path | None = None,
) -> Starlette:
    """Build the application for the admin address.

    `metrics_folder` is where the workers count, when they are other processes than this one.
    """
    document = openapi_document(endpoints(stores), public_url)
    page = documents_page(document)
    plugins = _plugins(registry)
    told = [_store(store) for store in stores]

    async def ready(_: Request) -> Response:
        now = workers()
        body = {
            "ready": now.ready,
            "workers": {"answering": now.answering, "wanted": now.wanted},
            "stores": told,
            "plugins": plugins,
        }
        return JSONResponse(body, 200 if now.ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(exposition(metrics_folder), media_type=CONTENT_TYPE_LATEST)

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def docs(_: Request) -> Response:
        return HTMLResponse(page, headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"})

    async def home(_: Request) -> Response:
        return RedirectResponse("/docs")

    return Starlette(
        routes=[
            Route("/", home),
            Route("/readyz", ready),
            Route("/metrics", metrics),
            Route("/openapi.json", openapi),
            Route("/docs", docs),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
    )


def _store(store: Store) -> Json:
    return {
        "name": store.name,
        "channels": {endpoint.key: endpoint.path for endpoint in endpoints([store])},
        "carriers": [
            {
                "key": member.key,
                "id": member.id,
                "name": member.name,
                "instant": member.carrier.abilities.instant,
                "services": [service.code for service in member.carrier.abilities.active],
            }
            for member in store.members
        ],
    }


def _plugins(registry: Registry) -> Json:
    return {group: _group(registry, group) for group in GROUPS}


def _group(registry: Registry, group: str) -> Json:
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
