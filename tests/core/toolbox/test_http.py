import gzip
import logging
import socket
import ssl
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import trustme
import vcr
from logins import eventually
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from raw_host import GENEROUS, Host, Script, answer, ask, drips, hangs, resets, says, says_and_closes
from werkzeug import Request, Response

from portes.carrier import Deadline
from portes.errors import CarrierError, LateError, RejectedRequestError, UnreachableError
from portes.toolbox import HttpResponse, transport
from portes.toolbox.http import AGENT, REQUEST_ID, Session

SHORT = 0.3
CANARY = "canary-7f3a"


def is_late(session: Session, host: Host, url: str = "") -> bool:
    """Whether a call ended at its deadline, and not before, while the host was still about to answer."""
    deadline = Deadline(SHORT)
    with pytest.raises(LateError):
        session.call("POST", url or host.url, deadline=deadline, json={"a": 1})
    return deadline.passed and host.answered == 0


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(hangs(), id="no answer at all"),
        pytest.param(hangs(answer(b"{", length=100)), id="half a body"),
        pytest.param(drips(answer(b" " * 600)), id="status and headers byte by byte"),
        pytest.param(
            lambda connection, request: (
                says(answer(b"", length=600))(connection, request) and drips(b" " * 600)(connection, request)
            ),
            id="body byte by byte",
        ),
        pytest.param(
            lambda connection, request: (
                says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")(connection, request)
                and drips(b"0" * 600)(connection, request)
            ),
            id="length of a chunk byte by byte",
        ),
        pytest.param(drips(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, pause=0.002), id="never more than Continue"),
    ],
)
def test_an_answer_that_does_not_end_costs_the_timeout_and_no_more(
    host: Callable[..., Host], session: Session, script: Script
) -> None:
    slow = host(script)

    assert is_late(session, slow)
    assert eventually(lambda: len(slow.requests) == 1)


def test_a_host_that_does_not_greet_back_is_late(host: Callable[..., Host], session: Session) -> None:
    mute = host(hangs())

    assert is_late(session, mute, mute.url.replace("http:", "https:"))


def test_the_usual_methods_of_requests_keep_a_deadline_too(host: Callable[..., Host], session: Session) -> None:
    slow = host(drips(answer(b" " * 600)))

    with pytest.raises(LateError):
        session.get(slow.url, timeout=(0.1, SHORT))

    assert slow.answered == 0


def test_nothing_is_sent_when_no_time_is_left(host: Callable[..., Host], session: Session) -> None:
    idle = host(says(answer()))

    with pytest.raises(LateError):
        ask(session, idle.url, timeout=0)
    ask(session, idle.url)  # connections are noticed in their order

    assert (idle.connections, len(idle.requests)) == (1, 1)


def test_a_host_that_takes_no_connection_is_unreachable(session: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(UnreachableError, match=r"^127\.0\.0\.1: no connection could be opened$"):
        ask(session, f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("status", [b"204 No Content", b"401 Unauthorized", b"429 Too Many Requests", b"503 Busy"])
def test_every_status_comes_back_with_its_headers(host: Callable[..., Host], session: Session, status: bytes) -> None:
    received = ask(session, host(says(answer(b"", b"Retry-After: 7", status=status))).url)

    assert (received.status, received.headers["retry-after"], received.body) == (int(status[:3]), "7", b"")


@pytest.mark.parametrize("ask_in", [ask, lambda session, url: session.post(url)])
def test_a_redirect_comes_back_as_it_is_and_is_not_followed(
    host: Callable[..., Host], session: Session, ask_in: Callable[[Session, str], HttpResponse | requests.Response]
) -> None:
    elsewhere = host(says(answer()))
    redirecting = host(says(answer(b"", b"Location: " + elsewhere.url.encode(), status=b"307 Elsewhere")))

    received = ask_in(session, redirecting.url)

    assert (received.status if isinstance(received, HttpResponse) else received.status_code) == 307
    assert elsewhere.connections == 0


def test_cookies_are_neither_kept_nor_sent(host: Callable[..., Host], session: Session) -> None:
    baker = host(says(answer(b"{}", b"Set-Cookie: crumb=1")))

    for _ in range(2):
        ask(session, baker.url)
        session.get(baker.url, cookies={"mine": "2"})

    assert len(session.cookies) == 0
    assert not any(b"cookie" in request.lower() for request in baker.requests)


def test_a_connection_is_used_again(host: Callable[..., Host], session: Session) -> None:
    keeping = host(says(answer()))
    empty = host(says(answer(b"", status=b"204 No Content")))

    for _ in range(3):
        ask(session, keeping.url)
        ask(session, empty.url)

    assert (keeping.connections, empty.connections) == (1, 1)


def test_threads_share_the_connections(host: Callable[..., Host]) -> None:
    keeping = host(says(answer()))
    with Session(connections=4) as session, ThreadPoolExecutor(4) as pool:
        bodies = [received.body for received in pool.map(lambda _: ask(session, keeping.url), range(100))]

    assert bodies == [b"{}"] * 100
    assert keeping.connections <= 4


def test_a_connection_that_died_idle_is_replaced_before_anything_is_sent(
    host: Callable[..., Host], session: Session
) -> None:
    closing = host(says_and_closes(answer()))

    ask(session, closing.url)
    assert eventually(lambda: closing.closed == 1)
    ask(session, closing.url)

    assert (closing.connections, len(closing.requests)) == (2, 2)


def test_a_connection_idle_for_long_is_not_trusted(
    host: Callable[..., Host], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = host(says(answer()))
    monkeypatch.setattr(transport, "IDLE", 0.0)

    ask(session, keeping.url)
    ask(session, keeping.url)

    assert keeping.connections == 2


def test_a_request_the_carrier_may_have_acted_on_is_never_sent_again(
    host: Callable[..., Host], session: Session
) -> None:
    def answers_once(connection: socket.socket, request: bytes) -> bool:
        return len(moody.requests) == 1 and says(answer())(connection, request)

    moody = host(answers_once)
    ask(session, moody.url)

    for _ in range(2):  # the second shows that the first came once: connections are noticed in their order
        with pytest.raises(UnreachableError):
            ask(session, moody.url)

    assert (moody.connections, len(moody.requests)) == (2, 3)


def test_the_environment_has_no_say(
    host: Callable[..., Host], session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy, carrier = host(says(answer())), host(says(answer()))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    (tmp_path / "netrc").write_text("machine localhost login somebody password else")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    ask(session, carrier.url)
    session.get(carrier.url)

    assert (proxy.connections, len(carrier.requests)) == (0, 2)
    assert not any(b"authorization" in request.lower() for request in carrier.requests)


def test_every_request_says_who_asks_and_has_an_id_of_its_own(httpserver: HTTPServer, session: Session) -> None:
    httpserver.expect_request("/").respond_with_json({})
    url = httpserver.url_for("/")

    ask(session, url)
    session.get(url)
    session.call("GET", url, deadline=Deadline(GENEROUS), headers={"user-agent": ""})
    session.call("GET", url, deadline=Deadline(GENEROUS), headers={"user-agent": "shop/1", "x-request-id": "mine"})

    heard = [request.headers for request, _ in httpserver.log]
    assert [headers["User-Agent"] for headers in heard] == [AGENT, AGENT, AGENT, "shop/1"]
    assert AGENT.startswith("portes/")
    assert len({headers[REQUEST_ID] for headers in heard}) == 4
    assert heard[3][REQUEST_ID] == "mine"


def test_a_call_sends_what_it_was_given(httpserver: HTTPServer, session: Session) -> None:
    def echo(request: Request) -> Response:
        head = (request.method, request.full_path, request.headers.get("Authorization"), request.content_type)
        return Response("|".join(str(part) for part in (*head, request.get_data(as_text=True))))

    httpserver.expect_request("/p").respond_with_handler(echo)
    url = httpserver.url_for("/p")

    def told(method: str, address: str = url, **what: object) -> str:
        return session.call(method, address, deadline=Deadline(GENEROUS), **what).body.decode()  # type: ignore[arg-type]

    assert told("GET", params={"cep": "01001000", "s": ["a b", "ç"]}) == (
        "GET|/p?cep=01001000&s=a+b&s=%C3%A7|None|None|"
    )
    assert told("GET", url + "?a=1", params={"b": 2}) == "GET|/p?a=1&b=2|None|None|"
    assert told("POST", json={"peso": "300"}) == 'POST|/p?|None|application/json|{"peso":"300"}'
    assert told("POST", data={"a": "1 2"}) == "POST|/p?|None|application/x-www-form-urlencoded|a=1+2"
    assert told("POST", data=b"<x/>", headers={"content-type": "text/xml"}) == "POST|/p?|None|text/xml|<x/>"
    assert told("POST", basic=("loja", "sénha")) == "POST|/p?|Basic bG9qYTpzw6luaGE=|None|"
    assert told("POST", bearer=SecretStr("tok-1")) == "POST|/p?|Bearer tok-1|None|"


def test_a_tap_sees_what_went_out(host: Callable[..., Host], session: Session) -> None:
    sent: list[requests.PreparedRequest] = []
    session.hooks["response"].append(lambda response, **_: sent.append(response.request))

    ask(session, host(says(answer())).url)

    assert [(request.method, request.body) for request in sent] == [("POST", b'{"a":1}')]


def test_a_certificate_is_verified_whatever_a_caller_asks(host: Callable[..., Host]) -> None:
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(serving)
    authority.configure_trust(trusting)
    secure = host(says(answer()), serving)

    with Session(tls=trusting) as session:
        assert ask(session, secure.url).status == 200
        assert session.get(secure.url).status_code == 200
        with pytest.raises(UnreachableError, match="certificate is not trusted"):
            ask(session, secure.url.replace("localhost", "127.0.0.1"))

    with Session() as stranger, pytest.raises(UnreachableError, match="certificate is not trusted"):
        stranger.get(secure.url, verify=False)


def test_a_dripping_host_is_late_over_tls_too(host: Callable[..., Host]) -> None:
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(serving)
    authority.configure_trust(trusting)

    with Session(tls=trusting) as session:
        assert is_late(session, host(drips(answer(b" " * 600)), serving))


@pytest.mark.parametrize("script", [hangs(), resets, says_and_closes(b"junk"), says(answer(b"x" * 100))])
def test_no_secret_is_told_when_a_call_fails(
    host: Callable[..., Host], script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = host(script).url + "quote?key=" + CANARY
    headers = {"Authorization": f"Bearer {CANARY}"}

    with Session(limit=50) as session, pytest.raises(CarrierError) as caught:
        session.call("POST", url, deadline=Deadline(0.2), headers=headers, json={"secret": CANARY})

    _assert_discreet(caught.value, caplog.text)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("http://localhost/", f"Bearer {CANARY}\n"),
        ("http://localhost/", f"Bearer {CANARY} €"),
        (f"http://*.{CANARY}/", "x"),
        (f"http://user:{CANARY}@[::/", "x"),
        (CANARY, "x"),
        (f"ftp://localhost/{CANARY}", "x"),
    ],
)
def test_a_request_that_cannot_be_made_is_rejected_without_its_values(session: Session, url: str, value: str) -> None:
    for attempt in (
        lambda: session.call("GET", url, deadline=Deadline(1), headers={"Authorization": value}),
        lambda: session.get(url, headers={"Authorization": value}, timeout=1),
    ):
        with pytest.raises(RejectedRequestError) as caught:
            attempt()
        _assert_discreet(caught.value, "")


def _assert_discreet(problem: BaseException, logged: str) -> None:
    assert (problem.__cause__, problem.__context__) == (None, None)
    told = [str(problem), repr(problem), repr(vars(problem)), logged, *traceback.format_exception(problem)]
    assert not [text for text in told if CANARY in text]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_recorded_call_plays_again_without_its_host(
    host: Callable[..., Host], session: Session, tmp_path: Path, encoding: str
) -> None:
    content = gzip.compress(b'{"a":1}') if encoding == "gzip" else b'{"a":1}'
    recorded = host(says(answer(content, b"Content-Encoding: " + encoding.encode())))
    tape = vcr.VCR(cassette_library_dir=str(tmp_path), decode_compressed_response=True)

    with tape.use_cassette("call.yaml"):
        first = ask(session, recorded.url)
    with tape.use_cassette("call.yaml", record_mode="none", allow_playback_repeats=True) as cassette:
        again = [ask(session, recorded.url) for _ in range(3)]

    assert [first.body, *(received.body for received in again)] == [b'{"a":1}'] * 4
    assert (len(recorded.requests), cassette.play_count) == (1, 3)


def test_a_recording_host_that_drips_is_late(host: Callable[..., Host], session: Session, tmp_path: Path) -> None:
    with vcr.VCR(cassette_library_dir=str(tmp_path)).use_cassette("late.yaml"):
        assert is_late(session, host(drips(answer(b" " * 600))))


def test_every_request_that_goes_out_is_counted_whatever_becomes_of_it(
    host: Callable[..., Host], session: Session
) -> None:
    """Whoever has to keep a pace counts what the carrier sees."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ask(session, host(says(answer())).url)
    with pytest.raises(UnreachableError):
        ask(session, f"http://127.0.0.1:{port}/")
    with pytest.raises(RejectedRequestError):
        ask(session, "no address")

    assert session.sent == 2
