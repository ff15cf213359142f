"""Another version of a table activated under a running service: no answer fails, and none is by the old one later."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from stage import AUTH, Service, browser, question, service, wait_until

from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions
from portes.web.reload.file_watch import FileWatcher

STORE = """
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
name = "Southern"
[carriers.southern.settings]
stored = "contract"
[[carriers.southern.services]]
code = "economy"
delivery = "normal"
[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "${SECRET}" }
limit = "60s"
"""
HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
CALLERS = 3
AFTERWARDS = 60
"""Answers that each caller sees after the new version was seen by all."""


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[TableVersions]:
    """Two versions of one table, the first in force."""
    (tmp_path / "portes.toml").write_text(STORE)
    kept = TableVersions(tmp_path / "state")
    for price in ("10.00", "20.00"):
        source = f"{HEADER}01000000,05999999,0,30000,{price},3\n".encode()
        options = ReadOptions(country="BR", currency="BRL")
        kept.keep(NewVersion("contract", source, "plain", options, "ana", datetime.now(UTC)))
    kept.activate("contract", 1, "ana", datetime.now(UTC))
    yield kept
    kept.close()


@pytest.fixture
def running(versions: TableVersions, tmp_path: Path) -> Iterator[Service]:
    with service([versions.state.parent, "--workers", "2"], tmp_path / "out.jsonl") as started:
        yield started


class Callers:
    """Askers without a pause, each with what it was told: the prices in cents, or the status of what is no answer."""

    def __init__(self, running: Service) -> None:
        self.told: list[list[int]] = [[] for _ in range(CALLERS)]
        self._address = f"{running.public}/v1/shop/netshoes"
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(told,)) for told in self.told]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, told: list[int]) -> None:
        while not self._ended.is_set():
            with browser() as session:  # a connection of its own each time, so that both workers are asked
                answer = session.post(self._address, json=question(), auth=AUTH, timeout=60)
            told.append(_price(answer.json()) if answer.status_code == 200 else -answer.status_code)


def _price(body: dict[str, object]) -> int:
    """The only price of an answer."""
    text = str(body)
    (price,) = {int(part.split(",")[0].split("}")[0]) for part in text.split("'priceInCents': ")[1:]}
    return price


@pytest.mark.exhaustive
def test_an_activation_is_taken_up_by_both_workers_and_no_answer_fails_or_goes_back(
    running: Service, versions: TableVersions
) -> None:
    with Callers(running) as callers:
        wait_until(lambda: all(len(told) > 20 for told in callers.told))
        versions.activate("contract", 2, "ana", datetime.now(UTC))
        wait_until(lambda: all(told[-1:] == [2000] for told in callers.told))
        seen = [len(told) for told in callers.told]
        wait_until(lambda: all(len(told) >= least + AFTERWARDS for told, least in zip(callers.told, seen, strict=True)))

    assert {price for told in callers.told for price in told} == {1000, 2000}
    for told in callers.told:
        assert told == sorted(told), "after the new version an answer was by the old one"


def test_an_activation_changes_what_is_watched_and_an_import_does_not(versions: TableVersions) -> None:
    watcher, file = FileWatcher(), versions.state.parent / "portes.toml"
    before = watcher.signature(file)
    source = f"{HEADER}01000000,05999999,0,30000,30.00,3\n".encode()
    options = ReadOptions(country="BR", currency="BRL")
    versions.keep(NewVersion("contract", source, "plain", options, "ana", datetime.now(UTC)))
    imported = watcher.signature(file)
    versions.activate("contract", 3, "ana", datetime.now(UTC))
    activated = watcher.signature(file)
    versions.rollback("contract", "ana", datetime.now(UTC))

    assert imported == before
    assert activated != before
    assert watcher.signature(file) != activated


def test_a_store_that_names_no_stored_table_does_not_watch_them(tmp_path: Path) -> None:
    (tmp_path / "portes.toml").write_text(STORE.replace('stored = "contract"', 'file = "table.csv"'))

    watched = [path for path, _ in FileWatcher().signature(tmp_path / "portes.toml")]

    assert not any(path.endswith("tables.active") for path in watched)
