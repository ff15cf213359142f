"""Services that were started apart and share a state folder, while another version of a table is activated."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from crowd import Crowd, prices, settled
from stage import ENVIRON, PATIENT, Service, service, wait_until
from table_shop import STORE, kept_versions

TILLS = Path(__file__).parent / "tills"
SHOP = f"""{STORE}
limit = "{PATIENT}"
[carriers.slow]
use = "till"
id = 8
[carriers.slow.settings]
tariff = "price.txt"
hesitant = "slow"
[[carriers.slow.services]]
code = "x"
delivery = "express"
"""
BEFORE, AFTER = (1000, 5000), (2000, 5000)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A store whose table has two versions, the first in force; one worker of each service is slow to make it."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "portes.toml").write_text(SHOP)
    (shop / "price.txt").write_text("5000\n")
    kept_versions(shop / "state").close()
    return shop


@pytest.fixture
def services(shop: Path, tmp_path: Path) -> Iterator[list[Service]]:
    """Two of it, each with two workers."""
    with ExitStack() as held:
        logs = [tmp_path / f"{name}.jsonl" for name in ("first", "second")]
        yield [held.enter_context(service([shop, "--workers", "2"], log, TILLS)) for log in logs]


def activate_by_hand(shop: Path) -> None:
    """What a person types, in a process of its own."""
    portes = str(Path(sys.executable).with_name("portes"))
    command = [sys.executable, portes, "tables", "activate", "contract@2", "--yes", "--store", str(shop)]
    subprocess.run(command, check=True, capture_output=True, env=ENVIRON | {"PYTHONPATH": str(TILLS)})


@pytest.mark.exhaustive
def test_each_of_several_services_takes_an_activation_up_at_one_moment_and_no_call_fails(
    shop: Path, services: list[Service]
) -> None:
    crowds = [Crowd(running) for running in services]
    (shop / f"slow-{services[0].process.pid}.d").rmdir()

    with ExitStack() as asking:
        for crowd in crowds:
            asking.enter_context(crowd.asking())
        wait_until(lambda: all(len(crowd.answers) > 5 for crowd in crowds))
        activate_by_hand(shop)
        wait_until(lambda: all(settled(running, AFTER) for running in services))

    assert (shop / f"slow-{services[0].process.pid}.d").is_dir()
    for crowd in crowds:
        assert crowd.problems == []
        assert {prices(answer) for answer in crowd.answers} == {BEFORE, AFTER}
        assert crowd.before_after(BEFORE, AFTER) == 0
    assert len(list((shop / "state").glob("generation-*"))) == 2
    for running in services:
        running.process.terminate()
        running.process.wait()
    assert list((shop / "state").glob("generation*")) == []
