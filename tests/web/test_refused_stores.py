"""Files that make no store: their neighbours are served all the same, and each cause is told once."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from shop import request
from stage import ENVIRON, wait_until, write_store
from structlog.testing import capture_logs

from portes.hooks import Watchers
from portes.store import Opener
from portes.web.reload.generation import GenerationFile
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import StoreLoader

ABYSS = f"[store]\nname = {'[' * 3000}"
"""Settings that are deeper than any parser goes."""


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[StoreLoader]:
    """The stores of a folder, and of another that is not there."""
    loader = loads([tmp_path / "hub", tmp_path / "gone"])
    (tmp_path / "hub").mkdir()
    yield loader
    loader.close()


def loads(paths: Sequence[Any]) -> StoreLoader:
    return StoreLoader(paths, Opener(environ=ENVIRON, watchers=Watchers()))


class CursedPath:
    """A path whose every look at crashes."""

    looks = 0

    def is_file(self) -> bool:
        self.looks += 1
        raise RuntimeError(f"look {self.looks}")


def write(hub: Path, file: str, name: str, **near: Any) -> Path:
    """A store of this name in a file of that name."""
    written = write_store(hub, file, {"near": near})
    written.write_text(written.read_text().replace("[store]", f'[store]\nname = "{name}"'))
    return written


def served(loader: StoreLoader) -> dict[str, str]:
    """The file of each store in force, by the store's name."""
    return {store.name: store.settings.file.stem for store in loader.stores}


def test_a_file_that_crashes_the_reader_is_refused_by_its_path_s_name(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path / "hub", "a", "shop")
    (tmp_path / "hub" / "abyss.toml").write_text(ABYSS)

    with capture_logs():  # or a thousand frames are printed
        loader.load()

    assert served(loader) == {"shop": "a"}
    assert loader.refused_stores.names == {"abyss"}


def test_a_refused_store_is_known_by_the_name_in_its_file(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path / "hub", "a", "shop", prefix=["0"])

    loader.load()

    assert served(loader) == {}
    assert loader.refused_stores.names == {"shop"}


def test_the_same_crash_is_logged_once_until_it_was_mended(loader: StoreLoader, tmp_path: Path) -> None:
    file = tmp_path / "hub" / "abyss.toml"
    file.write_text(ABYSS)

    with capture_logs() as logged:
        loader.load()
        for _ in range(3):
            loader.load(refused=True)
        file.write_text(ABYSS + " ")
        loader.load()
    once = [line["event"] for line in logged if line["event"] in {"store crashed", "store refused"}]
    write(tmp_path / "hub", "abyss", "shop")
    loader.load()
    file.write_text(ABYSS)
    with capture_logs() as again:
        loader.load()

    assert len(once) == len(set(once)) > 0
    assert [line["event"] for line in again if line["event"] == "store refused"] == ["store refused"]


def test_each_store_that_was_made_and_each_cause_of_a_refusal_is_counted_once(
    loader: StoreLoader, tmp_path: Path
) -> None:
    file, counts = write(tmp_path / "hub", "a", "shop"), []
    sound = file.read_text()
    for text, times in ((sound, 1), (f"{sound}[nonsense]", 3), (f"{sound}[folly]", 2), (f"{sound}#", 2), (sound, 1)):
        file.write_text(text)
        for _ in range(times):
            for store in loader.load(refused=True).gone:
                store.close()
        (known,) = loader.files.values()
        counts.append((known.loaded, known.refusals, known.refused is not None))

    assert counts == [(1, 0, False), (1, 1, True), (1, 2, True), (2, 2, False), (3, 2, False)]


def test_a_reload_that_crashes_over_and_over_is_logged_once_and_told(tmp_path: Path) -> None:
    cursed = CursedPath()
    reloader = ParentReloader(loads([cursed]), GenerationFile(tmp_path))

    with capture_logs() as logged, reloader.running():
        wait_until(lambda: cursed.looks > 2)

    assert [line["event"] for line in logged] == ["reload crashed"]
    assert reloader.crashed.startswith("RuntimeError in test_refused_stores.py:")


def test_of_two_new_stores_of_one_name_none_is_served(loader: StoreLoader, tmp_path: Path) -> None:
    for file in ("a", "b"):
        write(tmp_path / "hub", file, "shop")
    write(tmp_path / "hub", "c", "other")

    loader.load()

    assert served(loader) == {"other": "c"}
    assert loader.refused_stores.names == {"shop"}
    assert [problem.where for problem in loader.problems if problem.file.startswith(str(tmp_path / "hub"))] == [
        "store.name",
        "store.name",
    ]


def test_the_one_that_had_a_name_keeps_it_wherever_the_newcomer_stands(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path / "hub", "b", "shop")
    loader.load()
    write(tmp_path / "hub", "a", "shop")

    assert not loader.load()

    assert served(loader) == {"shop": "b"}


def test_two_stores_exchange_their_names(loader: StoreLoader, tmp_path: Path) -> None:
    for file, name in (("a", "one"), ("b", "two")):
        write(tmp_path / "hub", file, name)
    loader.load()
    for file, name in (("a", "two"), ("b", "one")):
        write(tmp_path / "hub", file, name)
    for store in loader.load().gone:
        store.close()

    assert served(loader) == {"two": "a", "one": "b"}


def test_a_store_that_wants_a_name_and_may_not_have_it_keeps_its_own(loader: StoreLoader, tmp_path: Path) -> None:
    """And so a third that wants that one does not get it either."""
    for file, name in (("a", "one"), ("b", "two"), ("c", "three")):
        write(tmp_path / "hub", file, name)
    loader.load()
    write(tmp_path / "hub", "a", "two")
    write(tmp_path / "hub", "c", "one")

    assert not loader.load()

    assert served(loader) == {"one": "a", "two": "b", "three": "c"}
    assert loader.stores[0].quote(request()).lines[0].offers


def test_a_path_that_leads_nowhere_takes_no_store_of_another_away(loader: StoreLoader, tmp_path: Path) -> None:
    write(tmp_path / "hub", "a", "shop")

    loader.load()

    assert served(loader) == {"shop": "a"}
    assert loader.refused_paths is not None
    assert "whoever stood there" in loader.refused_stores
