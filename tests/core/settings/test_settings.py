"""A store's file: what it may say, and what is answered to everything else."""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from store_text import CARRIER, ORIGIN, STORE, WHOLE

from portes.contract import Origin, Place
from portes.errors import Problem, SettingsError
from portes.redaction import MASK
from portes.settings import StoreFile, draft_store, find_store_files, load_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


def loaded(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> StoreFile:
    file = folder / "portes.toml"
    file.write_text(text, encoding="utf-8")
    return load_store(file, environ or {})


def problems(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> dict[str, Problem]:
    with pytest.raises(SettingsError) as raised:
        loaded(folder, text, environ)
    return {problem.where: problem for problem in raised.value.problems}


def test_a_short_file_is_a_store_with_every_default(folder: Path) -> None:
    store = loaded(folder, WHOLE)

    assert store.name == "shop"
    assert store.folder == folder
    assert store.state is None
    assert store.catalogue is None
    assert store.store.lines == "each"
    assert (store.store.max_units, store.store.max_lines, store.service.max_body) == (10_000, 200, 262_144)
    assert store.origins == (
        Origin(id=1, place=Place(country="BR", postal_code="01001000"), cut_off=time(23, 59, 59), calendar="BR-SP"),
    )
    road = store.carriers["road"]
    assert (road.name, road.id, road.active, road.timeout, road.packer) == ("road", 7, True, 4.0, None)
    assert store.rules == ()
    assert store.channels == {}


def test_every_key_of_the_core_can_be_written(folder: Path) -> None:
    store = loaded(
        folder,
        """
        [service]
        state = "state"
        max_body = 1000
        [store]
        name = "madrid"
        country = "ES"
        currency = "EUR"
        timezone = "Europe/Madrid"
        calendar = "ES-MD"
        closed_days = [2026-12-24, 2026-12-31]
        lines = "together"
        allow_zero_measures = true
        pre_sale_days = 3
        catalogue = "skus.csv"
        unknown_sku = "refuse"
        max_units = 10
        max_lines = 2
        [[origins]]
        id = 4
        postal_code = "AD500"
        country = "AD"
        handling_days = 2
        cut_off = 14:30:00
        calendar = "AD"
        [carriers.post]
        use = "correos-es"
        id = 2
        name = "Correos"
        active = true
        timeout = "1500ms"
        packer = "single"
        threads = 3
        settings = { user = "someone" }
        services = [{ code = "S0132", delivery = "normal" }]
        [[rules]]
        use = "markup"
        percent = 5
        [channels.native]
        key = "${KEY}"
        """,
    )

    assert store.name == "madrid"
    assert store.state == folder / "state"
    assert store.catalogue == folder / "skus.csv"
    assert store.store.closed_days == (date(2026, 12, 24), date(2026, 12, 31))
    assert store.origins[0].cut_off == time(14, 30)
    assert store.origins[0].place == Place(country="AD", postal_code="AD500")
    assert store.origins[0].calendar == "AD"
    assert store.carriers["post"].timeout == 1.5
    assert store.rules[0].table == {"use": "markup", "percent": 5}
    assert store.channels == {"native": {"key": "${KEY}"}}


def test_every_problem_is_named_at_once_with_file_key_value_and_fix(folder: Path) -> None:
    text = """
        [store]
        country = "BR"
        timezone = "America/SaoPaulo"
        calendar = "BR-XX"
        currency = "real"
        lines = "eech"
        max_unit = 3
        [[origins]]
        id = 1
        postal_code = 01001000
        """.replace("01001000", "1001000")
    found = problems(folder, text + 'cut_off = "25:00"\n[carriers.road]\nid = 1\ntimeout = 4\n[chanels]\n')

    assert {where: problem.value for where, problem in found.items()} == {
        "chanels": "a table",
        "store.timezone": "America/SaoPaulo",
        "store.calendar": "BR-XX",
        "store.currency": "real",
        "store.lines": "eech",
        "store.max_unit": "3",
        "origins.0.postal_code": "1001000",
        "origins.0.cut_off": "25:00",
        "carriers.road.use": "",
        "carriers.road.timeout": "4",
        "carriers.road.services": "",
        "carriers": "",
    }
    assert {problem.file for problem in found.values()} == {str(folder / "portes.toml")}
    assert all(problem.fix for where, problem in found.items() if where != "carriers.road.timeout")
    assert "America/Sao_Paulo" in found["store.timezone"].fix
    assert "did you mean max_units?" in found["store.max_unit"].fix
    assert "did you mean channels?" in found["chanels"].fix
    assert "leading zeros" in found["origins.0.postal_code"].cause
    assert "in quotes" in found["origins.0.postal_code"].fix


@pytest.mark.parametrize(
    ("text", "where", "cause"),
    [
        (WHOLE + ORIGIN, "origins.1.id", "is already taken by origins.0.id"),
        (WHOLE + CARRIER.replace("road", "air"), "carriers.air.id", "is already taken by carriers.road.id"),
        (WHOLE + "[[carriers.road.services]]\ncode = 'economy'\n", "carriers.road.services.1.code", "is already taken"),
        (WHOLE + "[[carriers.road.services]]\ndelivery = 'normal'\n", "carriers.road.services.1.code", "is missing"),
        (WHOLE.replace('use = "table"', 'use = "table"\nactive = false'), "carriers", "names no active carrier"),
        (WHOLE.replace("delivery =", "active = false\ndelivery ="), "carriers", "names no active carrier"),
        (STORE + ORIGIN, "carriers", "names no active carrier"),
        (WHOLE + "[carriers.air]\nsettings = 3\n", "carriers.air.settings", "is not a table"),
        (STORE + CARRIER, "origins", "is missing"),
        (WHOLE.replace("01001-000", "0100-000"), "origins.0.postal_code", "is no postal code of BR"),
        (WHOLE.replace("[[origins]]", "[origins]"), "origins", "is not a list of tables"),
        (WHOLE + "[[channels]]\n", "channels", "is no table"),
        (WHOLE + "[channels]\nnative = 3\n", "channels.native", "is not a table"),
        (WHOLE + "[[rules]]\npercent = 5\n", "rules.0.use", "is missing"),
        (WHOLE.replace("carriers.road", 'carriers."ro ad"'), "carriers.ro ad", "is no name"),
        (WHOLE.replace('use = "table"', 'use = "table"\ntimeout = "0s"'), "carriers.road.timeout", "is too small"),
        (STORE.replace("country", "name = 'a/b'\ncountry") + ORIGIN + CARRIER, "store.name", "right form"),
        ("", "store.country", "is missing"),
    ],
)
def test_what_a_store_must_not_say(folder: Path, text: str, where: str, cause: str) -> None:
    found = problems(folder, text)

    assert cause in found[where].cause


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ('patience = "4s"', "timeout"),
        ("standby = true", "fallback_only"),
        ('contingency = "table"', "fallback"),
        ('cache = { refresh = "1h" }', "stale_while_revalidate"),
        ('cache = { failing = "1h" }', "stale_if_error"),
    ],
)
def test_a_key_that_was_renamed_is_refused_with_its_name_of_today(folder: Path, old: str, today: str) -> None:
    found = problems(folder, WHOLE.replace("id = 7", f"id = 7\n{old}"))

    (problem,) = found.values()
    assert problem.where.startswith("carriers.road.")
    assert (problem.cause, problem.fix) == ("has another name now", f"write {today} instead")


def test_a_value_is_escaped_and_cut_to_eighty_characters(folder: Path) -> None:
    found = problems(folder, WHOLE.replace("BR-SP", "\\u001b[31m" + "x" * 100))

    value = found["store.calendar"].value
    assert value.startswith("\\x1b[31mxx")
    assert len(value) == 80


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"[store]\nname = 5 5\n", 2, "at column 10"),
        (b'[store]\nname = "\xff"\n', 2, "UTF-8"),
        (b'[store]\nname = """', 0, "end of the file"),
    ],
)
def test_what_is_not_toml_is_named_by_line_and_column(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    file = tmp_path / "portes.toml"
    file.write_bytes(content)

    (problem,) = draft_store(file, {}).problems

    assert (problem.file, problem.line) == (str(file), line)
    assert words in problem.cause


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())

    assert load_store(file, {}).name == "shop"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        load_store(tmp_path / "none.toml", {})


def test_a_path_that_makes_no_name_asks_for_one(tmp_path: Path) -> None:
    file = tmp_path / "my shop.toml"
    file.write_text(WHOLE)

    (problem,) = draft_store(file, {}).problems

    assert problem.where == "store.name"
    assert "my shop" in problem.cause


def test_a_broken_part_does_not_hide_the_sound_ones(folder: Path) -> None:
    file = folder / "portes.toml"
    broken = WHOLE.replace("BR-SP", "BR-XX").replace("BRL", "real").replace("[[origins]]", "lines = 3\n[[origins]]")
    file.write_text(broken.replace("[store]", "[store]\nname = '?'") + "[[rules]]\n[[rules]]\nuse = 'cheapest'\n")

    draft = draft_store(file, {})

    wheres = ["store.name", "store.currency", "store.lines", "store.calendar", "rules.0.use"]
    assert [problem.where for problem in draft.problems] == wheres
    assert draft.store is not None
    assert (draft.store.country, draft.store.timezone, draft.store.calendar) == ("BR", "America/Sao_Paulo", "BR")
    assert [origin.id for origin in draft.origins] == [1]
    assert list(draft.carriers) == ["road"]
    assert {position: rule.use for position, rule in draft.rules.items()} == {1: "cheapest"}


def test_the_core_s_own_keys_come_from_the_environment_too(folder: Path) -> None:
    store = loaded(folder, WHOLE + '[service]\nstate = "${STATE}/shop"\n', {"STATE": "/var/lib/portes"})

    assert store.state == Path("/var/lib/portes/shop")


def test_the_tables_of_plugins_keep_their_references(folder: Path) -> None:
    text = (
        WHOLE + '[carriers.road.settings]\npassword = "${NOT_SET}"\n[[rules]]\nuse = "markup"\nfixed = "${NOT_SET}"\n'
    )
    store = loaded(folder, text)

    assert store.carriers["road"].settings == {"password": "${NOT_SET}"}
    assert store.rules[0].table["fixed"] == "${NOT_SET}"


def test_the_tables_of_plugins_do_not_show_in_a_representation(folder: Path) -> None:
    text = WHOLE + '[carriers.road.settings]\npassword = "hunter2"\n[[rules]]\nuse = "x"\nkey = "hunter2"\n'
    store = loaded(folder, text + '[channels.native]\nkey = "hunter2"\n')

    assert "hunter2" not in repr(store)
    assert "hunter2" not in repr(draft_store(store.file, {}))


def test_a_plugin_s_table_that_is_none_is_not_shown(folder: Path) -> None:
    found = problems(folder, WHOLE.replace("[[carriers.road.services]]", "settings = 'hunter2'\n[[x]]"))

    assert found["carriers.road.settings"].value == MASK


def tree(root: Path, *files: str) -> None:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


@pytest.mark.parametrize(
    ("files", "given", "found"),
    [
        (["a.toml"], ["a.toml"], ["a.toml"]),
        (["shop/portes.toml", "shop/other.toml"], ["shop"], ["shop/portes.toml"]),
        (
            ["s/b.toml", "s/a/portes.toml", "s/c/readme.md", "s/note.txt"],
            ["s"],
            ["s/a/portes.toml", "s/b.toml"],
        ),
        (["a.toml", "s/b.toml"], ["s", "a.toml", "s/b.toml"], ["s/b.toml", "a.toml"]),
    ],
)
def test_a_path_is_a_file_a_store_s_folder_or_a_folder_of_stores(
    tmp_path: Path, files: list[str], given: list[str], found: list[str]
) -> None:
    tree(tmp_path, *files)

    assert find_store_files(tmp_path / path for path in given) == [tmp_path / path for path in found]


def test_every_path_without_a_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SettingsError) as raised:
        find_store_files([tmp_path / "empty", tmp_path / "none.toml"])

    causes: list[Any] = [(problem.file, problem.cause) for problem in raised.value.problems]
    assert causes == [(str(tmp_path / "empty"), "holds no store"), (str(tmp_path / "none.toml"), "is not there")]
