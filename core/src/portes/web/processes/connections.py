"""The HTTP/1.1 connection of the service, with limits on how calls arrive and how many are read ahead."""

import asyncio
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import perf_counter
from types import SimpleNamespace
from typing import Any, Final

import httptools
import structlog
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from portes.channels.problems import problem
from portes.web.admission import ARRIVED, HUNG_UP
from portes.web.processes.admitting import AdmittingConnection
from portes.web.processes.connection_caps import ConnectionCaps
from portes.web.processes.limits import Limits

_END: Final = b"\r\n\r\n"
"""Where headers end, and the chunks of a body."""
_TURN: Final = 64
"""Pieces that one connection may have parsed before the others have their turn."""
_NOSNIFF: Final = ("x-content-type-options", "nosniff")

_access = structlog.get_logger("portes.access")


class HttpConfig(uvicorn.Config):
    """How uvicorn serves an application, or with `workers` the one that `application` makes in each.

    The loop and the parser are named: on asyncio's own loop every further call of a connection takes 44 ms.
    """

    def __init__(self, application: Callable[..., Any], limits: Limits, *, workers: int | None = None) -> None:
        self.limits = limits
        self.caps = ConnectionCaps(limits)
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
            headers=[_NOSNIFF],
            timeout_keep_alive=limits.idle_seconds,
            timeout_graceful_shutdown=limits.finish_seconds,
        )


class RefusedCallError(Exception):
    """What stops the parser at a call that is refused before anybody sees it; it says why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class ConnectionFlow(FlowControl):
    """The flow of a connection: while it is held nobody can make it read on, neither a call nor its answer."""

    held = False

    def hold(self, *, held: bool) -> None:
        """Stop reading until it is no longer held."""
        if held:
            self.held = True
            self.pause_reading()
        elif self.held:
            self.held = False
            self.resume_reading()

    def resume_reading(self) -> None:
        """Read on, unless it is held."""
        if not self.held:
            super().resume_reading()


class GuardedConnection(AdmittingConnection):
    """uvicorn's connection, which by itself waits for ever, reads without end and takes whoever comes.

    What arrives goes to the parser in pieces, none of which reaches beyond a call. Once a call is whole, the rest stays
    where it is until the answer was taken off our hands: so a caller has at most one read (256 KB) waiting here,
    however many calls it sends. A reply that goes out before its call is whole ends the connection.
    """

    config: HttpConfig
    flow: ConnectionFlow
    _timer: asyncio.TimerHandle | None = None
    _untaken: asyncio.TimerHandle | None = None
    _unread: bytes = b""
    _at: int = 0
    """How much of `_unread` the parser has."""
    _came: float = 0.0
    """When the oldest of it came, on `perf_counter`."""
    _body_left: int = 0
    """How much of a body of declared length is to come."""
    _framing: int = 0
    """How much came that is not of a body, in these headers or among these chunks."""
    _end_cut: bool = False
    """Whether the last piece may have ended within an end."""
    _keeps: bool = False
    """Whether the connection is to stay open after this call."""
    _reading: bool = False  # then it goes on with the next call by itself
    _lingering: bool = False
    """Whether all is said, and what still comes is thrown away."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Start the clock; a connection that never says anything is closed without a word."""
        super().connection_made(transport)
        self.flow = ConnectionFlow(transport)
        self._gentle: Any = SimpleNamespace(
            write=transport.write, is_closing=transport.is_closing, close=self._close_gently
        )
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if not self.config.caps.admit(transport, self.client[0] if self.client else ""):
            self._write_problem(503, "more connections are open than are served")
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and tell the call under way that nobody waits for it."""
        self.config.caps.forget(self.transport)
        self._stop_waiting()
        self._unset_keepalive_if_required()
        self._abandon_call()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and have as much of it parsed as is wanted now."""
        if self._lingering:
            self._discard(len(data))
            return
        if self._at < len(self._unread):
            self._unread, self._at = self._unread[self._at :] + data, 0
        else:
            self._unread, self._at, self._came = data, 0, perf_counter()
        self._read_on()

    def pause_writing(self) -> None:
        """Start the clock of a caller who does not take its answers."""
        super().pause_writing()
        self._untaken = self.loop.call_later(self.config.limits.idle_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the clock of the answers."""
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Close the connection, after the call under way when there is one."""
        self._keeps = False
        super().shutdown()

    def on_headers_complete(self) -> None:
        """Stop the clock of the headers, and start the call's own: it counts while the call waits for its turn."""
        if self.parser.should_upgrade():
            return  # to be parsed again, see `_ignore_upgrade`
        self._stop_waiting()
        if self._framing > self.config.limits.header_bytes:
            raise RefusedCallError(431, self._too_large())
        self._body_left, self._framing = _declared_length(self.headers, self.parser.get_http_version()), 0
        self.scope[ARRIVED] = self._came  # type: ignore[typeddict-unknown-key] # a key of our own
        super().on_headers_complete()
        self.config.caps.begin(self.transport)
        self.headers = []  # what comes behind a body in the form of headers is none of the call's
        self._keeps, self.cycle.keep_alive, self.cycle.transport = self.cycle.keep_alive, False, self._gentle

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._framing -= len(body)
        self._body_left = max(0, self._body_left - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the clock of the body, and let the connection go on after the reply."""
        if self.parser.should_upgrade():
            return
        self._stop_waiting()
        self._framing, self._end_cut = 0, False
        if not self.cycle.response_started:
            self.cycle.keep_alive, self.cycle.transport = self._keeps, self.transport
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with what the caller sent meanwhile."""
        super().on_response_complete()
        self.config.caps.wait(self.transport)
        if self._lingering:
            self._unset_keepalive_if_required()
        elif self._at < len(self._unread) and not self._reading:
            self._read_on()

    def _read_on(self) -> None:
        """Have pieces parsed until a call is whole, or for a while, and stop reading as long as some are left."""
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        self._reading = True
        for _ in range(_TURN):
            if self._at == len(self._unread) or self._deaf():
                break
            self._parse(self._piece())
            self._turn_away()
        else:
            self.loop.call_soon(self._read_on)
        self._reading = False
        self.flow.hold(held=self._at < len(self._unread))
        self._start_waiting()

    def _deaf(self) -> bool:
        """Whether nothing more is parsed now: a whole call is not answered yet, or the end has come."""
        cycle: RequestResponseCycle | None = self.cycle
        whole = cycle is not None and not (cycle.more_body or cycle.response_complete)
        return whole or self._lingering

    def _piece(self) -> bytes | memoryview:
        """The next piece to be parsed: what is left of a body, or all up to an end."""
        data, at = self._unread, self._at
        if self._body_left:
            end = at + self._body_left
        elif self._end_cut:
            end = at + 1
        else:
            found = data.find(_END, at)
            end = found + len(_END) if found >= 0 else len(data)
        self._at = min(end, len(data))
        self._end_cut = data[self._at - 1] in b"\r\n"
        return memoryview(data)[at : self._at]

    def _parse(self, piece: bytes | memoryview) -> None:
        self._framing += len(piece)
        upgrade = False
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            upgrade = True  # not parsed again here: what is refused then would not be told from this
        except httptools.HttpParserError as error:
            why = error.__context__
            told = why if isinstance(why, RefusedCallError) else RefusedCallError(400, "Invalid HTTP request received.")
            self._hang_up(told.status, str(told))
        if upgrade:
            self._ignore_upgrade()
        elif self._framing > self.config.limits.header_bytes:
            self._hang_up(431, self._too_large())

    def _ignore_upgrade(self) -> None:
        """Parse a call that offers another protocol as if it did not (RFC 9110, 7.8): the parser would skip its body.

        Java's own client offers HTTP/2 with each call.
        """
        start = b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        headers = [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        if self.parser.get_method() == b"CONNECT":
            self._hang_up(405, "this service is no proxy")
            return
        self.parser = httptools.HttpRequestParser(self)
        self._framing = 0
        self._parse(b"\r\n".join([start, *headers, b"", b""]))

    def _start_waiting(self) -> None:
        """Give what a call lacks so long to arrive, unless the clock runs for it already."""
        if self._timer is not None or self._at < len(self._unread) or self._deaf():
            return
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            part, seconds = "body", self.config.limits.body_seconds
        elif self._framing:
            part, seconds = "headers", self.config.limits.header_seconds
        else:
            return
        detail = f"the {part} did not arrive within {seconds:g} s"
        self._timer = self.loop.call_later(seconds, self._hang_up, 408, detail)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_large(self) -> str:
        return f"the headers are larger than {self.config.limits.header_bytes} bytes"

    def _abandon_call(self) -> None:
        """Tell the call under way that nobody waits for its answer."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.scope[HUNG_UP] = True  # type: ignore[typeddict-unknown-key] # a key of our own
            cycle.disconnected = True
            cycle.waiting_for_100_continue = False  # none is told to go on behind the end
            cycle.message_event.set()

    def _hang_up(self, status: int, detail: str) -> None:
        """Say why no more is read, and end."""
        if self.transport.is_closing() or self._lingering:
            return
        self._abandon_call()
        self._write_problem(status, detail)
        self._close_gently()
        _access.info("refused", status=status, cause=detail)

    def _write_problem(self, status: int, detail: str) -> None:
        reply = problem(status, HTTPStatus(status).phrase, detail)
        head = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in [*reply.headers.items(), _NOSNIFF]),
            f"content-length: {len(reply.body)}",
            "connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode("ascii") + reply.body)

    def _close_gently(self) -> None:
        """Close our half, and throw away for a moment what still comes, or it would tear the reply away."""
        if self.transport.is_closing() or self._lingering:
            return
        self._lingering, self._unread, self._at, self._framing = True, b"", 0, 0
        self._stop_waiting()
        self.transport.write_eof()
        self.flow.hold(held=False)
        self.flow.resume_reading()
        self.config.caps.wait(self.transport)
        self._timer = self.loop.call_later(self.config.limits.body_seconds, self.transport.abort)

    def _discard(self, size: int) -> None:
        self._framing += size
        if self._framing > self.config.limits.discarded_bytes:
            self.transport.abort()


def _declared_length(headers: Iterable[tuple[bytes, bytes]], version: str) -> int:
    """The length of the body as the headers declare it, 0 for none.

    Raises `RefusedCallError` for a call that does not name its host, or names several (RFC 9112, 3.2).
    """
    hosts = length = 0
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            length = int(value)
    if hosts > 1 or (not hosts and version == "1.1"):
        raise RefusedCallError(400, f"a call names its host once, in the header Host; this one has {hosts}")
    return length
