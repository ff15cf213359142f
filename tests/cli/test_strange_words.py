"""Texts of a carrier that would command a terminal, turn its lines or hide in them, in whatever `portes` prints."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from terminal import Portes, install

STRANGE = "\a\x1b[2J\x9b31m\x7f\u202e\u2066\u200f\u061c\u2028\u2029\u200b\ufeff"
"""A bell, two ways to command a terminal, four to turn a line, two to end one, and two signs that nobody sees."""
SAID = f"[bold red]said{STRANGE}[/]"
QUESTION = ("--to", "01310100", "--item", "a:1:1kg:10x10x10cm")
PARROT = f"""
from portes.carrier import Finding
from portes.contract import Note, Refusal, RefusalKind
from portes_props import Prop

SAID = {SAID!r}


class Parrot(Prop):
    def __init__(self, settings, services, tools):
        super().__init__(settings, services, tools)
        self._log = tools.log

    def _say(self, shipment, service):
        self._log.warning(SAID, said=SAID)
        if service.code == "no":
            return Refusal(service="no", kind=RefusalKind.OTHER, code=SAID, text=SAID)
        rate = super()._say(shipment, service)
        return rate.model_copy(update={{"notes": (Note(kind=SAID, text=SAID),)}})

    def diagnose(self, deadline):
        self._log.warning(SAID, said=SAID)
        yield Finding(check=SAID, severity="error", cause={{"en": SAID}}, evidence=SAID, remedy={{"en": SAID}})
"""
STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.polly]
use = "parrot"
id = 1
name = "[bold]Polly"
services = [{ code = "yes", delivery = "normal" }, { code = "no", delivery = "express" }]
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, props: None) -> Path:
    install(tmp_path, "acme-parrot", "[portes.carriers]\nparrot = acme_parrot:Parrot\n", acme_parrot=PARROT)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "shop.toml").write_text(STORE)
    return tmp_path / "shop.toml"


def printed(told: Result) -> str:
    """What a command printed; nothing in it but line ends is no sign that a terminal shows as it is."""
    for text in (told.stdout, told.stderr):
        assert text.replace("\n", "").isprintable()
    return told.stdout


def test_a_quote_and_its_story_show_strange_words_escaped(portes: Portes, shop: Path) -> None:
    shown = SAID.encode("unicode_escape").decode()

    quote = portes("quote", "--store", shop, *QUESTION, columns="10000")
    receipt = quote.stdout.split()[-1]
    story = portes("explain", receipt, "--store", shop, "--full")
    raw = portes("explain", receipt, "--store", shop, "--json")

    assert printed(quote).count(shown) == 4
    assert "[bold]Polly" in quote.stdout
    assert shown in quote.stderr
    assert printed(story).count(shown) == 6  # the note of the rate, both where the carrier said it and beside its offer
    (answer,) = json.loads(printed(raw))["answers"]
    assert answer["raw"]["refusals"][0]["text"] == SAID


def test_a_quote_as_json_shows_strange_words_escaped_and_unchanged(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *QUESTION, "--json")

    (line,) = json.loads(printed(told))["lines"]
    assert line["offers"][0]["rate"]["notes"] == [{"kind": SAID, "text": SAID}]


def test_a_diagnosis_shows_strange_words_escaped(portes: Portes, shop: Path) -> None:
    told, raw = portes("doctor", shop, columns="10000"), portes("doctor", shop, "--json")

    assert printed(told).count(SAID.encode("unicode_escape").decode()) == 4
    ((finding,),) = (carrier["findings"] for carrier in json.loads(printed(raw))["carriers"])
    assert (finding["check"], finding["evidence"]) == (SAID, SAID)


def test_problems_of_settings_show_strange_words_escaped(portes: Portes, shop: Path) -> None:
    shop.write_text(STORE.replace('"parrot"', json.dumps(SAID)) + f"[rules{json.dumps(SAID)}]".replace("rules", "x."))

    told, raw = portes("check", shop), portes("check", shop, "--json")

    assert "said" in printed(told)
    assert "said" in printed(raw)
