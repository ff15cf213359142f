"""Another version of a table activated under a running service: no answer fails, and none is by the old one later."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from stage import AUTH, ENVIRON, PATIENT, Service, browser, question, service, wait_until
from structlog.testing import capture_logs
from table_shop import STORE, activate, kept_versions, new_version

from portes.hooks import Watchers
from portes.store import Opener, Store
from portes.tables.versions import TableVersions
from portes.web.reload.file_watch import FileWatcher
from portes.web.reload.generation import Generation, GenerationFile
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import StoreLoader

CALLERS = 3
AFTERWARDS = 60
"""Answers that each caller sees after the new version was seen by all."""


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[TableVersions]:
    """Two versions of one table, the first in force."""
    (tmp_path / "portes.toml").write_text(f'{STORE}limit = "{PATIENT}"\n')
    kept = kept_versions(tmp_path / "state")
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
        activate(versions, 2)
        wait_until(lambda: all(told[-1:] == [2000] for told in callers.told))
        seen = [len(told) for told in callers.told]
        wait_until(lambda: all(len(told) >= least + AFTERWARDS for told, least in zip(callers.told, seen, strict=True)))

    assert {price for told in callers.told for price in told} == {1000, 2000}
    for told in callers.told:
        assert told == sorted(told), "after the new version an answer was by the old one"


def test_an_activation_changes_what_is_watched_and_an_import_does_not(versions: TableVersions) -> None:
    watcher, file = FileWatcher(), versions.state.parent / "portes.toml"
    before = watcher.signature(file)
    versions.keep(new_version("30.00"))
    imported = watcher.signature(file)
    activate(versions, 3)
    activated = watcher.signature(file)
    versions.rollback("contract", "ana", datetime.now(UTC))

    assert imported == before
    assert activated != before
    assert watcher.signature(file) != activated


def test_a_store_that_names_no_stored_table_does_not_watch_them(tmp_path: Path) -> None:
    (tmp_path / "portes.toml").write_text(STORE.replace('stored = "contract"', 'file = "table.csv"'))

    watched = [path for path, _ in FileWatcher().signature(tmp_path / "portes.toml")]

    assert not any(path.endswith("tables.active") for path in watched)


@pytest.fixture
def loader(versions: TableVersions) -> Iterator[StoreLoader]:
    """The store as it was loaded when the first version was in force."""
    loader = StoreLoader([versions.state.parent], Opener(environ=ENVIRON, watchers=Watchers()))
    loader.load()
    yield loader
    loader.close()


def in_force(loader: StoreLoader) -> str:
    """The version that the store in force prices by."""
    (store,) = loader.stores
    return next(version for version in store.versions.values() if version.startswith("contract@")).partition("=")[0]


def test_an_activation_while_the_one_before_settles_is_announced_after_it(
    versions: TableVersions, loader: StoreLoader, tmp_path: Path
) -> None:
    """Workers are at the first: a later number without the moment of the first would leave them waiting for it."""
    asked: list[int] = []
    ready = threading.Event()

    def prepared(number: int) -> bool:
        asked.append(number)
        return ready.is_set()

    generations = GenerationFile(tmp_path / "private")
    reloader = ParentReloader(loader, generations, prepared)
    activate(versions, 2)
    with capture_logs() as logged, reloader.running():
        wait_until(lambda: asked != [])
        versions.rollback("contract", "ana", datetime.now(UTC))
        looks = len(asked)
        wait_until(lambda: len(asked) > looks + 2)
        meanwhile = generations.read(), in_force(loader), set(asked)
        ready.set()
        wait_until(lambda: reloader.generation.number == 2 and reloader.generation.at > 0)

    assert meanwhile == (Generation(1), "contract@2", {1})
    assert [line["generation"] for line in logged if line["event"] == "stores changed"] == [1, 2]
    assert generations.read() == reloader.generation
    assert in_force(loader) == "contract@1"


class InterruptedOpener(Opener):
    """Opens stores, and has something happen while the first one is made."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(environ=ENVIRON, watchers=Watchers())
        self._meanwhile = [meanwhile]

    def open(self, file: Path, before: Store | None = None) -> Store:
        store = super().open(file, before)
        while self._meanwhile:
            self._meanwhile.pop()()
        return store


def test_an_activation_while_a_store_is_made_leaves_it_out_of_force_until_the_next_look(
    versions: TableVersions,
) -> None:
    opener = InterruptedOpener(lambda: activate(versions, 2))
    loader = StoreLoader([versions.state.parent], opener)
    with closing(loader):
        first, stores = loader.load(), loader.stores
        second = loader.load()

        assert (first.fresh, first.unsettled, stores) == ((), True, ())
        assert (second.fresh, second.unsettled, in_force(loader)) == (loader.stores, False, "contract@2")


@pytest.mark.exhaustive
def test_a_database_that_could_not_be_read_is_tried_again_though_nothing_that_is_watched_changes(
    versions: TableVersions, loader: StoreLoader, tmp_path: Path
) -> None:
    """The activation was noticed when nobody could read it: without a retry only the next one would be taken up."""
    database, aside = versions.state / "tables.sqlite", versions.state / "aside"
    activate(versions, 2)
    versions.close()
    database.rename(aside)
    database.write_text("no database")
    reloader = ParentReloader(loader, GenerationFile(tmp_path / "private"))

    with reloader.running():
        wait_until(lambda: loader.problems != ())
        refused = reloader.generation, in_force(loader)
        aside.replace(database)
        wait_until(lambda: reloader.generation.number == 1)

    assert refused == (Generation(), "contract@1")
    assert (loader.problems, in_force(loader)) == ((), "contract@2")
