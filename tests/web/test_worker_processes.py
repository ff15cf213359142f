"""Worker processes: what the parent hears of them while they start."""

import socket
import threading
import time
from typing import Any

import pytest
import uvicorn
from uvicorn.supervisors import multiprocess

from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits
from portes.web.processes.workers import WorkerProcess


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that answers nobody."""


class Server(uvicorn.Server):
    """A server that takes long to make, as on a busy machine, and longest in the thread that answers pings."""

    def __init__(self, config: uvicorn.Config) -> None:
        time.sleep(0.1 if threading.current_thread().name == "serves" else 0.3)
        super().__init__(config)


def test_a_ping_before_the_server_is_made_is_answered_by_the_server_that_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(multiprocess, "Server", Server)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = WorkerProcess(HttpConfig(nothing, Limits()), [listener])
        process.parent_conn.send(b"ping")
        serving = threading.Thread(target=process.target, args=([listener],), name="serves", daemon=True)
        serving.start()
        process.parent_conn.recv()
        give_up = time.monotonic() + 5
        while not (ready := process.is_ready()) and time.monotonic() < give_up:
            time.sleep(0.01)
        process.server.should_exit = True
        serving.join(5)

    assert ready
