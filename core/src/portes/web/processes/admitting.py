"""The part of a connection that turns calls away when there are more than can be answered in time."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from portes.web.admission import ARRIVED, OVERLOADED, turned_away
from portes.web.entrance import STATE_KEY, Entrance

_REPLY: Final = turned_away(OVERLOADED)
_HEAD: Final = STATUS_LINE[_REPLY.status] + b"".join(
    f"{name}: {value}\r\n".encode("ascii")
    for name, value in {**_REPLY.headers, "content-length": str(len(_REPLY.body))}.items()
)
_COUNTS_FOR: Final = "portes.counts_for"
"""Where the scope of a call that counts has its store."""


class AdmittingConnection(HttpToolsProtocol):
    """uvicorn's connection, with an early 503 for which no task is started and no body kept.

    The body is read all the same, so that the connection can go on.
    """

    _store: str = ""
    """The store that the call which arrives is for; empty where none is, and nobody is turned away."""
    _turning_away: bool = False
    """Whether the call that arrives is turned away once it is whole."""
    _refused: RequestResponseCycle | None = None
    """The whole call that is to be turned away as soon as the parser is done with it, before calls that were let in."""

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, or throw it away."""
        if not self._turning_away:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Count a call that is whole, or turn it away."""
        super().on_message_complete()
        if self._turning_away:
            self._refused = self.cycle  # not answered now: the parser is at work
        elif self._store and not self.cycle.response_started:
            self._entrance.begin(self._store)
            self.cycle.scope[_COUNTS_FOR] = self._store  # type: ignore[typeddict-unknown-key] # a key of our own

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Any]) -> None:
        """Start a call, unless it is turned away."""
        posts = cycle.scope["method"] == "POST" and STATE_KEY in self.app_state
        self._store = self._entrance.store_of(cycle.scope["path"]) if posts else ""
        self._turning_away = False
        if not self._store:
            super()._start_asgi_task(cycle, app)
        elif self._entrance.has_room(self._store):
            super()._start_asgi_task(cycle, self._counted(app))
        elif cycle.waiting_for_100_continue or self.flow.write_paused:  # who waits to be told so sends no body
            self._store = ""
            super()._start_asgi_task(cycle, self._turning_away_in_turn)
        else:
            self._turning_away = True

    def _counted(self, app: Callable[..., Any]) -> Callable[..., Any]:
        entrance = self._entrance

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            finally:
                if store := scope.get(_COUNTS_FOR):
                    entrance.end(store)

        return counted

    def _turn_away(self) -> None:
        """Answer the call that is to be turned away, when there is one."""
        cycle, self._refused = self._refused, None
        if cycle is None or cycle.disconnected or self.transport.is_closing():
            return
        ends = [] if cycle.keep_alive else [(b"connection", b"close")]
        heads = [b"%b: %b\r\n" % header for header in [*cycle.default_headers, *ends]]
        self.transport.write(b"".join([_HEAD, *heads, b"\r\n", _REPLY.body]))
        cycle.response_started = cycle.response_complete = True
        self._tell(cycle.scope)
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()

    async def _turning_away_in_turn(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 — see `_tell`
        await Response(_REPLY.body, _REPLY.status, _REPLY.headers)(scope, receive, send)
        self._tell(scope)

    def _tell(self, scope: Any) -> None:  # noqa: ANN401 — uvicorn's scopes and starlette's are the same dictionary
        self._entrance.turned_away(scope["path"], _REPLY.status, perf_counter() - scope[ARRIVED])

    @property
    def _entrance(self) -> Entrance:
        entrance: Entrance = self.app_state[STATE_KEY]
        return entrance
