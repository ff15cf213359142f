"""Records and replays cassettes through vcrpy, made safe for threads.

vcrpy takes its patches away for a moment whenever a connection is made; other threads then reach
the real network. One lock around that moment, and around the choice of an answer, makes replay from threads whole.
Recording from threads still loses exchanges, so whoever records asks one thing at a time.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import vcr
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from vcr.cassette import Cassette
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.request import Request

from portes.toolbox.response import HttpResponse
from portes_testing.harness.errors import BrokenContractError, require_none
from portes_testing.harness.network import closed_network
from portes_testing.recordings.echo import renumbered
from portes_testing.recordings.exchange import (
    Exchange,
    SentRequest,
    as_bytes,
    canonical,
    first_values,
    read_cassette,
    write_cassette,
)
from portes_testing.recordings.scrubbing import Scrubber

MATCHED_ON: Final = ("method", "host", "path", "query", "canonical_body")

_ADVICE: Final = "; if that is right, record it again: portes record PLUGIN --against sandbox --scenario {}"

_one_at_a_time = threading.RLock()


def _same_body(one: Request, other: Request) -> None:
    if canonical(as_bytes(one.body)) != canonical(as_bytes(other.body)):
        msg = f"{as_bytes(one.body)!r} is asked, {as_bytes(other.body)!r} is recorded"
        raise AssertionError(msg)


class _Files:
    """How vcrpy reads and writes: in the kit's own way, always UTF-8."""

    def __init__(self, echo: str) -> None:
        self._echo = echo

    def load_cassette(self, path: str, serializer: object) -> tuple[list[Request], list[dict[str, Any]]]:  # noqa: ARG002 — vcrpy's seam
        if not Path(path).exists():
            raise CassetteNotFoundError
        exchanges = renumbered(read_cassette(Path(path)), self._echo)
        return [_request(each.request) for each in exchanges], [_response(each.response) for each in exchanges]

    @staticmethod
    def save_cassette(path: str, cassette: Mapping[str, Any], serializer: object) -> None:  # noqa: ARG004 — vcrpy's seam
        pairs = zip(cassette["requests"], cassette["responses"], strict=True)
        write_cassette(Path(path), [Exchange(_sent(asked), _received(answered)) for asked, answered in pairs])


def _request(sent: SentRequest) -> Request:
    return Request(sent.method, sent.url, sent.body, dict(sent.headers))


def _sent(request: Request) -> SentRequest:
    return SentRequest(request.method, request.uri, first_values(request.headers), as_bytes(request.body))


def _response(received: HttpResponse) -> dict[str, Any]:
    return {
        "status": {"code": received.status, "message": ""},
        "headers": {name: [value] for name, value in received.headers.items()},
        "body": {"string": received.body},
    }


def _received(response: Mapping[str, Any]) -> HttpResponse:
    body = as_bytes(response["body"]["string"])
    return HttpResponse(response["status"]["code"], first_values(response["headers"]), body)


@contextmanager
def _locked() -> Iterator[None]:
    """Put one lock around each place where threads and vcrpy get in each other's way."""
    with (
        mock.patch.object(HTTPConnectionPool, "_new_conn", _under_lock(HTTPConnectionPool._new_conn)),  # noqa: SLF001 — where vcrpy itself patches
        mock.patch.object(HTTPSConnectionPool, "_new_conn", _under_lock(HTTPSConnectionPool._new_conn)),  # noqa: SLF001 — the same
        mock.patch.object(Cassette, "play_response", _under_lock(Cassette.play_response)),
        mock.patch.object(Cassette, "append", _under_lock(Cassette.append)),
    ):
        yield


def _under_lock(method: Callable[..., Any]) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — handed through untouched
        with _one_at_a_time:
            return method(*args, **kwargs)

    return locked


def _player(echo: str = "", **options: Any) -> vcr.VCR:  # noqa: ANN401 — vcrpy's own options
    player = vcr.VCR(match_on=MATCHED_ON, decode_compressed_response=True, **options)
    player.register_matcher("canonical_body", _same_body)
    player.register_persister(_Files(echo))
    return player


@contextmanager
def replayed(path: Path, scrubber: Scrubber, echo: str = "") -> Iterator[None]:
    """Answer every call from a cassette, the network closed; numbers in the field `echo` count from 1 there.

    Raises `BrokenContractError` at the end when a call was made that was never recorded, even if the carrier
    swallowed that, or when a recorded one was not made.
    """
    misses: list[str] = []
    player = _player(
        echo, record_mode="none", before_record_request=lambda request: _request(scrubber.sent(_sent(request)))
    )
    with closed_network(), _locked(), player.use_cassette(str(path)) as cassette:
        try:
            with _noted(misses):
                yield
        except Exception:
            if not misses:  # otherwise whatever came of the miss is beside the point
                raise
    require_none(misses, f"{path.name}: asked, but never recorded like this{_ADVICE.format(path.stem)}")
    left = [str(sent) for sent in _left(cassette)]
    require_none(left, f"{path.name}: recorded, but no longer asked{_ADVICE.format(path.stem)}")


@contextmanager
def _noted(misses: list[str]) -> Iterator[None]:
    can_play = Cassette.can_play_response_for

    def noted(cassette: Cassette, request: Request) -> bool:
        found = bool(can_play(cassette, request))
        if not found:
            misses.append(_miss(cassette, request))
            msg = f"never recorded like this{_ADVICE.format(Path(cassette._path).stem)}"  # noqa: SLF001 — it has no other
            raise BrokenContractError(msg)  # ours: vcrpy would advise to change its record mode
        return found

    with mock.patch.object(Cassette, "can_play_response_for", noted):
        yield


def _miss(cassette: Cassette, request: Request) -> str:
    nearest = [why for *_, fails in cassette.find_requests_with_most_matches(request)[:1] for _, why in fails]
    return f"{_sent(request)}: {'; '.join(nearest) or 'nothing is like it, or all like it was played'}"


def _left(cassette: Cassette) -> list[SentRequest]:
    return [_sent(request) for index, request in enumerate(cassette.requests) if not cassette.play_counts[index]]


@contextmanager
def recorded(path: Path, scrubber: Scrubber, public: Mapping[str, str]) -> Iterator[None]:
    """Write every call to a cassette, scrubbed, replacing the file. Ask one thing at a time.

    `public` names, for each address called (`http://127.0.0.1:8000`), the one that the cassette shows instead.
    """
    path.unlink(missing_ok=True)

    def shown(request: Request) -> Request:
        sent = _sent(request)
        return _request(scrubber.sent(SentRequest(sent.method, moved(sent.url, public), sent.headers, sent.body)))

    player = _player(
        record_mode="all",
        before_record_request=shown,
        before_record_response=lambda response: _response(scrubber.received(_received(response))),
    )
    with _locked(), player.use_cassette(str(path)):
        yield
    if not path.exists():
        write_cassette(path, ())  # asking nobody is an answer, too


def moved(url: str, public: Mapping[str, str]) -> str:
    """The same path and query at the address shown in its place."""
    parts = urlsplit(url)
    new = urlsplit(public.get(f"{parts.scheme}://{parts.netloc}", url))
    return urlunsplit(parts._replace(scheme=new.scheme, netloc=new.netloc))


__all__ = ["moved", "recorded", "replayed"]
