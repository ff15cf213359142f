"""A file of many SKUs: packed once into the state folder, mapped by every process that opens the store."""

from pathlib import Path

import pytest
from shop import FrozenClock
from sku_shop import opened, write_shop

from portes.catalogue import Catalogue, reading
from portes.catalogue.packed import PackedRows
from portes.catalogue.reading import CatalogueFile
from portes.catalogue.shared import PackedCatalogue, shared_catalogue
from portes.errors import SettingsError
from portes.store import check_store

SHORT = 'catalogue = "skus.csv"'
FEW = 20


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FEW", FEW)


def lines(count: int) -> list[str]:
    return ["sku,weight,size,price", *(f"sku-{number},{number + 1}g,10x10x10cm,9.90" for number in range(count))]


def write(folder: Path, rows: list[str]) -> Path:
    file = folder / "skus.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def packed_files(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "catalogue").glob("*.skus"))


def test_many_skus_are_packed_and_say_what_few_would(tmp_path: Path) -> None:
    write(tmp_path, lines(100))
    with opened(write_shop(tmp_path, "", store=SHORT)) as store:
        catalogue = store.quoter.policy.catalogue

        assert isinstance(catalogue, PackedCatalogue)
        assert len(catalogue) == 100
        assert store.goods(["sku-99", "none"]).entries["sku-99"].weight == 100
        assert [entry.weight for entry in catalogue.entries] == list(range(1, 101))
    assert len(packed_files(tmp_path)) == 1


def test_the_next_process_maps_what_the_first_one_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, lines(100))
    file = write_shop(tmp_path, "", store=SHORT)
    opened(file).close()

    def read(_file: CatalogueFile, _at: float = 0.0) -> Catalogue | PackedRows:
        pytest.fail("the file was read again")

    monkeypatch.setattr(CatalogueFile, "read", read)
    with opened(file) as store:
        assert store.goods(["sku-7"]).entries["sku-7"].weight == 8


def test_another_file_or_another_origin_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path, lines(100))
    file = write_shop(tmp_path, "", store=SHORT)
    opened(file).close()
    write(tmp_path, lines(50))
    with opened(file) as store:
        assert len(store.quoter.policy.catalogue or ()) == 50
    file.write_text(file.read_text() + '\n[[origins]]\nid = 2\npostal_code = "01001000"\n')
    opened(file).close()

    assert len(packed_files(tmp_path)) == 3


def test_few_skus_stand_in_memory_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, lines(FEW))
    with opened(write_shop(tmp_path, "", store=SHORT)) as store:
        assert type(store.quoter.policy.catalogue) is Catalogue
    assert not packed_files(tmp_path)


@pytest.mark.parametrize("state", ["none", "in the way"])
def test_without_a_folder_that_takes_them_the_rows_are_packed_in_memory(tmp_path: Path, state: str) -> None:
    file = CatalogueFile(write(tmp_path, lines(100)), "BRL")
    (tmp_path / "state").write_text("in the way")
    folder = None if state == "none" else tmp_path / "state"
    catalogue = shared_catalogue(file, folder, "shop", FrozenClock())

    assert isinstance(catalogue, PackedCatalogue)
    found = catalogue.get("sku-99")
    assert found is not None
    assert found.weight == 100


def test_a_check_packs_nothing(tmp_path: Path) -> None:
    write(tmp_path, lines(100))

    assert check_store(write_shop(tmp_path, "", store=SHORT), environ={}) == []
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(("first", "again"), [(3, 50), (40, 60), (3, 5)])
def test_a_sku_that_stands_twice_is_told_with_both_lines(tmp_path: Path, first: int, again: int) -> None:
    rows = lines(100)
    rows[again] = rows[first]
    write(tmp_path, rows)
    with pytest.raises(SettingsError) as raised:
        opened(write_shop(tmp_path, "", store=SHORT))

    (problem,) = raised.value.problems
    assert (problem.line, problem.value) == (again + 1, f"sku-{first - 1}")
    assert f"stands in line {first + 1} already" in problem.cause


def test_a_wrong_cell_among_many_keeps_the_store_from_starting(tmp_path: Path) -> None:
    rows = lines(100)
    rows[90] = "sku-89,heavy,,"
    write(tmp_path, rows)

    (problem,) = check_store(write_shop(tmp_path, "", store=SHORT), environ={})
    assert (problem.line, problem.where, problem.value) == (91, "weight", "heavy")
