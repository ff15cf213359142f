"""The entrance of a worker that has enough to do: who comes is told so at once, over whatever connection."""

import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stage import AUTH, ENVIRON, Gate, browser, on_loopback, question, wait_until, write_store
from structlog.testing import capture_logs

from portes.hooks import hookimpl
from portes.registry import Registry
from portes.store import installed_watchers, open_stores
from portes.web.admission import OVERLOADED
from portes.web.app import public_app
from portes.web.call_limit import CallLimit
from portes.web.monitoring.metrics import exposition

BODY = json.dumps(question()).encode()
CREDENTIALS = b64encode(":".join(AUTH).encode()).decode()


@dataclass(frozen=True)
class Full:
    """A service that takes one call at once, and has one: the store `full` waits for a gate, `beside` does not."""

    address: str
    wire: socket.socket
    limit: CallLimit
    asked: list[str]
    """The stores whose questions somebody asked a carrier."""

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.wire.sendall(piece)

    def told(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer on the connection."""
        stream = self.wire.makefile("rb", buffering=0)
        status = int(stream.readline().split()[1])
        lines = iter(stream.readline, b"\r\n")
        headers = dict(line.decode().strip().lower().split(": ", 1) for line in lines)
        return status, headers, stream.read(int(headers["content-length"])) or b""

    def is_over(self) -> bool:
        """Whether the service closed the connection."""
        return self.wire.recv(1) == b""


def call(*more: str, store: str = "full", method: str = "POST", version: str = "1.1", size: int = len(BODY)) -> bytes:
    lines = [f"{method} /v1/{store}/netshoes HTTP/{version}", "Host: x", f"Authorization: Basic {CREDENTIALS}", *more]
    return "\r\n".join([*lines, f"Content-Length: {size}", "", ""]).encode()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Full]:
    folder = tmp_path_factory.mktemp("full")
    gate, asked, limit = Gate(folder / "gate"), list[str](), CallLimit(start=1, most=1)
    files = [
        write_store(folder, "full", {"slow": {"gate": str(gate.file)}}),
        write_store(folder, "beside", {"near": {}}),
    ]

    class Ears:
        @hookimpl
        def portes_asked(self, store: str) -> None:
            asked.append(store)

    registry = Registry()
    watchers = installed_watchers(registry)
    watchers.register(Ears(), "ears")
    opened = open_stores(files, registry=registry, watchers=watchers, environ=ENVIRON)
    with on_loopback(public_app(tuple(opened.values()), watchers, limit=limit)) as url, connection(url) as first:
        first.sendall(call() + BODY)
        gate.wait_for_somebody()
        try:
            yield Full(url, first, limit, asked)
        finally:
            gate.open()


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    at = urlsplit(url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=60) as wire:
        yield wire


@pytest.fixture
def caller(full: Full) -> Iterator[Full]:
    """Somebody else, at the full service."""
    with connection(full.address) as wire:
        yield Full(full.address, wire, full.limit, full.asked)


def counted(name: str, **labels: str) -> float:
    lines = [line for line in exposition().decode().splitlines() if line.startswith(f"{name}{{")]
    mine = [line for line in lines if all(f'{key}="{value}"' in line for key, value in labels.items())]
    return sum(float(line.rpartition(" ")[2]) for line in mine)


def test_one_more_is_told_so_with_a_body_of_its_own_and_may_call_again(caller: Full) -> None:
    answers = []
    for _ in range(2):
        caller.say(call() + BODY)
        answers.append(caller.told())

    _, headers, body = answers[1]
    assert [answer[0] for answer in answers] == [503, 503]
    assert headers["retry-after"] == "1"
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert "date" in headers
    assert "nobody was asked" in json.loads(body)["detail"]


def test_nobody_is_asked_for_it_and_it_counts_like_any_other(caller: Full) -> None:
    key = {"store": "full", "channel": "netshoes"}
    names = ("portes_requests_total", "portes_request_seconds_count", "portes_discarded_total")
    before = [counted(name, **key) for name in names], counted("portes_turned_away_total", **key, reason=OVERLOADED)

    caller.say(call() + BODY)
    caller.told()
    caller.say(call() + BODY)
    caller.told()

    after = [counted(name, **key) for name in names], counted("portes_turned_away_total", **key, reason=OVERLOADED)
    assert after == ([count + 2 for count in before[0]], before[1] + 2)
    assert caller.asked.count("full") == 1


@pytest.mark.parametrize("cut", [1, 200])
def test_a_body_in_pieces_is_read_to_its_end(caller: Full, cut: int) -> None:
    caller.say(call(), BODY[:cut])
    with connection(caller.address) as beside:
        beside.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert beside.recv(12) == b"HTTP/1.1 200"
    caller.say(BODY[cut:], call(), BODY)

    assert [caller.told()[0], caller.told()[0]] == [503, 503]


def test_large_bodies_and_many_pipelined_calls_are_each_told(caller: Full) -> None:
    large = b"x" * 200_000
    caller.say((call(size=len(large)) + large) * 2 + (call() + BODY) * 20)

    assert [caller.told()[0] for _ in range(22)] == [503] * 22


def test_who_asks_whether_to_send_its_body_is_told_at_once(caller: Full) -> None:
    caller.say(call("Expect: 100-continue"))

    status, headers, _ = caller.told()

    assert (status, headers["connection"], caller.is_over()) == (503, "close", True)


@pytest.mark.parametrize(("more", "version"), [(("Connection: close",), "1.1"), ((), "1.0")])
def test_a_connection_for_one_call_ends_with_it(caller: Full, more: tuple[str, ...], version: str) -> None:
    caller.say(call(*more, version=version) + BODY)

    status, headers, _ = caller.told()

    assert (status, headers["connection"], caller.is_over()) == (503, "close", True)


def test_another_store_has_its_share(caller: Full) -> None:
    caller.say(call(store="beside") + BODY)

    assert caller.told()[0] == 200


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/v1/full/netshoes", 405), ("/v1/none/none", 404)])
def test_who_asks_for_no_quote_is_answered_as_ever(caller: Full, path: str, status: int) -> None:
    with browser() as session:
        assert session.get(f"{caller.address}{path}").status_code == status


def test_a_call_whose_body_does_not_come_takes_nobodys_room(caller: Full) -> None:
    with connection(caller.address) as dawdling:
        dawdling.sendall(call(store="beside") + BODY[:10])
        caller.say(call(store="beside") + BODY)

        assert caller.told()[0] == 200
        wait_until(lambda: "beside" not in caller.limit.under_way)


def test_who_hangs_up_leaves_room(caller: Full) -> None:
    for _ in range(3):
        with connection(caller.address) as wire:
            wire.sendall(call(store="beside") + BODY)

    def is_let_in() -> bool:
        caller.say(call(store="beside") + BODY)
        return caller.told()[0] == 200

    wait_until(is_let_in)


def test_the_log_tells_how_many_were_turned_away_and_not_each(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    file = write_store(tmp_path, "counted", {"slow": {"gate": str(gate.file)}})
    registry = Registry()
    watchers = installed_watchers(registry)
    (store,) = open_stores([file], registry=registry, watchers=watchers, environ=ENVIRON).values()
    application = public_app((store,), watchers, limit=CallLimit(1, 1))
    with capture_logs() as log, on_loopback(application) as url, connection(url) as first, connection(url) as others:
        first.sendall(call(store="counted") + BODY)
        gate.wait_for_somebody()
        others.sendall((call(store="counted") + BODY) * 3 + call("Connection: close", store="counted") + BODY)
        while others.recv(65_536):
            pass
        gate.open()
        assert first.recv(12) == b"HTTP/1.1 200"

    told = [line for line in log if line["event"] == "turned away" and line["store"] == "counted"]  # not a neighbour's
    assert sum(line["calls"] for line in told) == 4
    assert {(line["store"], line["channel"], line["reason"], line["most"]) for line in told} == {
        ("counted", "netshoes", OVERLOADED, 1)
    }
    assert len(told) < 4
