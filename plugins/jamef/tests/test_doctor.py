"""What `portes doctor` learns of Jamef: which rung breaks, why, and what to do, in English and Portuguese."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from portes.carrier import Deadline, Diagnosable, Finding, Severity
from portes.contract import Origin, Place
from portes.simulators.serving import serving
from portes.toolbox import Saying, TokenCache
from portes_jamef.sandbox import Sandbox
from portes_jamef.words import SAYINGS
from portes_testing import CarrierUnderTest
from portes_testing.harness.network import closed_network

Staging = Callable[..., Any]


def findings(carrier: Any) -> Sequence[Finding]:
    assert isinstance(carrier, Diagnosable)
    return list(carrier.diagnose(Deadline(20)))


def diagnosed(simulating: Staging, *moods: str, **settings: Any) -> Sequence[Finding]:
    with simulating(*moods, **settings) as (_, sandbox):
        return findings(sandbox.new_carrier())


def said(finding: Finding, saying: str) -> bool:
    """Whether a finding is this saying, whatever stands in its gaps."""
    parts = re.split(r"\{\w+\}", SAYINGS[saying].cause["en"])
    return re.fullmatch(".*".join(map(re.escape, parts)), finding.cause["en"]) is not None


def climb(found: Sequence[Finding]) -> list[Finding]:
    """What was found, without the sentence for the account manager."""
    return [finding for finding in found if finding.check != "account_manager"]


def rungs(found: Sequence[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.check, finding.severity) for finding in found if finding.check in {"login", "quote"}]


def test_a_sound_carrier_climbs_to_a_price_for_each_service(simulating: Staging) -> None:
    found = diagnosed(simulating)

    assert rungs(found) == [("login", Severity.OK), ("quote", Severity.OK), ("quote", Severity.OK)]
    assert {finding.check for finding in found} == {"settings", "login", "quote"}
    assert [finding.evidence for finding in found[-2:]] == ["56.36 BRL, 2026-11-30", "104.42 BRL, 2026-11-25"]


@pytest.mark.parametrize(
    ("mood", "check", "severity", "saying"),
    [
        ("wrong_password", "login", Severity.ERROR, "password_is_wrong"),
        ("approval_pending", "login", Severity.ERROR, "approval_is_pending"),
        ("down", "login", Severity.ERROR, "host_is_unreachable"),
        ("html", "login", Severity.ERROR, "login_is_garbled"),
        ("ill", "quote", Severity.ERROR, "host_is_unreachable"),
        ("dateless", "quote", Severity.ERROR, "answer_is_garbled"),
        ("branch_unknown", "quote", Severity.ERROR, "branch_is_unknown"),
        ("branch_404", "quote", Severity.ERROR, "branch_is_unknown"),
        ("payer_unknown", "quote", Severity.ERROR, "payer_is_no_customer"),
        ("payer_404", "quote", Severity.ERROR, "payer_is_no_customer"),
        ("payer_unpriced", "quote", Severity.ERROR, "payer_is_no_customer"),
        ("origin_unknown", "quote", Severity.ERROR, "origin_is_refused"),
        ("request_refused", "quote", Severity.ERROR, "question_is_refused"),
        ("calculation_failed", "quote", Severity.ERROR, "question_is_refused"),
        ("throttled", "quote", Severity.WARNING, "calls_are_throttled"),
        ("no_lanes", "quote", Severity.WARNING, "lane_is_not_served"),
        ("token_expired_early", "quote", Severity.WARNING, "calls_are_throttled"),
    ],
)
def test_each_trouble_is_found_on_its_rung_with_its_remedy(
    simulating: Staging, mood: str, check: str, severity: Severity, saying: str
) -> None:
    last = climb(diagnosed(simulating, mood))[-1]

    assert (last.check, last.severity) == (check, severity)
    assert said(last, saying), last.cause
    assert last.remedy == SAYINGS[saying].remedy


def test_an_error_ends_the_climb_from_an_origin_and_a_warning_does_not(simulating: Staging) -> None:
    assert rungs(diagnosed(simulating, "payer_unknown")) == [("login", Severity.OK), ("quote", Severity.ERROR)]
    assert rungs(diagnosed(simulating, "no_lanes")) == [("login", Severity.OK), *[("quote", Severity.WARNING)] * 2]


def origin(number: int, cep: str) -> Origin:
    return Origin(id=number, place=Place(country="BR", postal_code=cep), calendar="BR-SP")


FAR = origin(2, "69930000")
"""Where the simulator collects nothing."""


def test_every_origin_is_asked_from_with_its_branch_and_named(simulating: Staging) -> None:
    """The second is wrong; the third is asked all the same."""
    origins = (1, FAR, origin(3, "31030370"))
    found = diagnosed(simulating, origins=origins, branches={"2": "27", "3": "02"}, trial_origin="88010000")
    quotes = [(finding.severity, finding.cause["en"]) for finding in found if finding.check == "quote"]

    assert [severity for severity, _ in quotes] == [*[Severity.OK] * 2, Severity.ERROR, *[Severity.OK] * 2]
    assert "from origin 1 (01001000), branch 07" in quotes[0][1]
    assert "from origin 2 (69930000), branch 27: Jamef does not take the CEP of the origin" in quotes[2][1]
    assert "from origin 3 (31030370), branch 02" in quotes[4][1]


def test_a_branch_that_is_refused_is_named_whichever_origin_it_is_for(simulating: Staging) -> None:
    found = diagnosed(simulating, origins=(1, 2), branches={"2": "99"}, services=[{"code": "1", "delivery": "normal"}])

    assert [finding.severity for finding in found if finding.check == "quote"] == [Severity.OK, Severity.ERROR]
    assert "origin 2 (01001000), branch 99: Jamef does not take the branch code" in climb(found)[-1].cause["en"]


def test_origins_that_ask_alike_are_asked_from_once(simulating: Staging) -> None:
    found = diagnosed(
        simulating, origins=(1, 2, 3), branches={"3": "27"}, services=[{"code": "1", "delivery": "normal"}]
    )

    causes = [finding.cause["pt"] for finding in found if finding.check == "quote"]
    assert ["origem 1, 2 (01001000), filial 07" in causes[0], "origem 3 (01001000), filial 27" in causes[1]] == [
        True
    ] * 2
    assert len(causes) == 2


def test_a_store_that_tells_no_origins_is_asked_for_by_the_trial_lane_and_every_branch(
    simulating: Staging,
) -> None:
    road = [{"code": "1", "delivery": "normal"}]
    found = diagnosed(simulating, origins=(), branches={"2": "27"}, services=road, trial_origin="88010000")

    causes = [finding.cause["en"] for finding in found if finding.check == "quote"]
    assert ["trial_origin (88010000), branch 07" in causes[0], "branch 27" in causes[1]] == [True, True]


def test_each_finding_is_told_before_the_next_question_is_asked(simulating: Staging) -> None:
    with simulating() as (_, sandbox):
        told = iter(sandbox.new_carrier().diagnose(Deadline(20)))
        asked = [(finding.check, len(sandbox.calls)) for finding in told]

    assert asked == [("settings", 0), ("login", 1), ("quote", 2), ("quote", 3)]


@pytest.mark.parametrize("mood", ["branch_unknown", "payer_unpriced", "origin_unknown", "wrong_password"])
def test_the_doctor_ends_with_the_sentence_for_the_account_manager(simulating: Staging, mood: str) -> None:
    last = diagnosed(simulating, mood)[-1]

    assert last.check == "account_manager"
    for language in ("en", "pt"):
        for told in ("11222333000181", "07", "01001000", "127.0.0.1", "integracao@example.com", "idCorrelacao"):
            assert told in last.remedy[language]


@pytest.mark.parametrize("mood", ["created", "down", "throttled", "no_lanes"])
def test_what_is_not_in_jamefs_hands_needs_no_sentence(simulating: Staging, mood: str) -> None:
    assert [finding.check for finding in diagnosed(simulating, mood)].count("account_manager") == 0


def test_a_login_that_was_used_up_is_told_with_the_seconds_to_wait(simulating: Staging) -> None:
    with simulating("wrong_password") as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        findings(carrier)
        under_test.clock.advance(timedelta(seconds=21))
        last = findings(carrier)[-1]

    assert (last.check, last.severity) == ("login", Severity.WARNING)
    assert said(last, "login_must_wait_after_a_refusal")
    assert "refused this password since 2026-11-23 10:00" in last.cause["en"]
    assert "the next in 40 s" in last.cause["en"]


def test_a_login_that_another_program_used_up_is_told_from_a_refusal(simulating: Staging) -> None:
    with simulating() as (_, sandbox):
        sandbox.tap.forced_reply = (429, b'{"error":"Quota has been exceeded"}')
        last = findings(sandbox.new_carrier())[-1]

    assert said(last, "login_must_wait")
    assert "free again in 60 s" in last.cause["en"]


@pytest.mark.parametrize(
    ("later", "saying", "told"),
    [
        ({}, "password_worked_before", "with this very password until 2026-11-23 10:00"),
        ({"password": "canary-password-4712"}, "former_password_worked", "was accepted until 2026-11-23 10:00"),
    ],
)
def test_a_password_that_worked_is_told_from_one_that_never_did(
    simulating: Staging, later: dict[str, str], saying: str, told: str
) -> None:
    """As the shop's clock shows it; the kit's stores share what is remembered of a password through one token cache."""
    with simulating() as (under_test, sandbox):
        under_test.tool_overrides = {"tokens": TokenCache(None, under_test.clock)}
        findings(sandbox.new_carrier())
        sandbox.change_moods(["wrong_password"])
        under_test.clock.advance(timedelta(hours=26))
        last = climb(findings(sandbox.new_carrier(settings=later)))[-1]

    assert (last.check, last.severity) == ("login", Severity.ERROR)
    assert said(last, saying)
    assert told in last.cause["en"]
    assert last.cause["pt"] != last.cause["en"]


@pytest.mark.parametrize(
    ("moods_there", "saying"), [([], "password_is_the_portals"), (["wrong_password"], "password_is_wrong")]
)
def test_the_portals_password_in_production_is_told_from_a_wrong_one(
    without_sandbox: CarrierUnderTest, moods_there: list[str], saying: str
) -> None:
    """Homologation is asked whether it accepts the password."""
    refusing, other = Sandbox(["wrong_password"]), Sandbox(moods_there)
    with serving(refusing) as here, serving(other) as there, closed_network(here, there):
        found = findings(without_sandbox.new_carrier({"base_url": at(here), "qa_url": at(there)}))

    assert said(climb(found)[-1], saying)


def test_a_password_is_shown_to_no_host_but_jamefs_own(without_sandbox: CarrierUnderTest) -> None:
    """Homologation's address is another owner's than the one that refused, so it is left alone."""
    with serving(Sandbox(["wrong_password"])) as here, closed_network(here):
        last = climb(findings(without_sandbox.new_carrier({"base_url": at(here)})))[-1]

    assert said(last, "password_is_wrong")


def at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def test_homologation_says_so_and_its_own_password_is_looked_at(simulating: Staging) -> None:
    found = diagnosed(simulating, "wrong_password", environment="qa")

    assert any(said(finding, "homologation_is_asked") for finding in found)
    assert said(found[-1], "qa_password_is_wrong")


def test_what_is_odd_about_the_settings_is_a_warning_before_anything_is_asked(simulating: Staging) -> None:
    found = diagnosed(simulating, qa_password="canary-password-4711", branch="01", branches={"1": "35"})
    warned = [finding for finding in climb(found) if finding.severity is Severity.WARNING]

    assert [finding.check for finding in warned] == ["settings", "settings", "branch", "branch"]
    assert said(warned[0], "state_is_not_kept")
    assert said(warned[1], "passwords_are_equal")
    assert ["01" in warned[2].cause["en"], "35" in warned[3].cause["en"]] == [True, True]


def test_refusals_are_told_by_the_names_of_jamefs_fields_in_them(simulating: Staging) -> None:
    texts = {
        "required key [filialOrigem] not found": "branch_is_unknown",
        "documentoDevedor": "payer_is_no_customer",
        "Cliente sem tabela de frete": "payer_is_no_customer",
        "CEP de destino não atendido": "lane_is_not_served",
        "Erro": "question_is_refused",
    }
    for text, saying in texts.items():
        with simulating() as (_, sandbox):
            carrier = sandbox.new_carrier()
            findings(carrier)
            sandbox.tap.forced_reply = (400, f'{{"situacao": 400, "mensagem": "{text}"}}'.encode())
            last = climb(findings(carrier))[-1]

        assert said(last, saying), text


@pytest.mark.parametrize("saying", SAYINGS.values(), ids=SAYINGS)
def test_each_saying_has_both_languages_and_the_same_gaps_in_them(saying: Saying) -> None:
    def gaps(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    for texts in filter(None, (saying.cause, saying.remedy)):
        assert set(texts) == {"en", "pt"}
        assert all(texts.values())
        assert gaps(texts["en"]) == gaps(texts["pt"])
