"""Services that were started apart and share a state folder, while another version of a table is activated."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crowd import Crowd, prices, settled
from stage import ENVIRON, PATIENT, Service, service, wait_until

from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions

TILLS = Path(__file__).parent / "tills"
STORE = f"""
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.southern]
use = "table"
id = 7
[carriers.southern.settings]
stored = "contract"
[[carriers.southern.services]]
code = "economy"
delivery = "normal"
[carriers.slow]
use = "till"
id = 8
[carriers.slow.settings]
tariff = "price.txt"
hesitant = "slow"
[[carriers.slow.services]]
code = "x"
delivery = "express"
[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "{PATIENT}"
"""
BEFORE, AFTER = (1000, 5000), (1100, 5000)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A store whose table has two versions, the first in force; one worker of each service is slow to make it."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "portes.toml").write_text(STORE)
    (shop / "price.txt").write_text("5000\n")
    versions = TableVersions(shop / "state")
    for price in ("10.00", "11.00"):
        source = (
            f"postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n01000000,05999999,0,30000,{price},3\n"
        )
        options = ReadOptions(country="BR", currency="BRL")
        versions.keep(NewVersion("contract", source.encode(), "plain", options, "ana", datetime.now(UTC)))
    versions.activate("contract", 1, "ana", datetime.now(UTC))
    versions.close()
    return shop


@pytest.fixture
def services(shop: Path, tmp_path: Path) -> Iterator[list[Service]]:
    """Two of it, each with two workers."""
    with ExitStack() as held:
        logs = [tmp_path / f"{name}.jsonl" for name in ("first", "second")]
        yield [held.enter_context(service([shop, "--workers", "2"], log, TILLS)) for log in logs]


def activate(shop: Path) -> None:
    """What a person types, in a process of its own."""
    command = [sys.executable, Path(sys.executable).with_name("portes"), "tables", "activate", "contract@2"]
    subprocess.run([*command, "--store", shop], check=True, capture_output=True, env=ENVIRON | {"PYTHONPATH": TILLS})


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
        activate(shop)
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
