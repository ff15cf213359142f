"""The door of a worker: what cannot be answered in time is turned away early, and counted."""

import asyncio
import json
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from stage import AUTH, ENVIRON, Gate, browser, on_loopback, question, write_store

from portes.registry import Registry
from portes.store import installed_watchers, open_stores
from portes.web.admission import CROWDED, TOO_LATE, Admission
from portes.web.app import public_app
from portes.web.monitoring.metrics import exposition


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


@pytest.fixture
def narrow(tmp_path: Path, gate: Gate) -> Iterator[str]:
    """A store that quotes one call at once and whose carrier waits for a gate, and two quick ones beside it."""
    one = "[service]\nmax_calls = 1"
    files = [
        write_store(tmp_path, "one", {"slow": {"gate": str(gate.file)}}, more=one),
        write_store(tmp_path, "quick", {"near": {}}, more=one),
        write_store(tmp_path, "hasty", {"near": {}}, limit=None),
        write_store(tmp_path, "wide", {"slow": {"gate": str(gate.file)}} | {f"c{number}": {} for number in range(10)}),
    ]
    registry = Registry()
    watchers = installed_watchers(registry)
    opened = open_stores(files, registry=registry, watchers=watchers, environ=ENVIRON)
    with on_loopback(public_app(tuple(opened.values()), watchers)) as url:
        yield url


def ask(address: str, store: str, zip_code: str = "01512651") -> requests.Response:
    with browser() as session:
        return session.post(f"{address}/v1/{store}/netshoes", json=question(zip_code=zip_code), auth=AUTH)


@contextmanager
def busy(narrow: str, gate: Gate) -> Iterator["Future[requests.Response]"]:
    """A call under way at the store that quotes one at once, until the block ends."""
    with ThreadPoolExecutor(1) as crowd:
        call = crowd.submit(ask, narrow, "one")
        try:
            gate.wait_for_somebody()
            yield call
        finally:
            gate.open()


def test_one_call_too_many_is_told_so_at_once_and_the_others_are_answered(narrow: str, gate: Gate) -> None:
    with busy(narrow, gate) as first:
        others = [ask(narrow, "one", f"0151265{number}") for number in range(3)]

    assert first.result().status_code == 200
    assert [answer.status_code for answer in others] == [503, 503, 503]
    early = others[0]
    assert early.headers["content-type"] == "application/problem+json"
    assert early.headers["retry-after"] == "1"
    assert "nobody was asked" in early.json()["detail"]


def test_what_was_under_way_leaves_room_for_the_next(narrow: str, gate: Gate) -> None:
    gate.open()

    statuses = [ask(narrow, "one", f"0151260{number}").status_code for number in range(2)]

    assert statuses == [200, 200]


def test_a_large_question_is_turned_away_where_another_takes_all_the_room(narrow: str, gate: Gate) -> None:
    before = turned_away("wide", CROWDED)

    with browser() as session, ThreadPoolExecutor(1) as crowd:
        ask_large = partial(session.post, f"{narrow}/v1/wide/netshoes", auth=AUTH)
        first = crowd.submit(ask_large, json=question(*({"skuCode": f"sku-{number}"} for number in range(200))))
        try:
            gate.wait_for_somebody()
            early = ask_large(json=question(*({"skuCode": f"sku-{number}"} for number in range(20))))
        finally:
            gate.open()

    assert (first.result().status_code, early.status_code) == (200, 503)
    assert turned_away("wide", CROWDED) == before + 1


def test_a_crowd_at_one_store_costs_the_others_nothing(narrow: str, gate: Gate) -> None:
    with busy(narrow, gate) as call:
        beside = ask(narrow, "quick")

    assert (beside.status_code, call.result().status_code) == (200, 200)


def test_a_call_whose_time_is_over_before_it_can_be_read_is_turned_away(narrow: str) -> None:
    """The marketplace's clock runs from its first byte, so the way that a body takes counts."""
    before = turned_away("hasty", TOO_LATE)
    body = json.dumps(question()).encode()

    answer = dawdle(narrow, "hasty", body, seconds=0.45)

    assert b"HTTP/1.1 503 " in answer
    assert b"retry-after: 1" in answer
    assert turned_away("hasty", TOO_LATE) == before + 1


def dawdle(address: str, store: str, body: bytes, seconds: float) -> bytes:
    """Send the headers, and the body a while later; the answer."""
    at = urlsplit(address)
    basic = b64encode(":".join(AUTH).encode()).decode()
    head = f"POST /v1/{store}/netshoes HTTP/1.1\r\nhost: x\r\nauthorization: Basic {basic}\r\n"
    with socket.create_connection((at.hostname or "", at.port or 0)) as connection:
        connection.sendall(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode())
        time.sleep(seconds)
        connection.sendall(body)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


def turned_away(store: str, reason: str) -> float:
    series = f'portes_turned_away_total{{channel="netshoes",reason="{reason}",store="{store}"}} '
    lines = exposition().decode().splitlines()
    return next((float(line.removeprefix(series)) for line in lines if line.startswith(series)), 0.0)


def test_strangers_are_told_401_also_when_it_is_crowded(narrow: str, gate: Gate) -> None:
    with busy(narrow, gate) as call, browser() as session:
        stranger = session.post(f"{narrow}/v1/one/netshoes", json=question())

    assert (stranger.status_code, call.result().status_code) == (401, 200)


@pytest.mark.parametrize(
    ("under_way", "left", "reason"),
    [(0, 0.3, ""), (1, 0.3, ""), (2, 0.3, CROWDED), (0, 0.0, TOO_LATE), (2, -1.0, CROWDED)],
)
def test_a_call_is_let_in_while_there_is_room_and_time(under_way: int, left: float, reason: str) -> None:
    admission = Admission()
    admission.calls["shop"] = under_way

    assert admission.refusal("shop", 2, left) == reason


def test_an_event_loop_that_was_held_up_is_noticed() -> None:
    admission = Admission()

    async def held_up() -> float:
        watch = asyncio.create_task(admission.measure())
        await asyncio.sleep(0.01)
        time.sleep(0.3)  # noqa: ASYNC251 — holding up the loop is the point
        await asyncio.sleep(0.01)
        watch.cancel()
        return admission.lag

    assert asyncio.run(held_up()) > 0.1


def test_a_late_loop_counts_against_what_it_reads_next_and_less_against_what_comes_later() -> None:
    admission = Admission()
    admission.lag, admission._measured_at = 0.2, 10.0

    assert [round(admission.unseen_seconds(arrived), 3) for arrived in (9.99, 10.0, 10.05, 10.5)] == [
        0.0,
        0.2,
        0.15,
        0.0,
    ]


def test_one_that_runs_freely_is_hardly_late() -> None:
    admission = Admission()
    admission.lag = 5.0

    async def free() -> float:
        watch = asyncio.create_task(admission.measure())
        await asyncio.sleep(0.2)
        watch.cancel()
        return admission.lag

    assert asyncio.run(free()) < 4.0


def test_no_store_file_may_allow_no_call_at_all(tmp_path: Path) -> None:
    from portes.store import check_store

    file = write_store(tmp_path, "shut", {"near": {}}, more="[service]\nmax_calls = 0")

    assert [problem.where for problem in check_store(file, environ=ENVIRON)] == ["service.max_calls"]
