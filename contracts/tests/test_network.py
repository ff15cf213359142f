"""While the network is closed nobody gets out, whatever library he uses and whatever he swallows."""

import socket
import threading
import urllib.request

import pytest
import requests

from portes_testing import BrokenContractError
from portes_testing.faults.loopback import Reply, loopback
from portes_testing.harness.network import closed_network


def test_a_connection_to_the_world_is_refused_before_it_is_tried() -> None:
    with pytest.raises(BrokenContractError, match=r"a connection to 192\.0\.2\.1:80"), closed_network():
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)


def test_asking_a_name_server_is_network_too() -> None:
    with pytest.raises(BrokenContractError, match=r"looking up api\.parcelpost\.example"), closed_network():
        requests.get("https://api.parcelpost.example/", timeout=1)


def test_a_refusal_that_was_swallowed_still_breaks_the_test() -> None:
    def swallows() -> None:
        try:
            socket.create_connection(("192.0.2.1", 80), timeout=0.1)
        except Exception:  # noqa: BLE001 — as a careless carrier would
            return

    with pytest.raises(BrokenContractError, match="somebody tried a connection"), closed_network():
        swallows()


def _run(thread: threading.Thread) -> None:
    thread.start()
    thread.join()


def test_a_refusal_in_another_thread_breaks_the_test() -> None:
    def swallows() -> None:
        with pytest.raises(BrokenContractError):
            socket.create_connection(("192.0.2.1", 80), timeout=0.1)

    thread = threading.Thread(target=swallows)
    with pytest.raises(BrokenContractError, match="somebody tried"), closed_network():
        _run(thread)


def test_a_port_of_the_suite_stays_open_and_no_other() -> None:
    with loopback(lambda _sent: Reply(200, body=b"hello")) as wanted, loopback(lambda _sent: Reply(200)) as other:
        with closed_network(wanted.port), urllib.request.urlopen(f"http://127.0.0.1:{wanted.port}/") as answer:
            assert answer.read() == b"hello"
        with pytest.raises(BrokenContractError, match=str(other.port)), closed_network(wanted.port):
            socket.create_connection(("127.0.0.1", other.port))


def test_afterwards_the_network_is_open_again() -> None:
    with loopback(lambda _sent: Reply(200, body=b"hello")) as server:
        with closed_network():
            pass
        with urllib.request.urlopen(f"http://localhost:{server.port}/") as answer:
            assert answer.read() == b"hello"


def test_sockets_that_are_no_network_are_left_alone() -> None:
    with closed_network():
        one, other = socket.socketpair()
        one.sendall(b"hello")
        assert other.recv(5) == b"hello"
        one.close()
        other.close()


def test_a_straggler_of_an_earlier_test_finds_nobody_and_breaks_nothing() -> None:
    with loopback(lambda _sent: Reply(200)) as server:
        with closed_network(server.port):
            pass
        with closed_network(), pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))
