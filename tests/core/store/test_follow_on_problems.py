"""One mistake is told once: what only follows from it, or speaks of what stands in for it, is not."""

from pathlib import Path
from typing import Any

import pytest
from shop import FrozenClock

from portes.hooks import Watchers
from portes.store import check_store

STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR"
catalogue = "catalogue.csv"
[[origins]]
id = 1
postal_code = "01001000"
[[origins]]
id = 2
postal_code = "69005010"
[carriers.table]
use = "table"
id = 1
settings = { file = "table.csv", origins = [1, 2] }
services = [{ code = "n", delivery = "normal", extra_cost = "2.50" }]
[[rules]]
use = "markup"
fixed = "3.00"
carriers = ["table"]
[channels.netshoes]
auth = { kind = "basic", username = "u", password = "${KEY}" }
"""
TABLE = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
n,01000000,19999999,0,30000,10.00,2,3
"""
CATALOGUE = "sku,declared_value,origins\nsku-1,129.90,1 2\n"
AROUND: dict[str, Any] = {"environ": {"KEY": "canary-4711-0815"}, "clock": FrozenClock(), "watchers": Watchers()}


def told(folder: Path, old: str = "", new: str = "") -> list[tuple[str, str]]:
    (folder / "table.csv").write_text(TABLE)
    (folder / "catalogue.csv").write_text(CATALOGUE)
    assert old in STORE
    (folder / "shop.toml").write_text(STORE.replace(old, new, 1))
    return [(problem.where, problem.value) for problem in check_store(folder / "shop.toml", **AROUND)]


@pytest.mark.parametrize(
    ("old", "new", "where", "value"),
    [
        ("69005010", "9005010", "origins.1.postal_code", "9005010"),
        ("id = 2", "id = 2\ncut_off = 14", "origins.1.cut_off", "14"),
        ("id = 2", "id = 2\ncountry = 'UK'", "origins.1.country", "UK"),
        ("id = 2", "id = '2'", "origins.1.id", "2"),
        ("id = 2", "", "origins.1.id", ""),
        ("id = 2", "id = 2\ncalendar = 'MG'", "origins.1.calendar", "MG"),
        ('"BRL"', '"R$"', "store.currency", "R$"),
        ('"BRL"', '"real"', "store.currency", "real"),
        ('"BRL"', '"€"', "store.currency", "€"),
        ('"BR"\ncurr', '"UK"\ncurr', "store.country", "UK"),
        ('"BR"\ncata', '"MG"\ncata', "store.calendar", "MG"),
        ('"BR"\ncata', '"XY"\ncata', "store.calendar", "XY"),
        ("id = 1\nsettings", "id = 1\ntimeout = 4\nsettings", "carriers.table.timeout", "4"),
        ("Sao_Paulo", "SaoPaulo", "store.timezone", "America/SaoPaulo"),
        ("[[origins]]", "[[origin]]", "origin", "a list"),
    ],
)
def test_one_mistake_is_one_problem(tmp_path: Path, old: str, new: str, where: str, value: str) -> None:
    assert told(tmp_path, old, new) == [(where, value)]


def test_the_store_that_the_mistakes_are_put_into_has_none(tmp_path: Path) -> None:
    assert told(tmp_path) == []


def test_a_mistake_does_not_hide_the_others(tmp_path: Path) -> None:
    found = told(tmp_path, '"BRL"', '"real"\nlines = "eech"')
    assert found == [("store.currency", "real"), ("store.lines", "eech")]

    (tmp_path / "shop.toml").write_text(STORE.replace("69005010", "9005010").replace('"3.00"', '"3,00"'))
    (tmp_path / "catalogue.csv").write_text(CATALOGUE.replace("1 2", "1 3"))
    wheres = [problem.where for problem in check_store(tmp_path / "shop.toml", **AROUND)]
    assert wheres == ["origins.1.postal_code", "origins", "rules.0.fixed"]


def test_a_currency_that_stands_in_elsewhere_hides_nothing_where_it_is_written(tmp_path: Path) -> None:
    found = told(tmp_path, '"BRL"', '"XXX"')

    assert found == [("store.currency", "XXX")]
    assert {problem.file for problem in check_store(tmp_path / "shop.toml", **AROUND)} == {str(tmp_path / "shop.toml")}


def test_a_table_that_is_not_there_is_told_at_the_key_that_names_it(tmp_path: Path) -> None:
    assert told(tmp_path, '"table.csv"', '"none.csv"') == [("carriers.table.settings.file", str(tmp_path / "none.csv"))]
    found = told(tmp_path, 'code = "n"', 'code = "n", file = "own.csv"')
    assert found == [("carriers.table.services.0.file", str(tmp_path / "own.csv"))]
