"""`portes record` and `portes cassettes`, as somebody who writes a plugin types them."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from gallery.case import CASE

from portes.cli import main
from portes_testing.recordings.provenance import FILE, read_provenance, write_provenance

TESTS = Path(__file__).parent
SOUND = str(TESTS / "test_sound_carrier.py")


def run(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, words, env=env)
    return result.exit_code, result.output


def test_all_scenarios_are_recorded_from_the_sandbox(tmp_path: Path) -> None:
    code, told = run("record", "parcelpost", "--against", "sandbox", "--case", SOUND, "--to", str(tmp_path))

    assert code == 0
    assert told.count(": as declared") == len(CASE.scenarios)
    assert {path.stem for path in tmp_path.glob("*.yaml")} == {scenario.name for scenario in CASE.scenarios}


def test_one_scenario_is_recorded_when_one_is_named(tmp_path: Path) -> None:
    words = ("--case", SOUND, "--to", str(tmp_path), "--scenario", "served")

    assert run("record", "parcelpost", "--against", "sandbox", *words)[0] == 0
    assert [path.name for path in tmp_path.glob("*.yaml")] == ["served.yaml"]


@pytest.mark.parametrize(
    ("against", "scenario", "why"),
    [
        ("sandbox", "sreved", "is no scenario that is recorded against sandbox"),
        ("live", "no_express_on_this_lane", "is no scenario that is recorded against live"),
        ("published", "served", "is no scenario that is recorded against published"),
    ],
)
def test_a_scenario_that_cannot_be_recorded_so_is_refused(
    tmp_path: Path, against: str, scenario: str, why: str
) -> None:
    words = ("--case", SOUND, "--to", str(tmp_path), "--scenario", scenario)

    code, told = run("record", "parcelpost", "--against", against, *words)

    assert code == 2
    assert why in told
    assert not list(tmp_path.iterdir())


def test_a_live_recording_asks_for_credentials_before_it_calls_anybody(tmp_path: Path) -> None:
    code, told = run("record", "parcelpost", "--against", "live", "--case", SOUND, "--to", str(tmp_path))

    assert code == 2
    assert "PARCELPOST_PASSWORD: is not set; a live recording needs the real credentials" in told


def test_a_scenario_that_ends_otherwise_is_told_and_kept(tmp_path: Path) -> None:
    case = tmp_path / "test_contract.py"
    case.write_text(
        "from dataclasses import replace\n"
        "from gallery.case import CASE\n"
        "from portes.contract import RefusalKind\n"
        "from portes_testing import CarrierContract, Scenario\n"
        "wrong = Scenario('served', CASE.served.shipments, {'STD': RefusalKind.OTHER, 'EXP': RefusalKind.OTHER})\n"
        "class TestWrong(CarrierContract):\n"
        "    case = replace(CASE, served=wrong)\n"
    )
    words = ("--case", str(case), "--to", str(tmp_path), "--scenario", "served")

    code, told = run("record", "parcelpost", "--against", "sandbox", *words)

    assert code == 1
    assert "served, STD: other expected, rate came" in told
    assert (tmp_path / "served.yaml").exists()


ASKING = """
from dataclasses import replace
from itertools import count
from gallery.case import CASE
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox
from portes_testing import CarrierContract

NUMBER = count()


class Asking(Parcelpost):
    def _post(self, question, token, deadline):
        return super()._post({{**question, {more}}}, token, deadline)


class TestAsking(CarrierContract):
    case = replace(CASE, carrier=Asking, sandbox=Sandbox, scrub=("cnpj",))
"""


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ('"cnpj": "11222333000181", "branch": {"cnpj": 11222333000262}', 0, ": as declared"),
        ('"number": next(NUMBER)', 1, ": does not replay: served.yaml: asked, but never recorded like this; if that"),
    ],
)
def test_a_recording_is_as_declared_when_it_replays_and_not_otherwise(
    tmp_path: Path, more: str, code: int, words: str
) -> None:
    case = tmp_path / "test_contract.py"
    case.write_text(ASKING.format(more=more))
    rest = ("--case", str(case), "--to", str(tmp_path), "--scenario", "served")

    found, told = run("record", "parcelpost", "--against", "sandbox", *rest)

    assert (found, words in told, "record_mode" in told) == (code, True, False)


def test_a_new_structure_is_told(tmp_path: Path) -> None:
    words = (
        "record",
        "parcelpost",
        "--against",
        "sandbox",
        "--case",
        SOUND,
        "--to",
        str(tmp_path),
        "--scenario",
        "served",
    )
    run(*words)
    line = read_provenance(tmp_path)["served.yaml"]
    text = (tmp_path / FILE).read_text().replace(line.fingerprint, "0123456789ab")
    (tmp_path / FILE).write_text(text)

    code, told = run(*words)

    assert code == 0
    assert "its structure is new, before it was 0123456789ab" in told


def test_a_plugin_without_a_case_is_told_where_to_put_one(tmp_path: Path) -> None:
    empty = tmp_path / "test_contract.py"
    empty.write_text("")

    code, told = run("record", "parcelpost", "--against", "sandbox", "--case", str(empty))

    assert code == 2
    assert "give a class derived from CarrierContract a case whose plugin is 'parcelpost'" in told


def test_a_plugin_without_a_test_beside_it_is_told_so() -> None:
    code, told = run("record", "parcelpost", "--against", "sandbox")

    assert code == 2
    assert "has no tests/test_contract.py beside its source" in told


def test_the_case_of_a_plugin_installed_from_its_folder_is_found(tmp_path: Path) -> None:
    code, told = run("record", "table", "--against", "sandbox", "--to", str(tmp_path), "--scenario", "unknown")

    assert code == 2
    assert "choose of served, unserved" in told


def test_the_list_of_cassettes_names_each_with_its_origin() -> None:
    code, told = run("cassettes", str(TESTS / "gallery" / "cassettes"), env={"COLUMNS": "200"})

    assert code == 0
    assert told.count("parcelpost") == 1
    assert told.count("sandbox") == len(CASE.scenarios)
    assert all(scenario.name in told for scenario in CASE.scenarios)


def test_the_list_as_json_is_for_machines(tmp_path: Path) -> None:
    folder = tmp_path / "parcelpost"
    run("record", "parcelpost", "--against", "sandbox", "--case", SOUND, "--to", str(folder), "--scenario", "served")
    line = read_provenance(folder)["served.yaml"]
    write_provenance(folder, "served.yaml", replace(line, date=date(2020, 1, 1)))

    code, told = run("cassettes", str(tmp_path), "--json")

    (only,) = json.loads(told)
    assert code == 0
    assert (only["plugin"], only["cassette"], only["provenance"]) == ("parcelpost", "served.yaml", "sandbox")
    assert only["date"] == "2020-01-01"
    assert only["warnings"] == ["older than a year"]


def test_a_cassette_nobody_knows_is_an_error(tmp_path: Path) -> None:
    run("record", "parcelpost", "--against", "sandbox", "--case", SOUND, "--to", str(tmp_path), "--scenario", "served")
    (tmp_path / FILE).unlink()

    code, told = run("cassettes", str(tmp_path), env={"COLUMNS": "200"})

    assert code == 1
    assert "nobody knows where it is from" in told
