"""Callers who hang up before their answer: it reached nobody, and is told as that."""

import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stage import AUTH, ENVIRON, Gate, browser, on_loopback, question, wait_until, write_store

from portes.hooks import hookimpl
from portes.registry import Registry
from portes.store import installed_watchers, open_stores
from portes.web.app import public_app


class Replies:
    """A watcher that remembers what became of each call, and each alarm."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str, str]] = []
        self.alarms: list[str] = []

    @hookimpl
    def portes_alarmed(self, text: str) -> None:
        self.alarms.append(text)

    @hookimpl
    def portes_replied(self, status: int, verdict: str, cause: str) -> None:
        self.told.append((status, verdict, cause))


def call(store: str, channel: str = "netshoes", body: bytes = json.dumps(question()).encode()) -> bytes:
    head = [
        f"POST /v1/{store}/{channel} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Authorization: Basic {b64encode(':'.join(AUTH).encode()).decode()}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


@contextmanager
def serving(file: Path, replies: Replies) -> Iterator[tuple[str, int]]:
    registry = Registry()
    watchers = installed_watchers(registry)
    watchers.register(replies, "replies")
    stores = open_stores([file], registry=registry, watchers=watchers, environ=ENVIRON)
    with on_loopback(public_app(tuple(stores.values()), watchers)) as url:
        yield "127.0.0.1", urlsplit(url).port or 0


def hang_up(where: tuple[str, int], asked: bytes, gate: Gate) -> None:
    """Ask, and go while the carrier is asked; when this returns the service has noticed."""
    with socket.create_connection(where) as impatient:
        impatient.sendall(asked)
        gate.wait_for_somebody()
    with browser() as web:  # what comes later is read later
        web.get(f"http://{where[0]}:{where[1]}/healthz")


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


@pytest.fixture
def shop(tmp_path: Path, gate: Gate) -> Path:
    """A store whose carrier waits for the gate."""
    return write_store(tmp_path, "shop", {"slow": {"gate": str(gate.file)}}, more="[channels.trapdoor]")


def test_an_answer_to_a_caller_who_hung_up_while_carriers_were_asked_is_of_no_use(shop: Path, gate: Gate) -> None:
    replies = Replies()
    with serving(shop, replies) as where:
        hang_up(where, call("shop"), gate)
        gate.open()
        wait_until(lambda: len(replies.told) == 1)
        with socket.create_connection(where) as patient:
            patient.sendall(call("shop"))
            answer = patient.recv(65536)
        wait_until(lambda: len(replies.told) == 2)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert replies.told == [(499, "served", "gone"), (200, "served", "")]


def test_an_answer_that_breaks_the_rules_raises_its_alarm_though_nobody_waited_for_it(shop: Path, gate: Gate) -> None:
    replies = Replies()
    with serving(shop, replies) as where:
        hang_up(where, call("shop", "trapdoor", b"{}"), gate)
        gate.open()
        wait_until(lambda: len(replies.told) == 1)

    assert replies.told == [(499, "served", "gone")]
    assert replies.alarms == ["trapdoor cannot say served"]
