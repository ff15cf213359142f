"""`portes explain` and `portes quote` on goods that several origins stock: who was asked, and what it came to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from shop import item, request
from stage import ENVIRON, EXPRESS, NORMAL, write_store
from terminal import Portes, cells

from portes.store import open_store

SECOND = '[service]\nstate = "state"\n[[origins]]\nid = 2\npostal_code = "50030230"\n'


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


def shop(folder: Path, origins: str, *, store: str = "") -> Path:
    """A store of two origins: from the first nobody has express, from the second one carrier has it."""
    (folder / "catalogue.csv").write_text(f"sku,origins\nx,{origins}\n")
    services = {"south": [NORMAL], "north": [EXPRESS]}
    file = write_store(folder, "shop", {"south": {}, "north": {}}, services=services, more=SECOND)
    text = file.read_text().replace("allow_zero_measures", f'{store}\ncatalogue = "catalogue.csv"\nallow_zero_measures')
    file.write_text(text.replace("[carriers.north]", "[carriers.north]\norigins = [2]"))
    return file


def asked(file: Path, units: int = 1) -> str:
    with open_store(file) as store:
        return store.quote(request(item("x", units))).id


def story(portes: Portes, file: Path, quote: str, *more: str) -> Iterator[str]:
    told = portes("explain", quote, "--store", file, *more)
    assert told.exit_code == 0
    return (line.strip() for line in told.stdout.splitlines())


def test_the_next_origin_is_told_with_what_it_was_asked_about_and_what_it_has(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1 2")
    quote = asked(file)
    next_one = "origin 2, asked next about express for x: it has express"

    assert f"next      {next_one}" in story(portes, file, quote)
    assert next_one in story(portes, file, quote, "--full")


def test_a_store_that_changed_since_tells_it_from_the_receipt(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1 2")
    quote = asked(file)
    file.write_text(file.read_text().replace("[carriers.north]", "[carriers.north]\nactive = false"))

    assert "next      origin 2, asked too" in story(portes, file, quote)


def test_an_origin_that_was_not_asked_is_told_with_why(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1 2", store="most_origins = 1")
    told = [*story(portes, file, asked(file))]

    hint = "incomplete: origin 2 stocks it too and was not asked: most_origins is 1"
    assert [line for line in told if line.startswith("failed ")] == [f"failed    north x from origin 2, {hint}"]


def test_origins_that_were_asked_beside_are_told_and_each_price_with_its_own(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1 2", store='origins_tried = "all"')
    quote = asked(file)

    assert "next      origin 2, asked beside for x: it has normal, express" in story(portes, file, quote)
    full = [*story(portes, file, quote, "--full")]
    assert any(line.startswith("normal for line 1") and line.endswith("of the origin 1") for line in full)
    assert any(line.startswith("express for line 1") and line.endswith("of the origin 2") for line in full)
    assert "line 1 can be had normal, express" in full


def test_a_price_is_told_with_the_rules_on_what_left_its_own_origin(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1 2", store='origins_tried = "all"')
    file.write_text(f'{file.read_text()}[[rules]]\nuse = "price"\nset = "5.00"\nwhen = {{ origins = [2] }}\n')

    assert "rules.0 price south n 10.00 → 5.00" in story(portes, file, asked(file))


def test_the_parts_of_a_split_line_are_told(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1:2 2:3", store="split_lines = true")
    quote = asked(file, 4)
    parts = ["2 units from origin 1 by south n: 10.00 BRL", "2 units from origin 2 by south n: 10.00 BRL"]

    for more in ([], ["--full"]):
        told = [*story(portes, file, quote, *more)]
        assert [line for line in told if " units from origin " in line] == parts
    assert "line 1 can be had normal" in told


def test_a_quote_of_a_split_line_tells_all_its_origins_and_what_leaves_each(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1:2 2:3", store="split_lines = true")
    told = portes("quote", "--store", file, "--parts", "--to", "01512651", "--item", "x:4:0.5kg:10x10x25cm")

    (row,) = cells(told.stdout)
    assert (row[3], row[6], row[8]) == ("20.00 BRL", "1, 2", "in parts")
    parts = "2 units from origin 1 by south n: 10.00 BRL, 2 units from origin 2 by south n: 10.00 BRL"
    assert f"x normal in parts: {parts}" in " ".join(told.stdout.split())


def test_a_line_out_of_stock_is_told_with_the_units_of_each_origin(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1:2 2:3")
    told = [*story(portes, file, asked(file, 9))]

    assert any("no origin has the 9 units: origin 1 has 2, origin 2 has 3" in line for line in told)


def test_the_receipt_keeps_the_parts(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, "1:2 2:3", store="split_lines = true")
    kept = json.loads(portes("explain", asked(file, 4), "--store", file, "--json").stdout)

    (offer,) = kept["quote"]["lines"][0]["offers"]
    assert [(part["units"], part["origin_id"]) for part in offer["parts"]] == [(2, 1), (2, 2)]
