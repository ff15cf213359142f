"""The diagnosis climbs from the host to a quote, and stops where it breaks, saying what to do in two languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from portes.carrier import Deadline, Finding, Severity
from portes_testing import carrier_under_test, served_sandbox

Diagnosing = Callable[..., Sequence[Finding]]

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
SEDEX = {"code": "03220", "delivery": "express", "declare_value": True, "receipt": True}
PAC = {"code": "03298", "delivery": "normal", "posting_card": "0012345672"}


@pytest.fixture
def diagnosing(case_of: Callable[..., Any]) -> Diagnosing:
    def diagnose(
        services: Sequence[Mapping[str, Any]] = (SEDEX, PAC), moods: Sequence[str] = (), **settings: Any
    ) -> Sequence[Finding]:
        with (
            carrier_under_test(case_of(services, settings)) as under_test,
            served_sandbox(under_test, moods) as sandbox,
        ):
            carrier: Any = sandbox.new_carrier()
            found: Sequence[Finding] = carrier.diagnose(Deadline(20.0))
            return found

    return diagnose


def climbed(found: Sequence[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.check, finding.severity) for finding in found]


def test_a_healthy_account_is_climbed_to_the_top(diagnosing: Diagnosing) -> None:
    found = diagnosing()

    assert climbed(found) == [
        ("host", OK),
        ("login", OK),
        ("posting_card", OK),
        ("posting_card", OK),
        ("apis", OK),
        ("apis", OK),
        ("service", OK),
        ("service", OK),
    ]
    assert found[2].cause["en"] == "The posting card that ends in 5678 exists and belongs to contract 9912345678."
    assert found[-2].evidence.endswith("BRL, 3 d")


@pytest.mark.parametrize(
    ("mood", "broken"),
    [
        ("down", [("host", ERROR)]),
        ("html", [("host", ERROR)]),
        ("wrong_password", [("host", OK), ("login", ERROR)]),
        ("card_unknown", [("host", OK), ("login", OK), ("posting_card", ERROR), ("posting_card", ERROR)]),
        (
            "api_not_enabled",
            [
                *(("host", OK), ("login", OK), ("posting_card", OK), ("posting_card", OK)),
                *(("apis", WARNING), ("apis", WARNING), ("service", ERROR), ("service", ERROR)),
            ],
        ),
    ],
)
def test_the_climb_ends_at_the_rung_that_breaks(
    diagnosing: Diagnosing, mood: str, broken: list[tuple[str, Severity]]
) -> None:
    assert climbed(diagnosing(moods=[mood])) == broken


def test_a_throttled_service_is_told_as_an_error_that_says_why(diagnosing: Diagnosing) -> None:
    found = diagnosing(moods=["throttled"])

    assert climbed(found)[-1] == ("service", ERROR)
    assert found[-1].evidence == "throttled: Correios allows no more calls now"


def test_a_service_that_does_not_go_there_only_warns(diagnosing: Diagnosing) -> None:
    found = diagnosing(moods=["partial"])

    assert climbed(found)[-2:] == [("service", WARNING), ("service", OK)]
    assert "PRZ-008" in found[-2].evidence


def test_an_api_that_is_not_listed_only_warns_and_names_the_services_to_ask_for(diagnosing: Diagnosing) -> None:
    warning = next(finding for finding in diagnosing(moods=["api_not_enabled"]) if finding.check == "apis")

    assert warning.cause["en"].endswith("API 34 & 35.")
    assert "38202" in warning.remedy["pt"]
    assert "38210" in warning.remedy["pt"]


def test_a_card_of_another_contract_is_told(diagnosing: Diagnosing) -> None:
    found = diagnosing(services=[SEDEX], contract_number="9911111111")

    assert climbed(found)[-1] == ("posting_card", ERROR)
    assert "9912345678, not to 9911111111" in found[-1].cause["en"]


def test_a_wrong_login_is_told_with_everything_it_may_be(diagnosing: Diagnosing) -> None:
    refused = diagnosing(moods=["wrong_password"])[-1]

    for reason in ("access code", "two hours", "180 days", "not the site's password"):
        assert reason in refused.remedy["en"]
    for reason in ("código de acesso", "duas horas", "180 dias", "não a senha do site"):
        assert reason in refused.remedy["pt"]


@pytest.mark.parametrize("mood", ["", "down", "html", "wrong_password", "card_unknown", "api_not_enabled", "partial"])
def test_every_finding_is_told_in_english_and_portuguese(diagnosing: Diagnosing, mood: str) -> None:
    for finding in diagnosing(moods=[mood] if mood else []):
        assert set(finding.cause) == {"en", "pt"}
        assert set(finding.remedy) == (set() if finding.severity is OK else {"en", "pt"})


def test_a_diagnosis_that_runs_out_of_time_says_that_the_host_cannot_be_reached(
    case_of: Callable[..., Any],
) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test, served_sandbox(under_test, ["slow"]) as sandbox:
        carrier: Any = sandbox.new_carrier()
        found = carrier.diagnose(Deadline(0.2))

    assert climbed(found) == [("host", ERROR)]
