"""`portes doctor`: what carriers say of themselves, in words, as JSON, and by the exit code."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from terminal import Portes, install

CLINIC = """
import sys

from portes.carrier import CarrierSettings, Finding, Severity
from portes.contract import Service
from portes.errors import LateError
from portes_props import Prop


class Settings(CarrierSettings):
    findings: tuple[Severity, ...] = ()
    crashes: str = ""
    looks_around: bool = False


class Patient(Prop):
    Settings = Settings

    def __init__(self, settings, services, tools):
        super().__init__(Prop.Settings(), services, tools)
        self._complaints = settings

    def diagnose(self, deadline):
        for number, severity in enumerate(self._complaints.findings):
            yield Finding(
                check=f"rung_{number}",
                severity=severity,
                cause={"en": f"It is {severity}.", "pt": f"Está {severity}."},
                evidence=f"status {number} within {deadline.seconds:g} s",
                remedy={} if severity is Severity.OK else {"en": "Rest.", "pt": "Descanse."},
            )
        if self._complaints.looks_around:
            told = sys.stdout.buffer.getvalue().decode().count("\\n")
            yield Finding(check="told", severity="ok", cause={"en": "Look."}, evidence=f"{told} lines before")
        if self._complaints.crashes == "late":
            raise LateError("no answer within 1 s")
        if self._complaints.crashes == "quits":
            raise GeneratorExit
        if self._complaints.crashes == "dict":
            yield {"check": "a finding of its own making"}
        elif self._complaints.crashes:
            raise ZeroDivisionError
"""
_STORE = """
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
"""
_CARRIER = """
[carriers.{key}]
use = "{use}"
id = {number}
name = "{name}"
services = [{{ code = "n", delivery = "normal" }}]
[carriers.{key}.settings]
{settings}
"""


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, props: None) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, "acme-clinic", "[portes.carriers]\npatient = acme_clinic:Patient\n", acme_clinic=CLINIC)
    monkeypatch.syspath_prepend(site)


def store(folder: Path, *carriers: tuple[str, str]) -> Path:
    """A store whose carriers have these plugins and settings, named a, b, …"""
    file = folder / "shop.toml"
    text = _STORE
    for number, (use, settings) in enumerate(carriers, start=1):
        key = "abc"[number - 1]
        text += _CARRIER.format(key=key, use=use, number=number, name=f"Carrier {key.upper()}", settings=settings)
    file.write_text(text)
    return file


def patient(*severities: str) -> tuple[str, str]:
    return "patient", f"findings = {json.dumps(severities)}"


@pytest.mark.parametrize(
    ("found", "code"), [(["ok"], 0), (["ok", "warning"], 1), (["warning", "error", "ok"], 2), ([], 0)]
)
def test_the_worst_finding_is_the_exit_code(portes: Portes, tmp_path: Path, found: Sequence[str], code: int) -> None:
    assert portes("doctor", store(tmp_path, patient(*found))).exit_code == code


def test_every_finding_is_told_with_what_was_seen_and_what_to_do(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("ok", "error")), "--timeout", "2")

    assert told.stdout.splitlines() == [
        "Carrier A (a)",
        "  ✓ rung_0: It is ok.",
        "    seen: status 0 within 2 s",
        "  ✗ rung_1: It is error.",
        "    seen: status 1 within 2 s",
        "    to do: Rest.",
    ]


def test_texts_are_told_in_the_language_that_is_asked_for(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("warning")), "--language", "pt")

    assert "! rung_0: Está warning." in told.stdout
    assert "fazer: Descanse." in told.stdout


def test_a_language_that_a_carrier_does_not_speak_is_told_in_english(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("warning")), "--language", "es")

    assert "! rung_0: It is warning." in told.stdout


def test_json_holds_everything_in_every_language(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("warning"), ("prop", "")), "--json")

    assert told.exit_code == 1
    assert json.loads(told.stdout) == {
        "worst": "warning",
        "carriers": [
            {
                "carrier": "a",
                "name": "Carrier A",
                "diagnosable": True,
                "worst": "warning",
                "findings": [
                    {
                        "check": "rung_0",
                        "severity": "warning",
                        "cause": {"en": "It is warning.", "pt": "Está warning."},
                        "evidence": "status 0 within 60 s",
                        "remedy": {"en": "Rest.", "pt": "Descanse."},
                    }
                ],
            },
            {"carrier": "b", "name": "Carrier B", "diagnosable": False, "worst": "ok", "findings": []},
        ],
    }


def test_a_carrier_without_a_diagnosis_says_so(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, ("prop", "")))

    assert (told.exit_code, told.stdout.splitlines()) == (0, ["Carrier A (a)", "  has no diagnosis of its own."])


def test_one_carrier_can_be_chosen(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("error"), patient("ok")), "b")

    assert told.exit_code == 0
    assert "Carrier A" not in told.stdout


def test_an_unknown_carrier_is_told_with_those_there_are(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, patient("ok"), ("prop", "")), "z")

    assert told.exit_code == 2
    assert "shop has no active carrier z; it has: a, b" in told.stderr


@pytest.mark.parametrize(
    ("crash", "seen"),
    [
        ("late", "no answer within 1 s"),
        ("bug", "ZeroDivisionError"),
        ("quits", "GeneratorExit"),
        ("dict", "AttributeError"),
    ],
)
def test_a_diagnosis_that_breaks_off_costs_the_others_nothing(
    portes: Portes, tmp_path: Path, crash: str, seen: str
) -> None:
    told = portes("doctor", store(tmp_path, ("patient", f'crashes = "{crash}"'), patient("ok")))

    assert told.exit_code == 2
    assert f"seen: {seen}" in told.stdout
    assert "✓ rung_0: It is ok." in told.stdout


def test_each_finding_is_out_before_the_next_is_looked_for(portes: Portes, tmp_path: Path) -> None:
    looking = "patient", 'findings = ["ok"]\nlooks_around = true'
    told = portes("doctor", store(tmp_path, looking, looking))

    seen = [line for line in told.stdout.splitlines() if "lines before" in line]
    assert seen == ["    seen: 3 lines before", "    seen: 8 lines before"]


def test_a_diagnosis_that_breaks_off_keeps_what_it_had_found(portes: Portes, tmp_path: Path) -> None:
    file = store(tmp_path, ("patient", 'findings = ["ok"]\ncrashes = "late"'))

    (carrier,) = json.loads(portes("doctor", file, "--json").stdout)["carriers"]

    assert [finding["check"] for finding in carrier["findings"]] == ["rung_0", "diagnosis"]


def test_a_store_that_does_not_start_is_told_as_by_every_command(portes: Portes, tmp_path: Path) -> None:
    told = portes("doctor", store(tmp_path, ("patient", "finding = []")))

    assert told.exit_code == 2
    assert "carriers.a.settings.finding: is an unknown key" in told.stderr


@pytest.mark.parametrize("word", ["cause", "a", "1", "0", "itself", "status"])
def test_a_secret_that_is_a_word_of_the_form_itself_spoils_no_diagnosis(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    file = store(tmp_path, ("patient", 'findings = ["error"]\ncrashes = "bug"'))
    plain = portes("doctor", file, "--json").stdout
    monkeypatch.setenv("WORD", word)
    auth = '{ kind = "basic", username = "shop", password = "${WORD}" }'
    file.write_text(f"{file.read_text()}[channels.netshoes]\nauth = {auth}\n")

    told = json.loads(portes("doctor", file, "--json").stdout)

    rung, broken = told["carriers"][0]["findings"]
    assert (rung["check"], rung["severity"]) == ("rung_0", "error")
    assert broken["cause"]["en"] == "The diagnosis itself broke off."
    assert json.dumps(told, indent=2, ensure_ascii=False).replace("•••", word) + "\n" == plain
