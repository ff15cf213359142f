"""A process has one catalogue for all stores whose files say the same: the shops of a hub may sell out of one."""

import gc
from pathlib import Path
from weakref import ref

import pytest
from shop import FrozenClock

from portes.catalogue import Catalogue, reading
from portes.catalogue.reading import CatalogueFile
from portes.catalogue.shared import shared_catalogue
from portes.errors import SettingsError

TEXT = "sku;weight;origins\na;500g;1\nb;2kg;2\n"
FEW = 20
MANY = "sku;weight\n" + "".join(f"sku-{number};500g\n" for number in range(FEW + 1))


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FEW", FEW)


def opened(
    folder: Path, text: str = TEXT, state: Path | None = None, store: str = "shop", origins: tuple[int, ...] = (1, 2)
) -> Catalogue:
    folder.mkdir(exist_ok=True)
    (folder / "catalogue.csv").write_text(text)
    file = CatalogueFile(folder / "catalogue.csv", "BRL", origins)
    return shared_catalogue(file, state, store, FrozenClock())


def test_files_that_say_the_same_are_one_catalogue(tmp_path: Path) -> None:
    first = opened(tmp_path / "one")

    assert opened(tmp_path / "two", store="another") is first
    assert first.get("b") is not None


def test_another_byte_or_another_way_to_read_it_is_another_catalogue(tmp_path: Path) -> None:
    first = opened(tmp_path / "one")

    assert opened(tmp_path / "two", TEXT.replace("500g", "501g")) is not first
    assert opened(tmp_path / "two", origins=(1, 2, 3)) is not first


def test_what_would_be_refused_in_one_store_is_refused_there_though_another_has_it_open(tmp_path: Path) -> None:
    first = opened(tmp_path / "one")

    with pytest.raises(SettingsError, match="is no origin of this store"):
        opened(tmp_path / "two", origins=(1,))
    assert first.get("a") is not None


def test_a_catalogue_that_nobody_uses_any_more_is_let_go(tmp_path: Path) -> None:
    gone = ref(opened(tmp_path / "one"))
    gc.collect()

    assert gone() is None


def test_each_state_folder_keeps_a_large_one_for_the_next_start_all_the_same(tmp_path: Path) -> None:
    first = opened(tmp_path / "one", MANY, tmp_path / "state-one")
    second = opened(tmp_path / "two", MANY, tmp_path / "state-two")

    assert second is first
    kept = [
        [path for path in (tmp_path / state).rglob("*") if path.suffix not in {"", ".lock"}]
        for state in ("state-one", "state-two")
    ]
    assert [len(files) for files in kept] == [1, 1]
