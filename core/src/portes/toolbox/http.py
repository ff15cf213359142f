"""The `requests.Session` a carrier gets at birth: it keeps deadlines and secrets."""

import http.client
import io
import json as json_codec
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import requests
from pydantic import SecretStr
from requests.structures import CaseInsensitiveDict
from urllib3 import exceptions as urllib3_errors

from portes.carrier import Deadline
from portes.errors import CarrierError, GarbledError, LateError, RejectedRequestError, UnreachableError
from portes.forks.children import in_each_process
from portes.redaction import Redactor
from portes.toolbox.bodies import read_body
from portes.toolbox.response import HttpResponse
from portes.toolbox.transport import Allowance, Transport, tls_context

P = ParamSpec("P")
T = TypeVar("T")

BODY_LIMIT: Final = 2 * 1024 * 1024
"""Bytes an answer may have once decoded."""
DEFAULT_TIMEOUT: Final = 10.0
"""Seconds for a call that names no deadline."""
AGENT: Final = f"portes/{version('portes')}"
"""How every request introduces itself unless the carrier wants other words."""
REQUEST_ID: Final = "X-Request-Id"
"""The header that names each outgoing request."""


class Session(requests.Session):
    """One per carrier, shared by its threads; nobody changes it after it was made.

    Whatever way a request takes (`call`, `get`, `post`, `send`), it keeps its deadline, follows no redirect, stores
    and sends no cookie, asks nothing of the environment, reads at most `limit` decoded bytes, verifies certificates
    and is sent once; no long secret is left in its answer. What goes wrong is a `CarrierError` whose hint names the
    host and nothing else of the request.
    """

    def __init__(
        self,
        connections: int = 16,
        *,
        tls: ssl.SSLContext | None = None,
        limit: int = BODY_LIMIT,
        redactor: Redactor | None = None,
    ) -> None:
        """Keep up to `connections` idle connections per host; trust `tls` instead of the public authorities.

        What `redactor` knows and an answer echoes is masked before anybody reads it.
        """
        super().__init__()
        self._redactor = Redactor() if redactor is None else redactor  # one that knows tokens alone is false
        self.trust_env = False
        self.headers = CaseInsensitiveDict(
            {
                "User-Agent": AGENT,
                "Accept": "application/json, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            }
        )
        self.limit = limit
        transport = Transport(connections, tls or tls_context())
        self.mount("https://", transport)
        self.mount("http://", transport)
        self.sent = 0
        """Requests that went out, those that came to nothing among them: for whoever has to keep a pace."""
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._counting = Lock()

    def call(
        self,
        method: str,
        url: str,
        *,
        deadline: Deadline,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,  # noqa: ANN401 — whatever JSON can say
        data: bytes | Mapping[str, Any] | None = None,
        basic: tuple[str, str] | None = None,
        bearer: SecretStr | None = None,
    ) -> HttpResponse:
        """Ask once and read the whole answer, whatever its status; a redirect comes back as it is.

        The quick way: it prepares a third of what `request` does. `data` is a body as it is, or the fields of a
        form; `basic` is a user and a password, `bearer` a token. Raises `LateError`, `UnreachableError`,
        `GarbledError`, or `RejectedRequestError` when no request can be made of the arguments.
        """
        request = _without_words(self._prepare, method, url, headers, params)
        _put_body(request, json, data)
        if basic is not None:
            request.headers["Authorization"] = "Basic " + b64encode(":".join(basic).encode()).decode()
        if bearer is not None:
            request.headers["Authorization"] = f"Bearer {bearer.get_secret_value()}"
        response = self.send(request, timeout=deadline)
        return HttpResponse(
            response.status_code, response.headers, response.content, getattr(response, "hang_up", None)
        )

    def _prepare(
        self, method: str, url: str, headers: Mapping[str, str] | None, params: Mapping[str, Any] | None
    ) -> requests.PreparedRequest:
        request = requests.PreparedRequest()
        request.method = method
        request.url = _address(url)
        if params:
            request.url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
        request.headers = CaseInsensitiveDict(self.headers)  # type: ignore[arg-type]  # ours are text
        request.headers.update(headers or {})
        request.hooks = self.hooks
        return request

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare as `requests` does; what cannot be prepared is told without its values."""
        return _without_words(super().prepare_request, request)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 — requests' own
        """Send once and read the body within the deadline, `timeout`: a `Deadline` or seconds."""
        deadline = deadline_of(kwargs.get("timeout")).check()
        _stamp(request)
        host = urlsplit(request.url or "").hostname or "no host"
        with self._counting:
            self.sent += 1
        try:
            transport: Any = self.get_adapter(request.url or "")
            response: requests.Response = transport.send(request, stream=True, timeout=Allowance(deadline))
            body = read_body(response.raw, self.limit, host)
            response.raw = io.BytesIO(self._redactor.without_echoes(body, [*map(str, request.headers.values())]))
        except (requests.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as cause:
            problem = _carrier_error(cause, host, deadline)
        else:
            return _after_hooks(response, request.hooks["response"])
        raise problem  # out of the except block: the cause knows the whole request, and nobody shall print it


def _after_hooks(response: requests.Response, hooks: Iterable[Callable[..., Any]]) -> requests.Response:
    for hook in hooks:
        response = hook(response) or response
    return response


def _without_words(prepare: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Prepare; the library's own complaint quotes headers and addresses, so only its name is kept."""
    try:
        return prepare(*args, **kwargs)
    except (requests.RequestException, ValueError) as problem:
        name = type(problem).__name__
    msg = f"the request cannot be built ({name}): look at the carrier's address and credentials in the settings"
    raise RejectedRequestError(msg)


@lru_cache(maxsize=256)
def _address(url: str) -> str:
    request = requests.PreparedRequest()
    request.prepare_url(url, None)
    return request.url or ""


def _put_body(request: requests.PreparedRequest, json: object, data: bytes | Mapping[str, Any] | None) -> None:
    if json is not None:
        body, kind = json_codec.dumps(json, allow_nan=False, separators=(",", ":")).encode(), "application/json"
    elif isinstance(data, Mapping):
        body, kind = urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = data or b"", ""
    if kind:
        request.headers.setdefault("Content-Type", kind)
    if body or request.method not in {"GET", "HEAD"}:
        request.headers["Content-Length"] = str(len(body))
        request.body = body


def deadline_of(timeout: object) -> Deadline:
    """Understand `requests`' time-outs too: seconds, or a pair of which the longer counts for the whole call."""
    if isinstance(timeout, Deadline):
        return timeout
    if isinstance(timeout, tuple):
        timeout = max((part for part in timeout if part is not None), default=None)
    return Deadline(float(timeout) if isinstance(timeout, int | float) else DEFAULT_TIMEOUT)


def _stamp(request: requests.PreparedRequest) -> None:
    request.headers.pop("Cookie", None)
    request.headers.setdefault(REQUEST_ID, uuid4().hex)
    if not request.headers.get("User-Agent"):
        request.headers["User-Agent"] = AGENT


_NAMES: Final[tuple[tuple[tuple[type[BaseException], ...], type[CarrierError], str], ...]] = (
    ((urllib3_errors.NameResolutionError,), UnreachableError, "the host name is not known"),
    ((urllib3_errors.NewConnectionError,), UnreachableError, "no connection could be opened"),
    ((ssl.SSLCertVerificationError,), UnreachableError, "its certificate is not trusted"),
    ((urllib3_errors.SSLError, ssl.SSLError), UnreachableError, "the encrypted connection failed"),
    ((urllib3_errors.TimeoutError, TimeoutError), LateError, "no complete answer in time"),
    ((urllib3_errors.DecodeError,), GarbledError, "the answer could not be decompressed"),
    ((http.client.RemoteDisconnected, ConnectionError), UnreachableError, "the connection was closed"),
    (
        (http.client.HTTPException, urllib3_errors.ProtocolError, urllib3_errors.InvalidHeader),
        GarbledError,
        "the answer is cut short or not HTTP",
    ),
    ((ValueError,), RejectedRequestError, "the request cannot be sent"),
)


def _carrier_error(cause: Exception, host: str, deadline: Deadline) -> CarrierError:
    if deadline.passed:
        return LateError(f"{host}: no complete answer within {deadline.seconds:g} s")
    causes = list(_causes(cause))
    for types, error, words in _NAMES:
        if any(isinstance(each, types) for each in causes):
            return error(f"{host}: {words}")
    return UnreachableError(f"{host}: the call failed ({type(cause).__name__})")


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """Yield a problem and those that libraries wrapped in it, by argument or by `reason`."""
    yield problem
    for inner in (*problem.args, getattr(problem, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
