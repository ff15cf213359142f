"""What the parent makes of workers that are lost in every way: all at once, at their start, with itself."""

import itertools
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
import requests
from held_up import HASTY, answering, hold_up
from stage import AUTH, ENVIRON, Service, browser, question, service, start, wait_until, write_store

from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits
from portes.web.processes.supervisor import Supervisor
from portes.web.processes.workers import BeatingServer, Worker
from portes.web.reload.generation import GenerationFile

PROPS = Path(__file__).parent / "props"


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that answers nobody."""


class SlowServer(BeatingServer):
    """A server that starts once it may."""

    may_start = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.may_start.wait(60)
        await super().startup(sockets)


def test_a_worker_is_heard_once_its_server_has_started_and_no_sooner() -> None:
    heard, beats = Pipe(duplex=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = SlowServer(HttpConfig(nothing, Limits()), beats)
        serving = threading.Thread(target=server.run, args=([listener],), daemon=True)
        serving.start()
        early = heard.poll(0.05)
        SlowServer.may_start.set()
        on_time = heard.poll(60)
        server.should_exit = True
        serving.join(60)

    assert (early, on_time) == (False, True)


@pytest.mark.exhaustive
def test_workers_that_are_silent_at_once_are_replaced_one_by_one(tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {}}, more="[channels.quicksand]")
    with service([shop, "3", "300"], tmp_path / "log", PROPS, python=HASTY) as running:
        before = set(answering(running))
        for number in range(3):
            hold_up(running, tmp_path / f"never {number}")

        wait_until(lambda: len(answering(running)) == 3 and not before & set(answering(running)))
        running.events("store loaded", at_least=7)  # of the parent, of three workers and of three others

        told = [(line["event"], line.get("worker")) for line in events(running, "worker replaced", "store loaded")[4:]]
        assert [event for event, _ in told] == ["worker replaced", "store loaded"] * 3
        assert {worker for event, worker in told if event == "worker replaced"} == before


def events(running: Service, *names: str) -> list[dict[str, Any]]:
    return sorted((line for name in names for line in running.logged(name)), key=lambda line: str(line["at"]))


@pytest.mark.exhaustive
def test_a_worker_that_hangs_at_its_start_is_replaced(tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {"stuck": "stuck"}})
    with service([shop, "1", "20"], tmp_path / "log", PROPS, python=HASTY) as running:
        (tmp_path / "stuck.txt").touch()
        os.kill(answering(running)[0], signal.SIGKILL)
        wait_until(lambda: len(running.logged("worker replaced")) == 2)
        (tmp_path / "stuck.txt").unlink()
        wait_until(lambda: answering(running) != [])

    assert [line["cause"] for line in running.logged("worker replaced")][:2] == ["died", "hung_start"]


@pytest.mark.exhaustive
def test_a_stop_ends_a_worker_that_hangs_at_its_start(tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {"stuck": "stuck"}})
    (tmp_path / "stuck.txt").touch()
    process = start([shop, "1", "300"], tmp_path / "log", PROPS, python=HASTY)
    wait_until((tmp_path / "stuck.asked").exists)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)

    assert (process.returncode, "Answering" in said) == (0, False)
    assert "worker ended by force" in (tmp_path / "log").read_text()


@pytest.mark.exhaustive
def test_a_service_whose_worker_hangs_at_the_first_start_ends(tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {"stuck": "stuck"}})
    (tmp_path / "stuck.txt").touch()
    process = start([shop, "1", "20"], tmp_path / "log", PROPS, python=HASTY)

    process.communicate(timeout=60)

    assert process.returncode == 1
    assert "worker does not start" in (tmp_path / "log").read_text()


@pytest.mark.exhaustive
def test_a_worker_that_is_held_up_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {}}, more="[channels.quicksand]")
    with service([shop, "1", "300"], tmp_path / "log", PROPS, python=HASTY) as running:
        (worker,) = answering(running)
        hold_up(running, tmp_path / "never")

        running.process.kill()

        wait_until(lambda: not Path(f"/proc/{worker}").exists() or "(zombie)" in status(worker))


@pytest.mark.exhaustive
def test_a_stop_ends_a_service_whose_log_nobody_reads(tmp_path: Path) -> None:
    """Its worker stands in writing a line, and so does the parent when it would tell that it ends it."""
    shop, log = write_store(tmp_path, "shop", {"near": {}}), tmp_path / "log"
    os.mkfifo(log)
    unread = os.open(log, os.O_RDWR | os.O_NONBLOCK)
    with service([shop, "1", "300"], log, PROPS, python=HASTY) as running, browser() as web:
        with suppress(BlockingIOError):
            while os.write(unread, b"\n"):
                pass
        with suppress(requests.Timeout):
            web.post(f"{running.public}/v1/shop/netshoes", json=question(), auth=AUTH, timeout=3)

        running.process.send_signal(signal.SIGTERM)

        assert running.process.wait(60) == 1
    os.close(unread)


def status(process: int) -> str:
    try:
        return Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return "(zombie)"


@pytest.mark.exhaustive
def test_hours_in_which_the_parent_did_not_run_replace_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was suspended, or a parent that was stopped: its clock has run on, and it has heard nobody."""
    monkeypatch.setattr(time, "monotonic", map(float, itertools.count(0, 3600)).__next__)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    looks = threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stores = (write_store(tmp_path, "shop", {"near": {}}),)
        worker = Worker(stores, GenerationFile(tmp_path), tmp_path, "error", Limits())
        supervisor = Supervisor(worker, 1, listener, looks.release, lambda: None)
        threading.Thread(target=stop_later, args=(supervisor, looks), daemon=True).start()
        supervisor.run()
    signal.alarm(0)

    assert (supervisor.failed, sum(supervisor.workers().replaced.values())) == (False, 0)
    assert len(supervisor.workers().answering) == 1


def stop_later(supervisor: Supervisor, ready: threading.Semaphore) -> None:
    """Stop it after some looks at its workers."""
    ready.acquire(timeout=60)
    for _ in range(10):
        seen = supervisor.workers()
        while supervisor.workers() is seen:
            threading.Event().wait(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
