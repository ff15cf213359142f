"""Many connections at once: who may stay, who is given up for whom, and that it is told."""

import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from stage import ENVIRON, on_loopback, wait_until
from structlog.testing import capture_logs

from portes.cli.commands.serve import serve
from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app
from portes.web.monitoring.metrics import exposition
from portes.web.processes.connection_caps import ConnectionCaps
from portes.web.processes.limits import Limits

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = b"POST /v1/shop/netshoes HTTP/1.1\r\nHost: x\r\nAuthorization: BASIC word-for-word\r\nContent-Length: 9\r\n\r\n{"


def answered(wire: socket.socket) -> bool:
    """Whether the health question on a connection is answered, in however many pieces."""
    told = b""
    while b'"ok"' not in told and (piece := wire.recv(65536)):
        told += piece
    return b'"ok"' in told


@contextmanager
def crowd(stores: list[Path], limits: Limits, count: int) -> Iterator[list[socket.socket]]:
    """A service with so many connections, each known to it before the next one comes."""
    with ExitStack() as held:
        store = held.enter_context(open_store(stores[0], environ=ENVIRON))
        where = urlsplit(held.enter_context(on_loopback(public_app([store], Watchers()), limits)))
        wires = []
        for _ in range(count):
            wires.append(held.enter_context(socket.create_connection((where.hostname, where.port), timeout=60)))
            wires[-1].sendall(HEALTH)
            assert answered(wires[-1])
        yield wires


def closed(cap: str, outcome: str) -> float:
    series = f'portes_connections_closed_total{{cap="{cap}",outcome="{outcome}"}}'
    found = re.search(rf"^{re.escape(series)} (\S+)$", exposition().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_one_connection_too_many_takes_the_place_of_the_one_that_waits_longest(stores: list[Path]) -> None:
    before = closed("worker", "given_up")
    with capture_logs() as log, crowd(stores, Limits(connections=3), 3) as wires:
        wires[0].sendall(HEALTH)  # so the second has waited longest
        assert answered(wires[0])
        for _ in range(2):
            with socket.create_connection(wires[0].getpeername(), timeout=60) as late:
                late.sendall(HEALTH)
                assert answered(late)
        gone = wires[1].recv(1)
        wires[0].sendall(HEALTH)

        assert gone == b""
        assert answered(wires[0])
    (line,) = [line for line in log if line["event"] == "connections closed"]
    assert (line["given_up_by_worker"], line["most"], line["log_level"]) == (1, 3, "warning")
    assert closed("worker", "given_up") >= before + 1


def test_headers_in_pieces_keep_nobody_out(stores: list[Path]) -> None:
    with crowd(stores, Limits(connections=2), 2) as wires:
        for wire in wires:
            wire.sendall(HEALTH[:-2])
        with socket.create_connection(wires[0].getpeername(), timeout=60) as late:
            late.sendall(HEALTH)

            assert answered(late)


def test_a_connection_with_a_call_under_way_is_not_given_up_and_the_new_one_is_told(stores: list[Path]) -> None:
    before = closed("worker", "refused")
    with crowd(stores, Limits(connections=2, body_seconds=60), 2) as wires:
        for wire in wires:
            wire.sendall(SLOW)
        wait_until(lambda: is_refused(wires[0].getpeername()))
        for wire in wires:
            wire.sendall(b" " * 8)

            assert wire.recv(65536).startswith(b"HTTP/1.1 422 ")
    assert closed("worker", "refused") == before + 1


def is_refused(where: tuple[str, int]) -> bool:
    with socket.create_connection(where, timeout=60) as late:
        late.settimeout(0.2)
        try:
            return late.recv(65536).startswith(b"HTTP/1.1 503 ")
        except TimeoutError:  # it was let in, for the calls have not begun
            return False


class Wire:
    """What the caps know of a connection."""

    open = True

    def close(self) -> None:
        self.open = False


def let_in(caps: ConnectionCaps, host: str) -> Wire | None:
    wire: Any = Wire()
    return wire if caps.admit(wire, host) else None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "", "10.1.2.3", "::ffff:10.1.2.3", "fd00::7"]
)
def test_proxies_and_this_machine_have_as_many_connections_as_there_are(host: str) -> None:
    proxies = (ip_network("10.1.0.0/16"), ip_network("fd00::7"))
    caps = ConnectionCaps(Limits(connections=50, connections_per_address=2, proxies=proxies))

    wires = [let_in(caps, host) for _ in range(50)]

    assert all(wire is not None and wire.open for wire in wires)


@pytest.mark.parametrize(
    ("first", "second"),
    [("10.0.0.7", "10.0.0.7"), ("::ffff:10.0.0.7", "10.0.0.7"), ("2001:db8::1", "2001:db8:0:0:ffff::2")],
)
def test_one_address_has_so_many_connections_and_loses_its_own_to_its_next(first: str, second: str) -> None:
    caps = ConnectionCaps(Limits(connections_per_address=2))
    other, one, two = let_in(caps, "10.0.0.8"), let_in(caps, first), let_in(caps, second)

    three = let_in(caps, second)

    assert [wire and wire.open for wire in (other, one, two, three)] == [True, False, True, True]


def test_strangers_are_given_up_before_proxies() -> None:
    caps = ConnectionCaps(Limits(connections=3))
    proxy, stranger, another = let_in(caps, "127.0.0.1"), let_in(caps, "10.0.0.7"), let_in(caps, "10.0.0.8")

    let_in(caps, "127.0.0.1")

    assert [wire and wire.open for wire in (proxy, stranger, another)] == [True, False, True]


def test_a_closed_connection_leaves_its_place() -> None:
    caps = ConnectionCaps(Limits(connections=1, connections_per_address=1))
    for _ in range(3):
        wire: Any = let_in(caps, "10.0.0.7")
        caps.begin(wire)
        assert let_in(caps, "10.0.0.7") is None
        caps.forget(wire)

    assert let_in(caps, "10.0.0.9") is not None


FITTED = """
import resource
from portes.web.processes.limits import Limits, fitted
print(fitted(Limits()).connections)
resource.setrlimit(resource.RLIMIT_NOFILE, (600, 600))
print(fitted(Limits()).connections)
"""


def test_open_files_are_taken_as_allowed_and_no_more_connections_promised_than_there_are() -> None:
    shell = ["sh", "-c", f"ulimit -Sn 600; exec {shlex.join([sys.executable, '-c', FITTED])}"]

    first, log, second = subprocess.run(shell, capture_output=True, text=True, check=True).stdout.splitlines()

    assert (first, second) == ("1000", "344")
    assert "too few open files" in log
    assert "LimitNOFILE" in log


def test_a_proxy_that_is_no_address_is_told() -> None:
    told = CliRunner().invoke(serve, ["--proxy", "10.0.0.5/8", "stores"])

    assert told.exit_code == 2
    assert "write an address such as 10.0.0.5" in told.output


@pytest.mark.exhaustive
def test_a_caller_who_never_takes_its_answers_is_cut_off(stores: list[Path]) -> None:
    with crowd(stores, Limits(idle_seconds=1), 1) as (wire,), pytest.raises(OSError, match=r"reset|pipe"):
        list(map(wire.sendall, repeat(HEALTH * 1000)))


@pytest.mark.exhaustive
def test_six_hundred_idle_connections_shut_nobody_out(stores: list[Path]) -> None:
    with crowd(stores, Limits(connections=100), 600) as wires:
        wires[-1].sendall(HEALTH)

        assert answered(wires[-1])
