"""The server that misbehaves does so on the wire, where mocks cannot."""

import errno
import http.client
import socket
import threading

import pytest

from portes_testing import SentRequest
from portes_testing.faults.loopback import Loopback, Pace, Reply, loopback


def connected(server: Loopback) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=5)


def asked(server: Loopback) -> socket.socket:
    client = connected(server)
    client.sendall(b"POST /quotes?a=1 HTTP/1.1\r\nX-Key: k\r\nContent-Length: 5\r\n\r\nhello")
    return client


def test_a_prompt_reply_comes_whole_and_the_connection_can_be_used_again() -> None:
    seen: list[SentRequest] = []

    def respond(sent: SentRequest) -> Reply:
        seen.append(sent)
        return Reply(201, {"X-Answer": "yes"}, b"hello back")

    with loopback(respond) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        for _ in range(2):
            client.request("POST", "/quotes?a=1", b"hello", {"X-Key": "k"})
            answer = client.getresponse()
            assert (answer.status, answer.headers["X-Answer"], answer.read()) == (201, "yes", b"hello back")
        client.close()

    assert [(sent.method, sent.path, sent.query, sent.header("x-key"), sent.body) for sent in seen] == [
        ("POST", "/quotes", (("a", "1"),), "k", b"hello")
    ] * 2


def test_a_hanging_reply_never_comes() -> None:
    with loopback(lambda _sent: Reply(200, body=b"hello", pace=Pace.HANG)) as server, asked(server) as client:
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_a_dripping_reply_comes_a_little_at_a_time() -> None:
    """How little comes at once hangs on how busy the machine is; that it is not the whole reply does not."""
    reply = Reply(200, body=b"x" * 10_000, pace=Pace.DRIP)
    with loopback(lambda _sent: reply) as server, asked(server) as client:
        first = client.recv(100_000)

    assert 0 < len(first) < len(bytes(reply))
    assert bytes(reply).startswith(first)


def test_a_reset_reply_ends_in_the_middle_of_the_body() -> None:
    with loopback(lambda _sent: Reply(200, body=b"x" * 80, pace=Pace.RESET)) as server, asked(server) as client:
        stream = client.makefile("rb")
        with pytest.raises(ConnectionResetError):
            stream.read()
        stream.close()


def test_a_shut_reply_closes_the_connection_before_the_first_byte() -> None:
    with loopback(lambda _sent: Reply(200, pace=Pace.SHUT)) as server, asked(server) as client:
        assert client.recv(1) == b""


def test_after_the_last_reply_nobody_listens() -> None:
    with loopback(lambda _sent: Reply(200, body=b"bye", last=True)) as server:
        with asked(server) as client:
            assert client.makefile("rb").read().endswith(b"bye")
        with pytest.raises(ConnectionRefusedError) as refused:
            connected(server)

    assert refused.value.errno == errno.ECONNREFUSED


@pytest.mark.parametrize("pace", [Pace.HANG, Pace.DRIP])
def test_a_client_that_stays_to_the_end_of_a_slow_answer_outlasts_the_server(pace: Pace) -> None:
    with loopback(lambda _sent: Reply(200, body=b"hello", pace=pace), hold=0.05) as server:
        with asked(server) as client:
            before = server.outlasted
            client.makefile("rb").read()

        assert not before
        assert server.outlasted


def test_a_server_that_is_closed_first_is_not_outlasted() -> None:
    with loopback(lambda _sent: Reply(200, pace=Pace.HANG)) as server, asked(server):
        pass

    assert not server.outlasted


def test_closing_the_server_frees_who_waits() -> None:
    came = threading.Event()

    def hang(_sent: SentRequest) -> Reply:
        came.set()
        return Reply(200, pace=Pace.HANG)

    with loopback(hang) as server:
        client = asked(server)
        came.wait(5)
    client.settimeout(5)

    assert client.recv(1) == b""
    client.close()


def test_a_connection_that_says_nothing_is_none() -> None:
    with loopback(lambda _sent: Reply(200)) as server, connected(server) as client:
        client.sendall(b"\r\n")
        assert client.recv(1) == b""
