"""The HTTP/1.1 connection of the service, with limits on how a call arrives."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portes.channels.problems import problem
from portes.web.admission import ARRIVED, HUNG_UP
from portes.web.processes.limits import Limits


class HttpConfig(uvicorn.Config):
    """How uvicorn serves an application, or with `workers` the one that `application` makes in each.

    The loop and the parser are named: on asyncio's own loop every further call of a connection takes 44 ms.
    """

    def __init__(self, application: Callable[..., Any], limits: Limits, *, workers: int | None = None) -> None:
        self.limits = limits
        super().__init__(
            application,
            factory=workers is not None,
            workers=workers or 1,
            loop="uvloop",
            http=GuardedConnection,
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.idle_seconds,
            timeout_graceful_shutdown=limits.finish_seconds,
        )


class GuardedConnection(HttpToolsProtocol):
    """uvicorn's connection, which by itself waits for ever for what a caller is yet to send.

    A call that arrives in one piece, as nearly all do, costs two comparisons more.
    """

    config: HttpConfig
    _timer: asyncio.TimerHandle | None = None
    _arrived: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Start the clock; a connection that never says anything is closed without a word."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.config.limits.idle_seconds, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock, and tell the call under way that nobody waits for it."""
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr] # None before a call
            self.cycle.scope[HUNG_UP] = True  # type: ignore[typeddict-unknown-key] # a key of our own
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and mind the limits while a call is not complete."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr] # None before a call
            self._headers_go_on(len(data))
        elif self.cycle.more_body:
            self._wait(self.config.limits.body_seconds, "body")

    def on_headers_complete(self) -> None:
        """Stop the clock of the headers, and start the call's own: it counts while the call waits for its turn."""
        self._stop_waiting()
        self.scope[ARRIVED] = perf_counter()  # type: ignore[typeddict-unknown-key] # a key of our own
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop the clock of the body."""
        self._stop_waiting()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP with a problem body like any other."""
        self._hang_up(400, msg)

    def _headers_go_on(self, size: int) -> None:
        if not self._arrived:
            self._stop_waiting()
        self._arrived += size
        if self._arrived > self.config.limits.header_bytes:
            self._hang_up(431, f"the headers are larger than {self.config.limits.header_bytes} bytes")
        else:
            self._wait(self.config.limits.header_seconds, "headers")

    def _wait(self, seconds: float, part: str) -> None:
        """Give a part of a call so long to arrive, unless the clock runs for it already."""
        if self._timer is None:
            self._timer = self.loop.call_later(seconds, self._too_late, seconds, part)

    def _stop_waiting(self) -> None:
        self._arrived = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self, seconds: float, part: str) -> None:
        self._hang_up(408, f"the {part} did not arrive within {seconds:g} s")

    def _hang_up(self, status: int, detail: str) -> None:
        if self.transport.is_closing():
            return
        reply = problem(status, HTTPStatus(status).phrase, detail)
        head = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in reply.headers.items()),
            f"content-length: {len(reply.body)}",
            "connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode("ascii") + reply.body)
        self.transport.close()
