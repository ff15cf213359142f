"""Simulators served on loopback: whole HTTP, connections that stay open, moods that are checked."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from click.testing import CliRunner

from portes.cli.commands.sandbox import sandbox
from portes.errors import SettingsError
from portes.simulators.serving import build_sandbox, serving

SIMULATOR = '''
"""A simulator as a plugin brings one."""


class Echo:
    """Says what it was asked."""

    moods = {"shy": "says nothing", "loud": "says it in capitals"}

    def __init__(self, moods=(), clock=None):
        self._moods = moods

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"" if "shy" in self._moods else body.upper() if "loud" in self._moods else body]
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distribution that brings a simulator named `echo`, beside the others."""
    info = tmp_path / "echo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: echo\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[portes.sandboxes]\necho = echo_simulator:Echo\n")
    (tmp_path / "echo_simulator.py").write_text(SIMULATOR)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    write = start_response("201 Created", [("X-Path", environ["PATH_INFO"]), ("X-Query", environ["QUERY_STRING"])])
    write(environ["REQUEST_METHOD"].encode())
    return [b" ", body, b" ", environ.get("HTTP_AUTHORIZATION", "").encode()]


def ask(port: int, method: str = "POST", body: str = "hello") -> tuple[int, str]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request(method, "/v1/quotes?page=2", body, {"Authorization": "Bearer x"})
    answer = client.getresponse()
    try:
        return answer.status, answer.read().decode()
    finally:
        client.close()


def test_an_application_gets_the_whole_request_and_its_answer_comes_back() -> None:
    with serving(echo) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("PUT", "/v1/quotes?page=2", "hello", {"Authorization": "Bearer x"})
        answer = client.getresponse()

        assert (answer.status, answer.reason, answer.read()) == (201, "Created", b"PUT hello Bearer x")
        assert (answer.headers["X-Path"], answer.headers["X-Query"]) == ("/v1/quotes", "page=2")
        client.close()


def test_a_connection_is_used_again() -> None:
    with serving(echo) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sockets = set()
        for word in ("one", "two", "three"):
            client.request("POST", "/", word)
            assert word in client.getresponse().read().decode()
            sockets.add(id(client.sock))
        client.close()

    assert len(sockets) == 1


def test_many_are_answered_at_once() -> None:
    with serving(echo) as port, ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda number: ask(port, body=f"<{number}>")[1], range(90)))

    assert all(f"<{number}>" in answer for number, answer in enumerate(answers))


def test_afterwards_nobody_listens() -> None:
    with serving(echo) as port:
        pass

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=60)


def test_what_an_application_hands_back_is_closed() -> None:
    closed: list[bool] = []

    class Chunks:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"one", b"two"])

        def close(self) -> None:
            closed.append(True)

    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Chunks()

    with serving(application) as port:
        assert ask(port) == (200, "onetwo")
    assert closed == [True]


@pytest.mark.usefixtures("installed")
def test_an_installed_simulator_is_built_in_its_moods() -> None:
    with serving(build_sandbox("echo", ["loud"])) as port:
        assert ask(port) == (200, "HELLO")


@pytest.mark.usefixtures("installed")
def test_an_unknown_mood_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"mood: is no mood of echo \(got 'angry'\); shy: says nothing; loud: says"):
        build_sandbox("echo", ["angry"])


def test_an_unknown_simulator_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="is no installed sandbox"):
        build_sandbox("nobody", [])


@pytest.mark.usefixtures("installed")
def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(sandbox, ["echo", "--port", str(taken.getsockname()[1])])

    assert isinstance(result.exception, SettingsError)
    assert "cannot be listened on: Address already in use" in str(result.exception)


@pytest.fixture
def started(installed: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        path = f"import signal, sys; sys.path.insert(0, {str(installed)!r})"
        # a shell that runs the tests in the background has its processes ignore SIGINT
        path += "; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code = f"{path}; from portes.cli.commands.sandbox import sandbox; sandbox()"
        running.append(subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_the_command_says_where_it_answers_and_stops_when_told(
    started: Callable[..., "subprocess.Popen[str]"],
) -> None:
    process = started("echo", "--mood", "loud")
    assert process.stdout is not None
    line = process.stdout.readline()
    port = int(line.partition("127.0.0.1:")[2].partition(".")[0])

    assert line.startswith("echo (loud) is simulated on http://127.0.0.1:")
    assert ask(port) == (200, "HELLO")
    process.send_signal(signal.SIGINT)
    assert process.stdout.read() == "Stopped.\n"
    assert process.wait(60) == 0


def test_an_application_that_says_how_long_its_answer_is_sends_it_at_its_own_pace() -> None:
    seen = threading.Event()

    def hesitating(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "10")])
        yield b"first"
        assert seen.wait(60)
        yield b" last"

    with serving(hesitating) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", "/")
        answer = client.getresponse()
        first = answer.read(5)
        seen.set()

        assert (first, answer.read()) == (b"first", b" last")
        client.close()


def test_a_client_that_goes_away_ends_the_application_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    ended = threading.Event()

    def endless(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", str(2**40))])
        try:
            while True:
                yield bytes(65536)
        finally:
            ended.set()

    with serving(endless) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", "/")
        client.close()

        assert ended.wait(60)
    assert capfd.readouterr().err == ""
