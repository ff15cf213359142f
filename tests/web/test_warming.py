"""Carriers that can get ready do so when a worker starts and when files change, and for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from stage import AUTH, ENVIRON, Service, question, service, wait_until, write_store

from portes.store import open_store

TILLS = Path(__file__).parent / "tills"
WARMED, ASKED = "warmed", "asked"


def write(folder: Path, name: str = "shop", **settings: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "1000.txt").write_text("1000\n")
    carriers = {"till": {"tariff": "1000.txt", "seconds": 0.001, "diary": "diary", **settings}}
    file = write_store(folder, name, carriers)
    file.write_text(file.read_text().replace('use = "prop"', 'use = "till"'))
    return file


def diary(folder: Path) -> list[str]:
    file = folder / "diary.txt"
    return file.read_text().splitlines() if file.exists() else []


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sound store."""
    return write(tmp_path_factory.mktemp("stores") / "shop").parent


@pytest.fixture(scope="module")
def running(shop: Path) -> Iterator[Service]:
    """That store, and one whose carrier cannot get warm."""
    file = write(shop.parent / "cold", "cold", password="wrong")
    (file.parent / "password").write_text("wrong\n")
    file.write_text(file.read_text().replace('password = "wrong"', 'password = "file:password"'))
    with service([shop / "shop.toml", file], shop.parent / "log.jsonl", TILLS) as started:
        yield started


def status(running: Service, store: str) -> int:
    return requests.post(f"{running.public}/v1/{store}/netshoes", json=question(), auth=AUTH, timeout=60).status_code


def test_a_worker_warms_its_carriers_before_anybody_asks_and_those_of_changed_settings_too(
    shop: Path, running: Service
) -> None:
    wait_until(lambda: diary(shop) != [])
    assert status(running, "shop") == 200
    assert diary(shop) == [WARMED, ASKED]

    file = shop / "shop.toml"
    file.write_text(file.read_text().replace("id = 1\n[carriers.till.settings]", "id = 2\n[carriers.till.settings]"))
    wait_until(lambda: len(diary(shop)) > 2)

    assert diary(shop) == [WARMED, ASKED, WARMED]


def test_a_carrier_that_cannot_get_warm_is_told_in_the_log_and_its_store_serves(running: Service) -> None:
    (told,) = running.events("a call in the background failed", at_least=1)

    assert status(running, "cold") == 503
    assert (told["store"], told["carrier"], told["kind"]) == ("cold", "till", "rejected_credentials")


def test_opening_a_store_warms_nobody_until_its_host_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path)
    monkeypatch.syspath_prepend(str(TILLS))

    with open_store(file, environ=ENVIRON) as store:
        before = diary(tmp_path)
        store.warm()
        wait_until(lambda: diary(tmp_path) != [])

    assert (before, diary(tmp_path)) == ([], [WARMED])
