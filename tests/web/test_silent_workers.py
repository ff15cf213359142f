"""A worker that is held up: it takes calls and answers nobody, while its process looks alive to the parent."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import Service, browser, service, wait_until, write_store

from portes.web.monitoring.gauges import vitals_gauges
from portes.web.monitoring.vitals import WorkerVitals

PROPS = Path(__file__).parent / "props"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    shop = write_store(tmp_path, "shop", {"near": {}}, more="[channels.quicksand]")
    with service([shop, "--workers", "2"], tmp_path / "log", PROPS) as started:
        yield started


def ready(running: Service) -> tuple[int, dict[str, Any]]:
    with browser() as web:
        answer = web.get(f"{running.admin}/readyz", timeout=60)
    return answer.status_code, answer.json()


def silence(running: Service) -> float:
    with browser() as web:
        text = web.get(f"{running.admin}/metrics", timeout=60).text
    found = re.search(r"^portes_worker_silent_seconds (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else -1.0


def hold_up(running: Service, until: Path) -> threading.Thread:
    """Hold up the worker that takes this call until a file is there."""

    def call() -> None:
        with browser() as web:
            web.post(f"{running.public}/v1/shop/quicksand", data=f"{until}", timeout=120)

    thread = threading.Thread(target=call)
    thread.start()
    return thread


@pytest.mark.exhaustive
def test_a_worker_that_is_held_up_is_told_until_it_goes_on(running: Service, tmp_path: Path) -> None:
    """It is not replaced: the thread that the parent asks whether it lives goes on answering."""
    wait_until(lambda: ready(running)[0] == 200)
    _, before = ready(running)
    assert (before["ready"], before["workers"]["silent"]) == (True, [])

    call = hold_up(running, tmp_path / "over")

    wait_until(lambda: ready(running)[0] == 503)
    _, told = ready(running)
    (silent,) = told["workers"]["silent"]
    assert (told["ready"], silent in before["workers"]["answering"]) == (False, True)
    assert silence(running) > 5
    with browser() as web:
        assert web.get(f"{running.public}/healthz", timeout=60).status_code == 200
    (tmp_path / "over").touch()
    call.join()
    wait_until(lambda: ready(running)[0] == 200)
    assert ready(running)[1]["workers"]["answering"] == before["workers"]["answering"]
    wait_until(lambda: 0 <= silence(running) < 5)


def test_the_most_silent_worker_is_the_one_that_is_told() -> None:
    workers = [WorkerVitals(pid=number, at=time.time() - ago, stores={}) for number, ago in ((1, 0.5), (2, 30), (3, 1))]

    told = {gauge.name: gauge.samples for gauge in vitals_gauges(workers)}

    (sample,) = told["portes_worker_silent_seconds"]
    assert sample.value == pytest.approx(30, abs=2)
    assert [worker.pid for worker in workers if worker.silent] == [2]


def test_a_clock_that_was_set_back_makes_nobody_silent() -> None:
    ahead = WorkerVitals(pid=1, at=time.time() + 3600, stores={})

    assert (ahead.silence(), ahead.silent) == (0.0, False)
