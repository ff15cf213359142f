"""The public application: each store's channels and a bare health check; it knows no marketplace and no carrier."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from typing import Final
from urllib.parse import parse_qsl

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from portes.assembly import Store
from portes.channels.problems import refused
from portes.channels.protocol import Asked, Reply
from portes.errors import RequestError
from portes.hooks import Watchers
from portes.web.body import read_body
from portes.web.endpoints import Endpoint, endpoints
from portes.web.problems import EXCEPTION_HANDLERS, crashed, refused_by_http, response

_GONE: Final = 499
"""What log and metrics say of a caller who hung up, or was cut off; nobody gets to see it."""

_log = structlog.get_logger(__name__)


def public_app(stores: Sequence[Store], watchers: Watchers) -> Starlette:
    """Build the application for the public address; it closes the stores when it shuts down.

    `watchers` hear of every call; they are those the stores were opened with.
    """

    @asynccontextmanager
    async def closing(_: Starlette) -> AsyncIterator[None]:
        yield
        for store in stores:
            await asyncio.to_thread(store.close)

    calls = _Calls(endpoints(stores), watchers)
    app = Starlette(
        routes=[
            Route("/v1/{store}/{channel}", calls, methods=["POST"]),
            Route("/healthz", _health),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=closing,
    )
    app.router.redirect_slashes = False
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


@dataclass(frozen=True, slots=True)
class _Outcome:
    reply: Reply
    verdict: str = "error"
    quote: str = ""
    """The quote's id, when there is one."""


class _Calls:
    """The hot route: a channel is asked, its store quotes, the channel replies."""

    def __init__(self, found: Sequence[Endpoint], watchers: Watchers) -> None:
        self._endpoints = {(endpoint.store.name, endpoint.channel.path): endpoint for endpoint in found}
        self._watchers = watchers
        self._access = structlog.get_logger("portes.access").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        parameters = scope["path_params"]
        endpoint = self._endpoints.get((parameters["store"], parameters["channel"]))
        if endpoint is None:
            raise HTTPException(404, "no store has a channel at this address")
        request_id = token_hex(8)
        outcome = await self._answered(endpoint, scope, receive, started, request_id)
        self._tell(endpoint, outcome, perf_counter() - started, request_id)
        await response(outcome.reply, request_id)(scope, receive, send)

    async def _answered(
        self, endpoint: Endpoint, scope: Scope, receive: Receive, started: float, request_id: str
    ) -> _Outcome:
        try:
            asked = await _asked(endpoint, scope, receive)
            return await _quoted(endpoint, asked, started)
        except RequestError as error:
            return _Outcome(refused(error))
        except HTTPException as error:
            return _Outcome(refused_by_http(error))
        except ClientDisconnect:
            return _Outcome(Reply(_GONE))
        except Exception:  # noqa: BLE001 — the barrier: a fault of ours must be a status that marketplaces understand
            _log.exception("crashed", request=request_id, store=endpoint.store.name, channel=endpoint.key)
            return _Outcome(crashed())

    def _tell(self, endpoint: Endpoint, outcome: _Outcome, seconds: float, request_id: str) -> None:
        store, channel, status = endpoint.store.name, endpoint.key, outcome.reply.status
        verdict, alarm = outcome.verdict, outcome.reply.alarm
        if alarm:
            _log.error("alarm", request=request_id, quote=outcome.quote, store=store, channel=channel, text=alarm)
            self._watchers.tell("portes_alarmed", store=store, kind="invalid_reply", text=alarm)
        self._watchers.tell(
            "portes_replied", store=store, channel=channel, status=status, verdict=verdict, seconds=seconds
        )
        self._access.info(
            "replied",
            request=request_id,
            quote=outcome.quote,
            store=store,
            channel=channel,
            status=status,
            verdict=verdict,
            ms=round(seconds * 1000, 3),
        )


async def _asked(endpoint: Endpoint, scope: Scope, receive: Receive) -> Asked:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "send the body without content-encoding", {"accept-encoding": "identity"})
    most = endpoint.store.settings.service.max_body
    body = await read_body(receive, headers.get("content-length"), most)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"))) if scope["query_string"] else {}
    return Asked(scope["method"], scope["path"], query, headers, body)


async def _quoted(endpoint: Endpoint, asked: Asked, started: float) -> _Outcome:
    channel = endpoint.channel
    channel.authenticate(asked)
    request = channel.read(asked)
    left = endpoint.within(asked) - (perf_counter() - started)
    quote = await endpoint.store.aquote(request, within=max(0.0, left))
    return _Outcome(channel.write(quote, request), quote.verdict.value, quote.id)
