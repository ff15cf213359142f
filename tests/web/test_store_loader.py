"""What a store's successor keeps of it, and which of several files becomes a store, in one process."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shop import request
from stage import ENVIRON, write_store

from portes.contract import FailureKind, Source, Verdict
from portes.engine.breaker import Circuit
from portes.hooks import Watchers
from portes.store import Opener, Store, open_store
from portes.web.reload.store_loader import StoreLoader

TILLS = Path(__file__).parent / "tills"
REMOTE = {"tariff": "1000.txt", "seconds": 0.001, "diary": "diary"}


@pytest.fixture(scope="module", autouse=True)
def tills() -> Iterator[None]:
    """Install the tills for this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TILLS)
        patch.setattr(sys, "dont_write_bytecode", True)
        yield


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[StoreLoader]:
    """The stores of a folder."""
    loader = StoreLoader([tmp_path], Opener(environ=ENVIRON, watchers=Watchers()))
    yield loader
    loader.close()


def write(folder: Path, name: str = "shop", *, more: str = "", **settings: Any) -> Path:
    """A store with one till that is no instant one."""
    (folder / "1000.txt").write_text("1000")
    file = write_store(folder, name, {"till": {**REMOTE, **settings}}, more=more)
    file.write_text(file.read_text().replace('use = "prop"', 'use = "till"'))
    return file


def calls(folder: Path) -> int:
    diary = folder / "diary.txt"
    return len(diary.read_text().splitlines()) if diary.exists() else 0


def only(loader: StoreLoader) -> Store:
    (store,) = loader.stores
    return store


def closed(store: Store) -> bool:
    return store.quoter.circuits()["till"].circuit is Circuit.CLOSED


def test_a_carrier_that_did_not_change_goes_on_with_its_open_circuit(loader: StoreLoader, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    write(tmp_path, password="file:password")
    loader.load()
    only(loader).quote(request())
    write(tmp_path, password="file:password", more='[[rules]]\nuse = "cheapest"')

    (before,) = loader.load().gone

    assert only(loader) is not before
    assert not closed(only(loader))
    before.close()


def test_a_changed_secret_gets_a_circuit_of_its_own(loader: StoreLoader, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    write(tmp_path, password="file:password")
    loader.load()
    assert only(loader).quote(request()).verdict is Verdict.UNKNOWN
    (tmp_path / "password").write_text("open sesame")

    (before,) = loader.load().gone

    assert closed(only(loader))
    assert not closed(before)
    assert only(loader).quote(request()).verdict is Verdict.SERVED
    before.close()


def test_a_store_remembers_what_the_one_before_it_was_told(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path)
    loader.load()
    only(loader).quote(request())
    write(tmp_path, more='[[rules]]\nuse = "cheapest"')
    for store in loader.load().gone:
        store.close()

    quote = only(loader).quote(request())

    assert quote.lines[0].offers[0].rate.source is Source.CACHE
    assert calls(tmp_path) == 1


def test_what_an_exchanged_store_still_hears_is_remembered_by_its_successor(
    loader: StoreLoader, tmp_path: Path
) -> None:
    write(tmp_path)
    loader.load()
    write(tmp_path, more='[[rules]]\nuse = "cheapest"')
    (before,) = loader.load().gone
    before.quote(request())
    before.close()

    quote = only(loader).quote(request())

    assert quote.lines[0].offers[0].rate.source is Source.CACHE
    assert calls(tmp_path) == 1


def test_a_memory_of_another_size_takes_over_what_the_one_before_it_held(loader: StoreLoader, tmp_path: Path) -> None:
    file = write(tmp_path)
    loader.load()
    only(loader).quote(request())
    file.write_text(file.read_text().replace("[store]", "[store]\ncache_size = 50"))
    for store in loader.load().gone:
        store.close()

    quote = only(loader).quote(request())

    assert quote.lines[0].offers[0].rate.source is Source.CACHE
    assert only(loader).quoter.cache.size == 50


def test_another_tariff_is_asked_and_not_remembered(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path)
    loader.load()
    only(loader).quote(request())
    (tmp_path / "1000.txt").write_text("1234")
    for store in loader.load().gone:
        store.close()

    assert only(loader).quote(request()).lines[0].offers[0].price.minor == 1234


def test_a_store_that_was_exchanged_still_answers_until_it_is_closed(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path)
    loader.load()
    (tmp_path / "1000.txt").write_text("1234")
    (before,) = loader.load().gone

    assert before.quote(request()).lines[0].offers[0].price.minor == 1000

    before.close()
    after = before.quote(request(to="02012651"))
    assert [one.failure.kind for one in after.lines[0].failures] == [FailureKind.BUSY]


def test_what_did_not_change_is_not_made_again_unless_every_store_is(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path)
    loader.load()
    before = only(loader)

    assert not loader.load()
    assert only(loader) is before
    assert loader.load(every=True).gone == (before,)
    before.close()


def test_a_newcomer_with_the_name_of_another_store_is_refused(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path)
    loader.load()
    twin = tmp_path / "another"
    twin.mkdir()
    write(twin).rename(twin / "portes.toml")
    (twin / "portes.toml").write_text((twin / "portes.toml").read_text().replace("[store]", '[store]\nname = "shop"'))

    change = loader.load()

    assert not change
    assert [problem.where for problem in loader.problems] == ["store.name"]
    assert only(loader).settings.file == tmp_path / "shop.toml"


def test_a_folder_whose_stores_all_vanished_changes_nothing(loader: StoreLoader, tmp_path: Path) -> None:
    file = write(tmp_path)
    loader.load()

    file.unlink()
    change = loader.load()

    assert (change.fresh, change.gone) == ((), ())
    assert only(loader).name == "shop"
    assert loader.refused_paths is not None


def test_a_cache_that_is_kept_answers_after_a_restart(tmp_path: Path) -> None:
    file = write(tmp_path, more='[service]\nstate = "state"\nkeep_cache = true')
    for _ in range(2):
        with open_store(file, environ=ENVIRON, watchers=Watchers()) as store:
            quote = store.quote(request())

    assert quote.lines[0].offers[0].rate.source is Source.CACHE
    assert calls(tmp_path) == 1
