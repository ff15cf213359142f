"""A worker that is held up: it takes calls and answers nobody, until its parent puts another in its place."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from held_up import HASTY, answering, hold_up
from stage import Service, browser, service, wait_until, write_store

from portes.web.monitoring.gauges import worker_gauges
from portes.web.monitoring.vitals import WorkerStatus

PROPS = Path(__file__).parent / "props"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_store(tmp_path, "shop", {"near": {}}, more="[channels.quicksand]")


@pytest.fixture
def running(shop: Path, tmp_path: Path) -> Iterator[Service]:
    with service([shop, "1", "300"], tmp_path / "log", PROPS, python=HASTY) as started:
        yield started


@pytest.mark.exhaustive
def test_a_worker_that_is_held_up_is_replaced_and_one_that_is_at_the_stop_is_ended(
    running: Service, tmp_path: Path
) -> None:
    (held,) = answering(running)
    hold_up(running, tmp_path / "never")
    wait_until(lambda: answering(running) not in ([], [held]))

    (line,) = running.logged("worker replaced")
    assert (line["worker"], line["cause"], line["level"]) == (held, "silent", "error")
    with browser() as web:
        assert web.get(f"{running.public}/healthz", timeout=60).status_code == 200

    (second,) = answering(running)
    hold_up(running, tmp_path / "never too")
    running.process.send_signal(signal.SIGTERM)
    _, said = running.process.communicate(timeout=60)

    assert running.process.returncode == 0
    assert [line["worker"] for line in running.logged("worker ended by force")] == [second]
    assert "portes_props.py" in said  # where the first stood when it was ended
    assert not Path(f"/proc/{second}").exists()


def test_the_most_silent_worker_is_the_one_that_is_told() -> None:
    status = WorkerStatus((1, 2, 3), 3, {1: 0.5, 2: 30.0, 3: 1.0}, {"silent": 4})

    told = {gauge.name: gauge.samples for gauge in worker_gauges(status, {"shop": 2})}

    assert {name: sample.value for name, (sample, *_) in told.items()} == {
        "portes_workers_answering": 2,
        "portes_workers_wanted": 3,
        "portes_worker_silent_seconds": 30,
        "portes_store_workers": 2,
        "portes_workers_replaced": 4,
    }
    assert status.silent == (2,)
