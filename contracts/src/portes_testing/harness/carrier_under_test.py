"""A carrier as a store would get it, on a bench where everything it does can be seen; it knows no check."""

import ssl
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, SecretStr

from portes.carrier import Carrier
from portes.registry import CARRIERS, SANDBOXES, Registry
from portes.toolbox import Tools, tools_for
from portes.toolbox.http import Session
from portes.toolbox.tokens.cache import TokenCache
from portes.toolbox.transport import tls_context
from portes_testing.case import SHORTEST_SECRET, Case
from portes_testing.harness.background import Backstage, note_backstage
from portes_testing.harness.errors import require
from portes_testing.harness.output import Evidence
from portes_testing.recordings.exchange import Sent
from portes_testing.recordings.scrubbing import Scrubber

THREADS = 8


class Closing(Protocol):
    """Something to be closed at the end."""

    def close(self) -> None:
        """Let go."""


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
    """The session a carrier really gets, which also writes down what is sent."""

    def __init__(self, sent: list[Sent]) -> None:
        super().__init__(tls=_tls())
        self._sent = sent

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 — requests' own
        """Write the request down, then send it."""
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {name: _text(value) for name, value in request.headers.items()}
        self._sent.append(
            Sent(request.method or "", request.url or "", headers, body if isinstance(body, bytes) else b"")
        )
        return super().send(request, **kwargs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@cache
def _tls() -> ssl.SSLContext:
    return tls_context()  # made once: it costs milliseconds


@dataclass
class Bench:
    """One plugin, ready to be born as often as a check likes."""

    case: Case
    clock: KitClock
    evidence: Evidence = field(default_factory=Evidence)
    sent: list[Sent] = field(default_factory=list)
    """What was sent over `tools.http`, by any carrier born here, in order."""
    opened: list[Closing] = field(default_factory=list)
    """What the carriers born here opened."""
    instead: Mapping[str, Any] = field(default_factory=dict)
    """Tools by name that carriers born here get in place of the real ones."""
    serial: bool = False
    """Whether `tools.gather` runs one call after the other, as recording needs it."""

    @cached_property
    def plugin(self) -> Any:  # noqa: ANN401 — a `portes.carrier.CarrierPlugin` that is also called
        """The carrier's class."""
        return self.case.carrier or _installed(CARRIERS, self.case.plugin)

    @cached_property
    def sandbox(self) -> Any:  # noqa: ANN401 — duck-typed on purpose: a plugin's sandbox need know nothing of ours
        """The sandbox's class."""
        return self.case.sandbox or _installed(SANDBOXES, self.case.plugin)

    def birth(
        self,
        urls: Mapping[str, str] | None = None,
        *,
        services: Sequence[Mapping[str, Any]] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Carrier:
        """A carrier with a toolbox of its own, its addresses and settings replaced where given."""
        tools, backstage = self._toolbox()
        own = self.plugin.Settings.model_validate({**self.case.settings, **(settings or {}), **(urls or {})})
        chosen = self.case.services if services is None else services
        products = tuple(self.plugin.ServiceSettings.model_validate(dict(service)) for service in chosen)
        carrier: Carrier = self.plugin(own, products, tools)
        note_backstage(carrier, backstage)
        return carrier

    def _toolbox(self) -> tuple[Tools, Backstage]:
        tokens = TokenCache(None, self.clock)
        made = tools_for(self.case.store.facts(), "contract", clock=self.clock, tokens=tokens, threads=THREADS)
        self.opened.append(made.gather)
        if self.serial:
            made.gather.close()  # a closed gather runs everything on the asking thread
        log = self.evidence.logger()
        backstage = Backstage(log)
        watched = {"log": log, "open_http": self._session, "background": backstage, **self.instead}
        return replace(made, **watched), backstage

    def _session(self) -> Session:
        session = TappedSession(self.sent)
        self.opened.append(session)
        return session

    def close(self) -> None:
        """Close what the carriers left open."""
        for each in self.opened:
            each.close()

    def secrets(self) -> dict[str, str]:
        """The canaries: every secret text of the case and the name of its setting."""
        settings = self.plugin.Settings.model_validate(dict(self.case.settings))
        services = [self.plugin.ServiceSettings.model_validate(dict(each)) for each in self.case.services]
        found = {secret: name for model in (settings, *services) for name, secret in _secrets(model)}
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


@cache
def _installed(group: str, name: str) -> Any:  # noqa: ANN401 — whatever the entry point names
    return Registry().find(group, name).value  # once: distributions are many, and a suite asks a thousand times


def _secrets(model: BaseModel) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        yield from _within(name, getattr(model, name))


def _within(name: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — any setting
    if isinstance(value, SecretStr):
        yield name, value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from _secrets(value)
    elif isinstance(value, Mapping):
        yield from (pair for each in value.values() for pair in _within(name, each))
    elif isinstance(value, Collection) and not isinstance(value, str | bytes):
        yield from (pair for each in value for pair in _within(name, each))


@contextmanager
def bench_of(case: Case, **options: Any) -> Iterator[Bench]:  # noqa: ANN401 — Bench's own fields
    """A bench, cleared away at the end."""
    with ExitStack() as stack:
        bench = Bench(case, options.pop("clock", None) or KitClock(case.moment), **options)
        stack.callback(bench.close)
        yield bench


__all__ = ["THREADS", "Bench", "KitClock", "TappedSession", "bench_of"]
