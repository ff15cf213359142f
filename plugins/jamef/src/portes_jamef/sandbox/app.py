"""The simulator itself: routes, moods and WSGI; it knows no formula."""

import time as machine
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from portes.toolbox import Clock, SystemClock
from portes_jamef.addresses import LOGIN, QUOTE
from portes_jamef.sandbox.logins import Logins
from portes_jamef.sandbox.quotes import quote
from portes_jamef.sandbox.replies import Call, Rejected, Reply, gateway

SLOW: Final = 1.5
"""Seconds that an answer takes in the mood `slow`."""
DRIP: Final = 0.05
"""Seconds between two bytes."""
_PAGE: Final = "<!DOCTYPE html><html><head><title>Jamef</title></head><body><h1>Em manutenção</h1></body></html>"


class Sandbox:
    """Jamef's API, simulated; thread-safe. Served by `portes sandbox jamef`."""

    moods: ClassVar[Mapping[str, str]] = {
        "slow": "answers every call after a second and a half",
        "dripping": "answers every call one byte at a time, twenty a second",
        "down": "answers 503 to every call",
        "html": "answers a page of HTML with status 200 to every call",
        "throttled": "answers 429 to every question for a price, without saying how long",
        "ill": "answers 500 to every question for a price and names the part of it that failed",
        "wrong_password": "accepts no login",
        "approval_pending": "answers 403 to every login: production has not been approved",
        "token_expired_early": "refuses the first token, as if it had expired",
        "payer_unknown": "finds no contract for any payer",
        "payer_404": "the same with 404, in words of ours",
        "payer_unpriced": "answers an empty list that says that the payer has no table",
        "branch_unknown": "takes no branch code",
        "branch_404": "the same with 404, in words of ours",
        "origin_unknown": "knows no origin",
        "request_refused": "misses a field in every question for a price",
        "calculation_failed": "answers an empty list beside an error: it could not work the price out",
        "road_only": "has no offer by air on any lane",
        "no_lanes": "has no offer on any lane: an empty list",
        "lanes_404": "answers 404 instead of an empty list where there is no offer",
        "lanes_422": "answers 422 instead of an empty list where there is no offer",
        "odd_decorations": "names number, transport, freight and tax of a quote in other types than documented",
        "dateless": "names no day of delivery",
        "created": "answers 201 instead of 200 where there is an offer",
    }

    def __init__(self, moods: Sequence[str] = (), clock: Clock | None = None) -> None:
        self._moods = frozenset(moods)
        self._clock = clock or SystemClock()
        self._logins = Logins(self._moods)
        self._routes: Mapping[str, Callable[[Call], Reply]] = {
            f"POST {LOGIN}": self._logins.login,
            f"POST {QUOTE}": self._quote,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call, as a WSGI application does."""
        if "slow" in self._moods:
            machine.sleep(SLOW)
        reply = self._reply(Call.of(environ, self._clock.now()))
        headers = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body)), **reply.headers}
        start_response(f"{reply.status} Simulated", list(headers.items()))
        return _dripping(reply.body) if "dripping" in self._moods else [reply.body]

    def _reply(self, call: Call) -> Reply:
        if "down" in self._moods:
            return Reply(503)
        if "html" in self._moods:
            return Reply(200, _PAGE.encode(), "text/html; charset=utf-8")
        route = self._routes.get(call.route)
        try:
            return route(call) if route else gateway(404, "No listener for endpoint")
        except Rejected as rejected:
            return rejected.reply

    def _quote(self, call: Call) -> Reply:
        self._logins.check(call)
        if "throttled" in self._moods:
            raise Rejected(gateway(429, "Quota has been exceeded"))
        return quote(call, self._moods)


def _dripping(body: bytes) -> Iterator[bytes]:
    for position in range(len(body)):
        machine.sleep(DRIP)
        yield body[position : position + 1]
