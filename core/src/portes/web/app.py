"""The public application: each store's channels and a bare health check."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from random import getrandbits
from time import perf_counter
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from portes.catalogue import CatalogueEntry
from portes.channels.problems import renamed
from portes.channels.protocol import (
    Channel,
    ChannelQuestion,
    ChannelReply,
    ChannelRequest,
    GoodsAsking,
    GoodsTelling,
)
from portes.contract import Quote, QuoteRequest
from portes.errors import BusyError, RequestError, pass_interrupt
from portes.hooks import Watchers
from portes.registry import Registry
from portes.store import Store
from portes.web.admission import ARRIVED, CROWDED, DETAIL, HUNG_UP, Admission, turned_away
from portes.web.body import read_body
from portes.web.call_limit import CallLimit
from portes.web.endpoints import Endpoint, paths_answering
from portes.web.entrance import STATE_KEY, Entrance
from portes.web.live_stores import NONE_REFUSED, LiveStores, RefusedStores, ServedStores
from portes.web.logs import REPLIED
from portes.web.monitoring.budget import ANSWERED, GONE_STATUS, discard_cause
from portes.web.monitoring.timings import start_timings
from portes.web.monitoring.vitals import vitals_published
from portes.web.problems import EXCEPTION_HANDLERS, crashed, fresh, refused_by_http, response, sendable

_REFUSED_SECONDS: Final = "60"
"""When to ask a refused store again: a person has to mend its files first."""

_log = structlog.get_logger(__name__)


def public_app(
    stores: Sequence[Store],
    watchers: Watchers,
    *,
    refused: RefusedStores = NONE_REFUSED,
    limit: CallLimit | None = None,
    registry: Registry | None = None,
) -> Starlette:
    """The application for the public address; it closes the stores when it shuts down.

    `watchers` hear of every call; they are those the stores were opened with. `limit` is of the calls under
    way. `registry` knows the installed channels, whether a store has them or not. `state.live_stores` exchanges the
    stores.
    """
    live_stores, admission = LiveStores(stores, refused), Admission(limit)

    entrance = Entrance(live_stores, admission, watchers)

    @asynccontextmanager
    async def closing(_: Starlette) -> AsyncIterator[dict[str, Entrance]]:
        async with vitals_published(lambda: live_stores.current.stores, admission):
            yield {STATE_KEY: entrance}
            entrance.tell()
        for store in live_stores.close():
            await asyncio.to_thread(store.close)

    calls = _QuoteRoute(live_stores, admission, watchers, registry or Registry())
    app = Starlette(
        routes=[
            Route("/v1/{store}/{channel}{rest:path}", calls),  # each channel has methods and tails of its own
            Route("/healthz", _health),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=closing,
    )
    app.router.redirect_slashes = False
    app.state.live_stores = live_stores
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _nobody(served: ServedStores, store: str, *, says_not_found: bool) -> HTTPException:
    """Why nobody answers: a store that is refused is not a store that never was, or a proxy might forget it.

    `says_not_found` is of the channel: whoever takes 404 for "not delivered there" must not get it for a wrong address.
    """
    if any(known.name == store for known in served.stores) or store not in served.refused:
        return HTTPException(503 if says_not_found else 404, "no store has a channel at this address")
    detail = "the files of this store are wrong, so nobody was asked; the log and `portes check` say why"
    return HTTPException(503, detail, {"retry-after": _REFUSED_SECONDS})


class _Outcome(NamedTuple):
    reply: ChannelReply
    verdict: str = "error"
    quote: Quote | None = None
    is_refusal: bool = False
    """Whether the asker has to mend the question."""


class _QuoteRoute:
    """The hot route: a channel reads the call, its store quotes, the channel replies."""

    def __init__(self, live_stores: LiveStores, admission: Admission, watchers: Watchers, registry: Registry) -> None:
        self._live_stores = live_stores
        self._registry = registry
        self._saying_not_found: frozenset[str] | None = None
        self._admission = admission
        self._watchers = watchers
        self._access = structlog.get_logger("portes.access").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = scope.get(ARRIVED) or perf_counter()
        parameters = scope["path_params"]
        served = self._live_stores.current
        endpoint = served.endpoints.get((parameters["store"], parameters["channel"]))
        if endpoint is None or (place := endpoint.parted(parameters["rest"])) is None:
            says_not_found = await self._says_not_found(parameters["channel"])
            raise _nobody(served, parameters["store"], says_not_found=says_not_found)
        if scope["method"] not in endpoint.methods:
            raise HTTPException(405, headers={"allow": ", ".join(endpoint.methods)})
        request_id, timings = f"{getrandbits(64):016x}", start_timings()
        served.calls += 1
        try:
            outcome = await self._answer(endpoint, scope, place, receive, started, request_id)
            if HUNG_UP in scope:
                outcome = outcome._replace(reply=ChannelReply(GONE_STATUS, alarm=outcome.reply.alarm))
            await response(outcome.reply, request_id)(scope, receive, send)
            self._observe(endpoint, outcome, perf_counter() - started, request_id, timings)
        finally:
            served.calls -= 1

    async def _says_not_found(self, path: str) -> bool:
        """Whether some installed channel of this path has a 404 of its own, with which it says that nobody delivers."""
        if self._saying_not_found is None:
            # all channels are loaded for it, which takes a while: off the loop, and only once somebody errs
            self._saying_not_found = await asyncio.to_thread(paths_answering, self._registry, 404)
        return path in self._saying_not_found

    async def _answer(
        self,
        endpoint: Endpoint,
        scope: Scope,
        place: tuple[str, str],
        receive: Receive,
        started: float,
        request_id: str,
    ) -> _Outcome:
        try:
            asked = _head(scope, endpoint.path, place)
            endpoint.authenticate(asked)  # before the body, which only those who may ask can make us read
            asked = replace(asked, body=await _body(endpoint, asked, receive))
            endpoint.verify(asked)
            return await self._quote(endpoint, asked, started)
        except RequestError as error:
            return _Outcome(sendable(endpoint.refuse(error)), is_refusal=True)
        except HTTPException as error:
            return _Outcome(refused_by_http(error))
        except ClientDisconnect:
            return _Outcome(ChannelReply(GONE_STATUS))
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 — a fault of ours must be a status that marketplaces understand
            pass_interrupt(error)
            _log.exception("crashed", request=request_id, store=endpoint.store.name, channel=endpoint.key)
            return _Outcome(_crashed(endpoint))

    async def _quote(self, endpoint: Endpoint, asked: ChannelRequest, started: float) -> _Outcome:
        channel, store, calls = endpoint.channel, endpoint.store, self._admission.calls
        until = started + endpoint.within(asked) - self._admission.unseen_seconds(started)
        reason = self._admission.refusal(store.name, store.settings.service.max_calls, until - perf_counter())
        if reason:
            return self._turned_away(endpoint, reason)
        question = channel.read(asked)
        if isinstance(question, ChannelReply):
            return _Outcome(sendable(question), ANSWERED)
        goods = await _goods(endpoint, question, max(0.0, until - perf_counter()))
        if isinstance(question, ChannelQuestion) and isinstance(channel, GoodsAsking):
            question = channel.asking(question, goods)
        request = question.request if isinstance(question, ChannelQuestion) else question
        calls[store.name] += 1
        try:
            quote = None if request is None else await store.aquote(request, within=max(0.0, until - perf_counter()))
        except RequestError as error:
            raise renamed(error, channel.fields) from error
        except BusyError:
            return self._turned_away(endpoint, CROWDED)
        finally:
            calls[store.name] -= 1
        reply = fresh(asked, sendable(_written(channel, quote, question, goods)))
        return _Outcome(reply, ANSWERED if quote is None else quote.verdict.value, quote)

    def _turned_away(self, endpoint: Endpoint, reason: str) -> _Outcome:
        self._watchers.portes_turned_away(store=endpoint.store.name, channel=endpoint.key, reason=reason)
        reply = turned_away(reason)
        return _Outcome(sendable(endpoint.excuse(reply, DETAIL[reason])), "turned_away")

    def _observe(
        self, endpoint: Endpoint, outcome: _Outcome, seconds: float, request_id: str, timings: dict[str, float]
    ) -> None:
        store, channel, status = endpoint.store.name, endpoint.key, outcome.reply.status
        verdict, alarm, quote = outcome.verdict, outcome.reply.alarm, outcome.quote
        quote_id = "" if quote is None else quote.id
        if quote is not None:
            endpoint.store.replied(quote.id, outcome.reply, seconds)
        if alarm:
            _log.error("alarm", request=request_id, quote=quote_id, store=store, channel=channel, text=alarm)
            self._watchers.portes_alarmed(store=store, kind="invalid_reply", text=alarm)
        in_time, is_answer = seconds <= endpoint.channel.limit, outcome.reply.is_answer
        cause = discard_cause(
            status, verdict, in_time=in_time, alarm=bool(alarm), is_answer=is_answer, is_refusal=outcome.is_refusal
        )
        self._watchers.portes_replied(
            store=store,
            channel=channel,
            status=status,
            verdict=verdict,
            seconds=seconds,
            cause=cause,
            withheld=outcome.reply.withheld,
            quote=quote,
        )
        self._access.info(
            REPLIED,
            request=request_id,
            quote=quote_id,
            store=store,
            channel=channel,
            status=status,
            verdict=verdict,
            discarded=cause,
            ms=round(seconds * 1000, 3),
            carriers=timings,
        )


async def _goods(
    endpoint: Endpoint, question: QuoteRequest | ChannelQuestion, within: float
) -> Sequence[CatalogueEntry | None]:
    """What the catalogue says of the goods that a reply tells; none where it tells no goods.

    Of one that could not be looked up within so many seconds the entry says so.
    """
    if not isinstance(question, ChannelQuestion) or not isinstance(endpoint.channel, GoodsTelling):
        return ()
    goods = await endpoint.store.agoods(question.skus, within)
    unknown = CatalogueEntry(problem=f"catalogue: {goods.failure}")
    return [unknown if sku in goods.failed else goods.entries.get(sku) for sku in question.skus]


def _written(
    channel: Channel,
    quote: Quote | None,
    question: QuoteRequest | ChannelQuestion,
    goods: Sequence[CatalogueEntry | None],
) -> ChannelReply:
    if isinstance(question, ChannelQuestion) and isinstance(channel, GoodsTelling):
        return channel.write_goods(quote, question, goods)
    if quote is None:
        msg = "a channel asked nothing of the engine, and tells nothing of the catalogue"
        raise TypeError(msg)
    return channel.write(quote, question)


def _crashed(endpoint: Endpoint) -> ChannelReply:
    """Say that the fault is ours in the channel's words; in those of the service where the channel crashed at that."""
    reply = crashed()
    try:
        return sendable(endpoint.excuse(reply, "the service failed; its log says why"))
    except Exception:  # noqa: BLE001 — a stranger's code may fail in any way
        _log.exception("crashed", store=endpoint.store.name, channel=endpoint.key)
        return reply


def _head(scope: Scope, path: str, place: tuple[str, str]) -> ChannelRequest:
    """The call without its body; values of a header that came twice are one list (RFC 9110, 5.3), so none is lost."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    raw = scope["query_string"].decode("latin-1") if scope["query_string"] else ""
    query = dict(parse_qsl(raw, keep_blank_values=True)) if raw else {}
    return ChannelRequest(scope["method"], path, query, headers, b"", raw, *place)


async def _body(endpoint: Endpoint, asked: ChannelRequest, receive: Receive) -> bytes:
    if asked.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "send the body without content-encoding", {"accept-encoding": "identity"})
    most = endpoint.store.settings.service.max_body
    return await read_body(receive, asked.headers.get("content-length"), most)
