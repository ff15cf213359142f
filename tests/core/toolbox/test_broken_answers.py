"""What a session makes of answers that are broken on the wire: interim ones, cut ones, ones for another question."""

import gzip
import socket
import zlib
from collections.abc import Callable

import pytest
from raw_host import Host, Script, answer, ask, resets, says, says_and_closes

from portes.errors import CarrierError, GarbledError, UnreachableError
from portes.toolbox import HttpResponse
from portes.toolbox.http import Session

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b'{"price": "12.90"}' * 20, mtime=0)
DEFLATED = zlib.compress(b'{"price": "12.90"}' * 20)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(resets, UnreachableError, id="reset"),
        pytest.param(lambda _connection, _request: False, UnreachableError, id="closed without a word"),
        pytest.param(says_and_closes(answer(b"{", length=9)), GarbledError, id="cut short"),
        pytest.param(says_and_closes(b"220 mail ready\r\n"), GarbledError, id="not HTTP"),
        pytest.param(
            says(answer(b"", b"Content-Length: 3", length=2)), GarbledError, id="two lengths that contradict each other"
        ),
        pytest.param(says(answer(b"no gzip", b"Content-Encoding: gzip")), GarbledError, id="not what it is packed as"),
        pytest.param(
            says_and_closes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            GarbledError,
            id="broken chunks",
        ),
    ],
)
def test_each_broken_answer_has_its_name(
    host: Callable[..., Host], session: Session, script: Script, error: type[CarrierError]
) -> None:
    with pytest.raises(error, match=r"^localhost: "):
        ask(session, host(script).url)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(answer(b"x" * 2001), id="plain"),
        pytest.param(answer(gzip.compress(b"x" * 50_000_000), b"Content-Encoding: gzip"), id="packed small"),
    ],
)
def test_an_answer_over_the_limit_is_garbled(host: Callable[..., Host], content: bytes) -> None:
    large = host(says(content))
    with Session(limit=2000) as session, pytest.raises(GarbledError, match="longer than 2000 bytes"):
        ask(session, large.url)


def test_an_answer_at_the_limit_is_read_whole(host: Callable[..., Host]) -> None:
    packed = host(says(answer(gzip.compress(b"x" * 2000), b"Content-Encoding: gzip")))

    with Session(limit=2000) as session:
        assert ask(session, packed.url).body == b"x" * 2000


def numbering(first: bytes = b"", then: bytes = b"") -> Script:
    """Answers each question with its number on the connection, after `first` and before `then`."""
    asked = 0

    def script(connection: socket.socket, _request: bytes) -> bool:
        nonlocal asked
        asked += 1
        connection.sendall(first)
        connection.sendall(answer(b"%d" % asked) + then)
        return True

    return script


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(HINTS, b"", id="103 before"),
        pytest.param(b"HTTP/1.1 102 Processing\r\n\r\n", b"", id="102 before"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS * 3 + b"HTTP/1.1 199 Odd\n\n", b"", id="several"),
        pytest.param(b"", HINTS, id="103 after, unasked"),
        pytest.param(b"", answer(b"stray"), id="an answer that nobody asked for"),
    ],
)
def test_each_question_gets_its_own_answer_whatever_is_said_in_between(
    host: Callable[..., Host], session: Session, first: bytes, then: bytes
) -> None:
    talking = host(numbering(first, then))

    received = [ask(session, talking.url) for _ in range(3)]

    assert [(each.status, each.body) for each in received] == [(200, b"1"), (200, b"2"), (200, b"3")]
    assert talking.connections == 1 or then


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", id="101"),
        pytest.param(HINTS * 1000, id="a thousand"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, id="a thousand continues"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\n" + b"Link: </x>\r\n" * 9000 + b"\r\n", id="many headers"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nContent-Length: 4\r\n\r\nbody", id="one with a body"),
    ],
)
def test_what_is_no_interim_answer_is_garbled_and_its_connection_is_not_used_again(
    host: Callable[..., Host], session: Session, first: bytes
) -> None:
    talking = host(numbering(first))

    for _ in range(2):
        with pytest.raises(GarbledError, match=r"^localhost: the answer is cut short or not HTTP$"):
            ask(session, talking.url)

    assert talking.connections == 2


def test_a_host_that_goes_away_after_an_interim_answer_is_unreachable(
    host: Callable[..., Host], session: Session
) -> None:
    with pytest.raises(UnreachableError):
        ask(session, host(says_and_closes(HINTS)).url)


def packed(body: bytes, coding: bytes = b"gzip") -> Script:
    return says(answer(body, b"Content-Encoding: " + coding))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(packed(PACKED[:-9]), id="gzip cut within"),
        pytest.param(packed(PACKED[:-1]), id="gzip without its last byte"),
        pytest.param(packed(PACKED[:5]), id="gzip cut in its head"),
        pytest.param(packed(PACKED + b"and more"), id="gzip and more"),
        pytest.param(packed(PACKED + PACKED[:9]), id="gzip and half of another"),
        pytest.param(packed(PACKED[:-8] + b"\0" * 8), id="gzip of another sum"),
        pytest.param(packed(DEFLATED[:-5], b"deflate"), id="deflate cut"),
        pytest.param(packed(DEFLATED + b"x", b"deflate"), id="deflate and more"),
        pytest.param(packed(DEFLATED[2:-9], b"deflate"), id="deflate without its frame, cut"),
        pytest.param(says(CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n"), id="a negative chunk"),
        pytest.param(says(CHUNKED + b"-1\r\n"), id="a chunk of -1"),
        pytest.param(says_and_closes(CHUNKED + b"f" * 5000 + b"\r\n{}"), id="a chunk size of 5000 digits"),
        pytest.param(says_and_closes(CHUNKED + b"7fffffffffffffff\r\n{}"), id="a chunk of 2^63 bytes"),
        pytest.param(says_and_closes(answer(length=10**30)), id="a length of 10^30"),
    ],
)
def test_a_body_that_is_not_whole_is_garbled_and_nobodys_fault_but_the_hosts(
    host: Callable[..., Host], session: Session, script: Script
) -> None:
    with pytest.raises(GarbledError, match=r"^localhost: "):
        ask(session, host(script).url)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(packed(PACKED), id="gzip"),
        pytest.param(packed(PACKED, b"X-GZip"), id="gzip by its old name"),
        pytest.param(packed(PACKED[:0] + gzip.compress(b'{"price": "12.90"}' * 10) * 2), id="gzip in two parts"),
        pytest.param(packed(DEFLATED, b"deflate"), id="deflate"),
        pytest.param(packed(DEFLATED[2:-4], b"deflate"), id="deflate without its frame"),
        pytest.param(packed(b'{"price": "12.90"}' * 20, b"UTF-8"), id="plain, with a word that means nothing"),
    ],
)
def test_a_body_is_unpacked_whole(host: Callable[..., Host], session: Session, script: Script) -> None:
    assert ask(session, host(script).url).body == b'{"price": "12.90"}' * 20


def test_an_empty_body_needs_no_packing(host: Callable[..., Host], session: Session) -> None:
    assert ask(session, host(packed(b"")).url).body == b""


def test_an_answer_that_is_disowned_takes_its_connection_with_it(host: Callable[..., Host], session: Session) -> None:
    shifted = host(numbering())

    first = ask(session, shifted.url)
    ask(session, shifted.url)
    assert shifted.connections == 1
    first.disown()
    first.disown()

    assert ask(session, shifted.url).status == 200
    assert shifted.connections == 2
    HttpResponse(200, {}, b"").disown()


def test_a_closed_session_is_unreachable_at_worst(host: Callable[..., Host]) -> None:
    keeping = host(says(answer()))
    session = Session()
    ask(session, keeping.url)
    session.close()

    assert ask(session, keeping.url).status == 200
    session.close()
