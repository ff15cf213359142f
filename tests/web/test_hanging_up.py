"""Callers who hang up before their answer: it reached nobody, and is told as that."""

import json
import socket
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from stage import AUTH, ENVIRON, on_loopback, question, wait_until

from portes.assembly import installed_watchers, open_stores
from portes.hooks import hookimpl
from portes.registry import Registry
from portes.web.app import public_app


class Replies:
    """A watcher that remembers what became of each call."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str, str]] = []

    @hookimpl
    def portes_replied(self, status: int, verdict: str, cause: str) -> None:
        self.told.append((status, verdict, cause))


def call(store: str) -> bytes:
    body = json.dumps(question()).encode()
    head = [
        f"POST /v1/{store}/netshoes HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Authorization: Basic {b64encode(':'.join(AUTH).encode()).decode()}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def test_an_answer_to_a_caller_who_hung_up_while_carriers_were_asked_is_of_no_use(stores: list[Path]) -> None:
    replies, registry = Replies(), Registry()
    watchers = installed_watchers(registry)
    watchers.register(replies, "replies")
    around: Any = {"registry": registry, "watchers": watchers, "environ": ENVIRON}
    slow = next(path for path in stores if path.stem == "slow")
    with on_loopback(public_app(tuple(open_stores([slow], **around).values()), watchers)) as url:
        with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as impatient:
            impatient.sendall(call("slow"))
            impatient.settimeout(0.2)
            with pytest.raises(TimeoutError):
                impatient.recv(1)
        with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as patient:
            patient.sendall(call("slow"))
            answer = patient.recv(65536)
        wait_until(lambda: len(replies.told) == 2)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert replies.told == [(499, "served", "gone"), (200, "served", "")]
