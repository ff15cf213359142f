"""The plugin's sandbox, served on loopback, with the rest of the network closed."""

import io
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from portes.carrier import Carrier
from portes.simulators.serving import serving
from portes_testing.case import Tokens
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require_none
from portes_testing.harness.network import Network, closed_network
from portes_testing.recordings.exchange import SentRequest
from portes_testing.recordings.scrubbing import secret_tokens


@dataclass
class Tap:
    """A WSGI layer before the sandbox that writes down each request and can answer in its place."""

    application: WSGIApplication
    tokens: Tokens | None
    calls: list[SentRequest] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    """Tracebacks of the sandbox itself."""
    credentials: set[str] = field(default_factory=set)
    """Tokens and credentials that went over the wire: secrets, too."""
    rejections: int = 0
    """How many calls that are not for tokens get the case's rejection instead of an answer."""
    revoked: set[str] = field(default_factory=set)
    """Tokens that get the case's rejection, however often they come."""
    forced_reply: tuple[int, bytes] | None = None
    """What every call is answered, when set."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request, by force or by the sandbox."""
        sent = _sent(environ)
        environ["wsgi.input"] = io.BytesIO(sent.body)
        with self.lock:
            self.calls.append(sent)
            self.credentials |= {_token_of(sent)} - {""}
            forced = self._forced(sent)
        if forced is not None:
            start_response(f"{forced[0]} Told", [("Content-Type", "text/plain")])
            return [forced[1]]
        return self._answered(environ, start_response)

    @property
    def fetches(self) -> int:
        """How many tokens were asked for."""
        return sum(self._is_fetch(sent) for sent in self.calls)

    def _is_fetch(self, sent: SentRequest) -> bool:
        return self.tokens is not None and sent.path == self.tokens.path

    def _forced(self, sent: SentRequest) -> tuple[int, bytes] | None:
        if self.tokens is None or self._is_fetch(sent):
            return self.forced_reply
        revoked = _token_of(sent) in self.revoked
        if revoked or self.rejections:
            self.rejections -= not revoked
            return self.tokens.rejection, self.tokens.rejection_body
        return self.forced_reply

    def _answered(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            body = b"".join(self.application(environ, start_response))
        except Exception:
            self.crashes.append(traceback.format_exc())
            raise
        with self.lock:
            self.credentials |= _tokens(body, self.tokens)
        return [body]


def _token_of(sent: SentRequest) -> str:
    return sent.header("Authorization").partition(" ")[2]


def _tokens(body: bytes, tokens: Tokens | None) -> set[str]:
    return secret_tokens(body, {name.lower() for name in tokens.fields}) if tokens else set()


def _sent(environ: WSGIEnvironment) -> SentRequest:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return SentRequest(
        environ["REQUEST_METHOD"], f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}{query}", headers, body
    )


@dataclass
class ServedSandbox:
    """The plugin's sandbox on loopback, and carriers that ask it; empty for a plugin without HTTP."""

    under_test: CarrierUnderTest
    urls: Mapping[str, str]
    """The carrier's addresses by setting, all of them the sandbox's."""
    tap: Tap | None
    network: Network

    def new_carrier(self, **options: Any) -> Carrier:  # noqa: ANN401 — `CarrierUnderTest.new_carrier`'s own
        """A carrier that asks the sandbox."""
        return self.under_test.new_carrier(self.urls, **options)

    def change_moods(self, moods: Sequence[str] = ()) -> None:
        """Put a new sandbox with these moods in the place of the one that is served; it knows no earlier token."""
        if self.tap:
            self.tap.application = self.under_test.sandbox(tuple(moods), self.under_test.clock)

    @property
    def calls(self) -> list[SentRequest]:
        """What the sandbox was asked."""
        return self.tap.calls if self.tap else []


@contextmanager
def served_sandbox(
    under_test: CarrierUnderTest, moods: Sequence[str] = (), watch: Callable[[], None] | None = None
) -> Iterator[ServedSandbox]:
    """Serve the sandbox in these moods while the block runs. Raises when the sandbox itself crashed.

    `watch` is told of each connection, in the thread that opens it.
    """
    with ExitStack() as stack:
        tap = _tap(under_test, moods) if under_test.case.base_urls else None
        ports = {name: stack.enter_context(serving(tap)) for name in under_test.case.base_urls if tap}
        network = stack.enter_context(closed_network(*ports.values(), watch=watch))
        yield ServedSandbox(under_test, under_test.at(ports) if ports else {}, tap, network)
        require_none(tap.crashes if tap else (), "the sandbox itself crashed; mend it first")


def _tap(under_test: CarrierUnderTest, moods: Sequence[str]) -> Tap:
    tokens = under_test.case.tokens
    return Tap(under_test.sandbox(tuple(moods), under_test.clock), tokens if isinstance(tokens, Tokens) else None)


__all__ = ["ServedSandbox", "Tap", "served_sandbox"]
