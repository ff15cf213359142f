"""A carrier as a store would get it, with tools that write down whatever it does."""

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests

from portes.carrier import Carrier
from portes.contract import Origin
from portes.redaction import Redactor, secrets_in
from portes.registry import CARRIERS, SANDBOXES, Door, Registry
from portes.toolbox import Tools, tools_for
from portes.toolbox.http import Session, deadline_of
from portes.toolbox.tokens.cache import TokenCache
from portes.toolbox.transport import tls_context
from portes_testing.case import SHORTEST_SECRET, Case
from portes_testing.harness.background import DeferredBackground
from portes_testing.harness.errors import require
from portes_testing.harness.output import Output
from portes_testing.recordings.exchange import SentRequest
from portes_testing.recordings.scrubbing import Scrubber

THREADS = 8


class Closeable(Protocol):
    """Something to be closed at the end."""

    def close(self) -> None:
        """Let go of what was opened."""


class KitClock:
    """A clock that starts at the case's moment and can be moved on."""

    def __init__(self, moment: datetime, *, stands_still: bool = False) -> None:
        self._moment = moment
        self._started = None if stands_still else time.monotonic()
        self._advanced = timedelta()

    def now(self) -> datetime:
        """The case's moment, and what has passed since."""
        passed = 0.0 if self._started is None else time.monotonic() - self._started
        return self._moment + self._advanced + timedelta(seconds=passed)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic() + self._advanced.total_seconds()

    def advance(self, by: timedelta) -> None:
        """Let time pass at once."""
        self._advanced += by


class TappedSession(Session):
    """The session a carrier really gets; it also writes down each request and the seconds it may take."""

    def __init__(self, sent: list[SentRequest], timeouts: list[float], redactor: Redactor) -> None:
        super().__init__(tls=_tls(), redactor=redactor)
        self._sent = sent
        self._timeouts = timeouts

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 — requests' own
        """Write the request down, then send it."""
        self._timeouts.append(deadline_of(kwargs.get("timeout")).seconds)
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {name: _text(value) for name, value in request.headers.items()}
        self._sent.append(
            SentRequest(request.method or "", request.url or "", headers, body if isinstance(body, bytes) else b"")
        )
        return super().send(request, **kwargs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@cache
def _tls() -> ssl.SSLContext:
    return tls_context()  # made once: it costs milliseconds


@dataclass(frozen=True)
class BuiltCarrier:
    """A carrier and what the kit knows of its making."""

    carrier: Carrier
    currency: str
    moment: datetime
    background: DeferredBackground
    redactor: Redactor
    """Knows the secrets of its settings, and its tokens."""
    timeouts: list[float]
    """Seconds that each call over `tools.http` was given so far."""


_BUILT: Final[dict[int, BuiltCarrier]] = {}
"""Carriers by their identity: they need not be hashable, and live as long as they stand here."""


def built(carrier: Carrier) -> BuiltCarrier:
    """What is known of a carrier that `CarrierUnderTest.new_carrier` made. Raises `LookupError` for another."""
    if id(carrier) not in _BUILT:
        msg = "only a carrier that CarrierUnderTest.new_carrier made, and that is not closed yet, can be asked"
        raise LookupError(msg)
    return _BUILT[id(carrier)]


@dataclass
class CarrierUnderTest:
    """One plugin, of which a check makes as many carriers as it likes."""

    case: Case
    clock: KitClock
    output: Output = field(default_factory=Output)
    sent: list[SentRequest] = field(default_factory=list)
    """What was sent over `tools.http`, by any carrier made here, in order."""
    timeouts: list[float] = field(default_factory=list)
    """Seconds that each of these requests was given."""
    opened: list[Closeable] = field(default_factory=list)
    """What the carriers made here opened."""
    tool_overrides: Mapping[str, Any] = field(default_factory=dict)
    """Tools by name that carriers made here get in place of the real ones."""
    serial: bool = False
    """Whether `tools.gather` runs one call after the other, as recording needs it."""
    _made: list[BuiltCarrier] = field(default_factory=list, init=False, repr=False)

    @cached_property
    def plugin(self) -> Any:  # noqa: ANN401 — a `portes.carrier.CarrierPlugin` that is also called
        """The carrier's class, as the case or an entry point names it."""
        return self.case.carrier or _installed(CARRIERS, self.case.plugin)

    @cached_property
    def sandbox(self) -> Any:  # noqa: ANN401 — duck-typed on purpose: a plugin's sandbox need know nothing of ours
        """The sandbox's class, as the case or an entry point names it."""
        return self.case.sandbox or _installed(SANDBOXES, self.case.plugin)

    def new_carrier(
        self,
        urls: Mapping[str, str] | None = None,
        *,
        services: Sequence[Mapping[str, Any]] | None = None,
        settings: Mapping[str, Any] | None = None,
        origins: Sequence[Origin] = (),
    ) -> Carrier:
        """A carrier with a toolbox of its own, its addresses and settings replaced where given.

        Its store ships from `origins` too; one with the number of an origin of the case takes that one's place.
        """
        own = self.plugin.Settings.model_validate({**self.case.settings, **(settings or {}), **(urls or {})})
        chosen = self.case.services if services is None else services
        products = tuple(self.plugin.ServiceSettings.model_validate(dict(service)) for service in chosen)
        background = DeferredBackground(self.output.logger())
        tools = self._toolbox(Redactor.of(own, *products), background, origins)
        carrier: Carrier = self.plugin(own, products, tools)
        currency, moment = self.case.store.currency, self.case.moment
        self._made.append(BuiltCarrier(carrier, currency, moment, background, tools.redactor, self.timeouts))
        _BUILT[id(carrier)] = self._made[-1]
        return carrier

    def _toolbox(self, redactor: Redactor, background: DeferredBackground, origins: Sequence[Origin]) -> Tools:
        tokens = TokenCache(None, self.clock)
        places = {origin.id: origin for origin in (*self.case.origins, *origins)}
        facts = self.case.store.facts(origins=tuple(places.values()))
        made = tools_for(facts, "contract", clock=self.clock, tokens=tokens, threads=THREADS, redactor=redactor)
        self.opened.append(made.gather)
        if self.serial:
            made.gather.close()  # a closed gather runs everything on the asking thread
        watched = {
            "log": self.output.logger(),
            "open_http": partial(self._session, redactor),
            "background": background,
            "numbers": numbers_from_one,
        }
        return replace(made, **{**watched, **self.tool_overrides})

    def _session(self, redactor: Redactor) -> Session:
        session = TappedSession(self.sent, self.timeouts, redactor)
        self.opened.append(session)
        return session

    def close(self) -> None:
        """Close what the carriers left open, and forget them."""
        for each in self.opened:
            each.close()
        for made in self._made:
            _BUILT.pop(id(made.carrier), None)

    def secrets(self) -> dict[str, str]:
        """The canaries: every secret text of the case and the name of its setting."""
        settings = self.plugin.Settings.model_validate(dict(self.case.settings))
        services = [self.plugin.ServiceSettings.model_validate(dict(each)) for each in self.case.services]
        found = {secret.text: secret.key for secret in secrets_in((settings, *services))}
        found |= dict.fromkeys(self.case.secrets, "secret")
        for secret, name in found.items():
            words = f"{name}: a canary needs {SHORTEST_SECRET} characters, or it shows in texts that do not tell it"
            require(len(secret) >= SHORTEST_SECRET, words)
        return found

    def scrubber(self) -> Scrubber:
        """What hides this case's secrets, and its tokens."""
        tokens = getattr(self.case.tokens, "fields", ())
        return Scrubber(self.secrets(), {*tokens, *self.case.scrub})

    def public(self) -> dict[str, str]:
        """The carrier's own addresses by setting: what cassettes show."""
        fields = self.plugin.Settings.model_fields
        given = {name: self.case.settings.get(name, fields[name].default) for name in self.case.base_urls}
        return {name: str(url).rstrip("/") for name, url in given.items()}

    def at(self, ports: Mapping[str, int]) -> dict[str, str]:
        """The carrier's addresses moved to ports of loopback, their paths kept."""
        return {name: f"http://127.0.0.1:{ports[name]}{urlsplit(url).path}" for name, url in self.public().items()}


def numbers_from_one(count: int) -> Sequence[str]:
    """The same numbers for each call, so that what is sent can be found in a recording."""
    return [str(number) for number in range(1, count + 1)]


@cache
def _installed(door: Door[Any], name: str) -> Any:  # noqa: ANN401 — whatever the entry point names
    return Registry().find(door, name).value  # once: distributions are many, and a suite asks a thousand times


@contextmanager
def carrier_under_test(case: Case, **options: Any) -> Iterator[CarrierUnderTest]:  # noqa: ANN401 — CarrierUnderTest's own fields
    """A plugin's carrier under test, closed at the end."""
    with ExitStack() as stack:
        under_test = CarrierUnderTest(case, options.pop("clock", None) or KitClock(case.moment), **options)
        stack.callback(under_test.close)
        yield under_test


__all__ = ["THREADS", "BuiltCarrier", "CarrierUnderTest", "KitClock", "TappedSession", "built", "carrier_under_test"]
