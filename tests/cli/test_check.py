"""`portes check`: everything that would keep stores from starting."""

import json
from pathlib import Path

import pytest
import store_text
from stage import NETSHOES, write_store
from terminal import Portes

BROKEN = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
lines = "eech"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.near]
use = "prop"
id = 1
[carriers.near.settings]
prefixs = ["0"]
[[carriers.near.services]]
code = "n"
delivery = "slow"
extra_cost = 2.5
[carriers.far]
use = "propp"
id = 2
services = [{ code = "n", delivery = "normal" }]
[[rules]]
use = "cheepest"
[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "hunter2" }
"""


def test_a_sound_store_has_nothing_to_mend(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}})

    told = portes("check", file)

    assert (told.exit_code, told.stdout) == (0, f"Nothing to mend in {file}.\n")


def test_a_sound_store_in_the_folder_where_one_stands_is_told_as_that_and_not_as_two_dots(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_store(tmp_path, "portes", {"near": {}}).parent)

    assert portes("check", ".").stdout == "Nothing to mend in this folder.\n"


def with_collections(folder: Path, keys: str) -> Path:
    """The file of a store whose one origin has these keys."""
    file = write_store(folder, "shop", {"near": {}, "far": {}})
    file.write_text(file.read_text().replace('postal_code = "01001000"', f'postal_code = "01001000"\n{keys}', 1))
    return file


def test_an_origin_that_never_hands_over_to_a_carrier_is_refused(portes: Portes, tmp_path: Path) -> None:
    keys = 'open_days = [2026-12-19]\n[[origins.collections]]\ncarriers = ["far"]\ndays = ["sat"]\ntimes = ["09:00"]\n'
    file = with_collections(tmp_path, keys)

    told = portes("check", file)

    assert told.exit_code == 2
    assert (
        "origins.0.collections: nothing is ever handed over to far: it is fetched on sat, and work is on mon, tue, wed,"
        " thu, fri (got 'sat')" in told.stdout
    )


def test_collections_that_are_all_before_the_cut_off_are_advised_against(portes: Portes, tmp_path: Path) -> None:
    collections = '[[origins.collections]]\ncarriers = ["far"]\ntimes = ["16:00"]\n'
    file = with_collections(tmp_path, f'cut_off = "15:59"\n{collections}')

    sound = portes("check", file)
    with_collections(tmp_path, collections)
    told = portes("check", file)

    assert (sound.exit_code, sound.stdout) == (0, f"Nothing to mend in {file}.\n")
    assert told.exit_code == 0
    assert told.stdout.endswith(
        f"Please look: {file}: origins.0.collections: has no collection after the cut-off, so that they get no order on"
        " its own day (got 'far'); write a cut_off before their last collection, or handling_days = 1.\n"
    )


@pytest.mark.parametrize("secret", ["hunter2", "hunter22"])
def test_a_short_secret_of_somebody_else_s_is_advised_against_and_refused_nowhere(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, netshoes=NETSHOES.replace("SECRET", "SHORT"))
    monkeypatch.setenv("SHORT", secret)
    advice = (
        f"Please look: {file}: channels.netshoes.password: is a secret of fewer than 8 characters: it can be"
        " tried, and every word like it is masked, too; ask for a longer one, if its giver has any.\n"
    )

    told = portes("check", file)

    assert (told.exit_code, told.stdout) == (
        0,
        f"Nothing to mend in {file}.\n{advice if secret == 'hunter2' else ''}",
    )


def test_a_key_that_we_issue_is_refused_when_it_is_short(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more='[channels.native]\nkeys = "${SHORT}"')
    monkeypatch.setenv("SHORT", "fifteen-letters")

    told = portes("check", file)

    assert told.exit_code == 2
    assert "channels.native.keys: has fewer than 16 characters (got '${SHORT}'); make one with openssl" in told.stdout


def test_every_problem_is_printed_at_once_and_no_secret(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(BROKEN.replace('lines = "eech"', 'max_line = "5"'))

    told = portes("check", file)

    assert told.exit_code == 2
    wheres = {line.removeprefix(f"{file}: ").partition(": ")[0] for line in told.stdout.splitlines()}
    assert wheres >= {
        "carriers.near.settings.prefixs",
        "carriers.near.services.0.delivery",
        "carriers.near.services.0.extra_cost",
        "carriers.far.use",
        "rules.0.use",
        "channels.netshoes.auth.password",
    }
    assert "hunter2" not in told.output
    assert "problems to mend" in told.stderr


def test_problems_are_json_for_machines(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(BROKEN)

    told = portes("check", file, "--json")

    assert told.exit_code == 2
    problems = json.loads(told.stdout)["problems"]
    (lines,) = (problem for problem in problems if problem["where"] == "store.lines")
    assert lines == {
        "where": "store.lines",
        "value": "eech",
        "cause": "is not one of the choices",
        "fix": "write one of 'each' or 'together'",
        "file": str(file),
        "line": 0,
    }


def test_a_sound_store_is_json_too(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}})

    assert json.loads(portes("check", "--json", file).stdout) == {"problems": [], "advice": []}


def test_a_folder_of_stores_is_checked_as_it_would_be_served(portes: Portes, tmp_path: Path) -> None:
    write_store(tmp_path, "a", {"near": {}})
    write_store(tmp_path, "b", {"near": {"prefixs": []}})
    (tmp_path / "a").mkdir()
    write_store(tmp_path / "a", "portes", {"near": {}})
    (tmp_path / "aa.toml").write_text(f"[store]\nname = {'[' * 3000}")

    told = portes("check", tmp_path)

    assert told.exit_code == 2
    assert "aa.toml" in told.stdout, "deeper than any parser goes, and no reason not to tell of the others"
    assert "b.toml: carriers.near.settings.prefixs: is an unknown key" in told.stdout
    assert "store.name" in told.stdout, "two stores are named a"


@pytest.mark.parametrize(
    ("content", "words"),
    [("[store\n", ":1: store: is a heading whose bracket is not closed; write [store]"), (None, "is not there")],
)
def test_what_cannot_be_read_is_a_problem_too(portes: Portes, tmp_path: Path, content: str | None, words: str) -> None:
    file = tmp_path / "shop.toml"
    if content:
        file.write_text(content)

    told = portes("check", file)

    assert told.exit_code == 2
    assert words in told.stdout


CORREIOS = """
[carriers.correios]
use = "correios-br"
id = 2
[carriers.correios.settings]
user = "loja"
access_code = "${CODE}"
posting_card = "0000000001"
[[carriers.correios.services]]
code = "03298"
delivery = "normal"
declare_value = true
"""


@pytest.mark.parametrize("said", ["", 'above_value = "refuse"', 'above_value = "split"'])
def test_a_service_that_refuses_what_is_worth_too_much_together_is_advised_to_say_so(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("CODE", "a-code-of-forty-letters")
    file = tmp_path / "portes.toml"
    file.write_text(store_text.STORE + store_text.ORIGIN + CORREIOS + said)
    told = portes("check", file)

    advice = (
        f"Please look: {file}: carriers.correios.services: refuse what is worth more than 3000.00 BRL in one parcel,"
        " though each unit of it may be worth less (got '03298'); write above_value = \"split\" to part goods for their"
        ' value, "cap" or "undeclared" to declare less of them, or "refuse" if that is meant.'
    )
    assert told.exit_code == 0
    assert [line for line in told.stdout.splitlines() if line.startswith("Please")] == ([] if said else [advice])
