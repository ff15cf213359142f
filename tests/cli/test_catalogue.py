"""`portes catalogue`: a source read for a person, and the SKUs that it lacks."""

import json
from pathlib import Path

import pytest
from shop import FrozenClock
from sku_shop import BY_KEY, GOODS, WHOLE, bare, fill, opened, write_shop
from terminal import Portes

from portes.catalogue.missing import MISSING_FILE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop whose database is filled."""
    monkeypatch.setenv("DATABASE", f"sqlite:///{tmp_path / 'skus.db'}")
    fill(tmp_path / "skus.db", GOODS)
    return tmp_path


def test_a_sound_source_is_told_with_its_columns(portes: Portes, folder: Path) -> None:
    told = portes("catalogue", "check", write_shop(folder))

    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "shop: 2 SKUs from the source sql",
        "columns: sku, weight_g, length_mm, width_mm, height_mm, price",
    ]
    assert not (folder / "state").exists()


def test_rows_that_cannot_be_used_are_told_with_value_and_fix(portes: Portes, folder: Path) -> None:
    fill(folder / "skus.db", GOODS | {"odd": -1}, price="1.999")
    told = portes("catalogue", "check", write_shop(folder))

    assert told.exit_code == 1
    assert "  light: price: " in told.stdout
    assert "(got '1.999'); " in told.stdout
    assert "3 SKUs have a row that cannot be used" in told.stdout


def test_json_says_the_same(portes: Portes, folder: Path) -> None:
    fill(folder / "skus.db", {"odd": -1})
    told = json.loads(portes("catalogue", "check", write_shop(folder), "--json").stdout)

    (problem,) = told.pop("problems")
    assert (problem["sku"], problem["column"], problem["value"]) == ("odd", "weight_g", "-1")
    assert told == {
        "store": "shop",
        "source": "sql",
        "by_key": False,
        "skus": 1,
        "columns": ["sku", "weight_g", "length_mm", "width_mm", "height_mm", "price"],
        "faulty": 1,
        "left_out": 0,
        "failure": "",
        "kept": None,
    }


def test_what_is_kept_is_told_with_its_age(portes: Portes, folder: Path) -> None:
    file = write_shop(folder)
    opened(file, clock=FrozenClock()).close()
    told = portes("catalogue", "check", file)

    assert told.stdout.splitlines()[-1].startswith("kept in the state folder: rows that are ")


def test_a_source_that_is_down_is_told_with_exit_code_2(portes: Portes, folder: Path) -> None:
    (folder / "skus.db").unlink()
    told = portes("catalogue", "check", write_shop(folder))

    assert told.exit_code == 2
    assert "the source could not be read: the catalogue's database: OperationalError" in told.stdout


def test_a_source_that_is_asked_by_key_is_asked_for_what_is_named(portes: Portes, folder: Path) -> None:
    told = portes("catalogue", "check", write_shop(folder, BY_KEY), "--sku", "light", "--sku", "none")

    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "shop: 1 SKUs from the source sql asked by key")


def test_a_file_is_read_as_when_the_store_starts(portes: Portes, folder: Path) -> None:
    (folder / "skus.csv").write_text("sku\na\nb\nc\n")
    told = portes("catalogue", "check", write_shop(folder, "", store='catalogue = "skus.csv"'))

    assert (told.exit_code, told.stdout) == (0, "shop: 3 SKUs from the source file\n")


def test_a_store_without_a_catalogue_is_told_how_to_get_one(portes: Portes, folder: Path) -> None:
    told = portes("catalogue", "check", write_shop(folder, ""))

    assert told.exit_code == 2
    assert "the store has no catalogue" in told.stderr


def test_missing_skus_are_listed_and_those_that_came_by_now_left_out(portes: Portes, folder: Path) -> None:
    file = write_shop(folder)
    with opened(file) as store:
        store.quote(bare("new", "none", "none"))
    fill(folder / "skus.db", GOODS | {"new": 1})
    told = portes("catalogue", "missing", write_shop(folder, BY_KEY))

    assert told.exit_code == 0
    assert [line.split()[1:4:2] for line in told.stdout.splitlines() if "none" in line] == [["none", "2"]]
    assert "1 more were asked for and are in the catalogue by now." in told.stdout


def test_missing_skus_as_json(portes: Portes, folder: Path) -> None:
    file = write_shop(folder, BY_KEY)
    with opened(file, clock=FrozenClock()) as store:
        store.quote(bare("none"))

    assert json.loads(portes("catalogue", "missing", file, "--json").stdout) == {
        "store": "shop",
        "missing": [{"sku": "none", "asked": 1, "last": "2026-03-02T12:00:00+00:00"}],
        "there_by_now": 0,
        "doubt": "",
    }


def test_missing_skus_are_listed_all_the_same_while_the_source_is_down(portes: Portes, folder: Path) -> None:
    file = write_shop(folder, BY_KEY)
    with opened(file, clock=FrozenClock()) as store:
        store.quote(bare("none"))
    (folder / "skus.db").unlink()
    told = portes("catalogue", "missing", file)

    assert "none" in told.stdout
    assert "could not be looked up" in told.stdout


def test_nothing_missing_is_said_in_words(portes: Portes, folder: Path) -> None:
    told = portes("catalogue", "missing", write_shop(folder, BY_KEY))

    assert told.stdout == "shop: nobody asked for a SKU that the catalogue lacks.\n"


@pytest.mark.parametrize("broken", ["no state folder", "no database"])
def test_counts_that_cannot_be_read_are_an_error_with_a_fix(portes: Portes, folder: Path, broken: str) -> None:
    file = write_shop(folder, BY_KEY, service="" if broken == "no state folder" else 'state = "state"')
    if broken == "no database":
        (folder / "state").mkdir()
        (folder / "state" / MISSING_FILE).write_text("something else" * 100)
    told = portes("catalogue", "missing", file)

    assert told.exit_code == 2
    assert "service.state" in told.stderr or "cannot be used" in told.stderr


def test_the_whole_catalogue_is_named_by_its_table(portes: Portes, folder: Path) -> None:
    assert "asked by key" not in portes("catalogue", "check", write_shop(folder, WHOLE)).stdout
