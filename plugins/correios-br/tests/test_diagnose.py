"""The diagnosis climbs from the host to quotes from every origin, says each rung at once, and stops where it breaks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from correios_stubs import MINI, TOKEN

from portes.carrier import Deadline, Finding, Severity
from portes.contract import Origin, Place
from portes_testing import carrier_under_test, served_sandbox

Diagnosing = Callable[..., Sequence[Finding]]

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
SEDEX = {"code": "03220", "delivery": "express", "declare_value": True, "receipt": True}
PAC = {"code": "03298", "delivery": "normal", "posting_card": "0012345672"}
LANGUAGES = {"en", "pt", "es"}


def origin(number: int, postal_code: str, country: str = "BR") -> Origin:
    return Origin(id=number, place=Place(country=country, postal_code=postal_code), calendar="BR-SP")


@pytest.fixture
def diagnosing(case_of: Callable[..., Any]) -> Diagnosing:
    def diagnose(
        services: Sequence[Mapping[str, Any]] = (SEDEX, PAC),
        moods: Sequence[str] = (),
        origins: Sequence[Origin] = (),
        **settings: Any,
    ) -> Sequence[Finding]:
        with (
            carrier_under_test(case_of(services, settings)) as under_test,
            served_sandbox(under_test, moods) as sandbox,
        ):
            carrier: Any = sandbox.new_carrier(origins=origins)
            return list(carrier.diagnose(Deadline(20.0)))

    return diagnose


def climbed(found: Sequence[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.check, finding.severity) for finding in found]


def test_a_healthy_account_is_climbed_to_the_top(diagnosing: Diagnosing) -> None:
    found = diagnosing(contract_number="9912345679")

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
    assert found[2].cause["en"] == "The posting card that ends in 5678 exists and belongs to contract 9912345679."
    assert found[-2].cause["en"] == "03220 is quoted from origin 1 (01001000)."
    assert found[-2].evidence.endswith("BRL, 1 d")


@pytest.mark.parametrize(
    ("mood", "broken"),
    [
        ("down", [("host", ERROR)]),
        ("html", [("host", ERROR)]),
        ("wrong_password", [("host", OK), ("login", ERROR), ("memory", WARNING)]),
        (
            "card_unknown",
            [
                *(("host", OK), ("login", OK), ("posting_card", ERROR), ("posting_card", ERROR)),
                *(("account_manager", WARNING), ("account_manager", WARNING)),
            ],
        ),
        (
            "pac_card_unknown",
            [
                *(("host", OK), ("login", OK), ("posting_card", OK), ("posting_card", ERROR)),
                *(("apis", OK), ("service", OK), ("account_manager", WARNING)),
            ],
        ),
        (
            "api_not_enabled",
            [
                *(("host", OK), ("login", OK), ("posting_card", OK), ("posting_card", OK)),
                *(("apis", WARNING), ("apis", WARNING), ("service", ERROR), ("service", ERROR)),
                *(("account_manager", WARNING), ("account_manager", WARNING)),
            ],
        ),
    ],
)
def test_the_climb_ends_at_the_rung_on_which_nothing_holds(
    diagnosing: Diagnosing, mood: str, broken: list[tuple[str, Severity]]
) -> None:
    assert climbed(diagnosing(moods=[mood])) == broken


def test_each_finding_is_told_before_the_next_is_looked_for(case_of: Callable[..., Any]) -> None:
    with carrier_under_test(case_of([SEDEX, PAC], {})) as under_test, served_sandbox(under_test) as sandbox:
        carrier: Any = sandbox.new_carrier(origins=[origin(2, "20040002")])
        calls = [len(under_test.sent) for _finding in carrier.diagnose(Deadline(20.0))]

    assert calls == [1, 1, 2, 3, 3, 3, *[7] * 2, *[11] * 2]


def test_every_service_is_asked_from_every_origin_in_brazil(diagnosing: Diagnosing) -> None:
    found = diagnosing(services=[SEDEX, MINI], origins=[origin(7, "20040002"), origin(8, "1100148", "PT")])

    assert [each.cause["en"] for each in found if each.check == "service"] == [
        "03220 is quoted from origin 1 (01001000).",
        "04227 is quoted from origin 1 (01001000).",
        "03220 is quoted from origin 7 (20040002).",
        "04227 is quoted from origin 7 (20040002).",
    ]


def test_what_quotes_would_leave_out_is_asked_from_every_origin(diagnosing: Diagnosing) -> None:
    origins = [origin(7, "20040002"), origin(8, "30140071")]

    seen = [each.evidence for each in diagnosing(moods=["sunk_by_pac"], origins=origins) if each.severity is ERROR]

    assert seen == ["rejected_request: Correios answers 400 PRC-101: Parâmetro inválido."] * 3


def test_a_card_that_is_refused_is_not_tried_again_from_each_origin(case_of: Callable[..., Any]) -> None:
    case = case_of([SEDEX, PAC], {})
    with carrier_under_test(case) as under_test, served_sandbox(under_test, ["pac_card_unknown"]) as sandbox:
        carrier: Any = sandbox.new_carrier(origins=[origin(7, "20040002")])
        list(carrier.diagnose(Deadline(20.0)))

    assert sum(call.path == TOKEN for call in under_test.sent) == 2


def test_a_store_without_an_origin_in_brazil_is_asked_on_the_manuals_lane(diagnosing: Diagnosing) -> None:
    assert "(70002900)" in diagnosing(origins=[origin(1, "1100148", "PT")])[-1].cause["en"]


def test_an_origin_that_does_not_exist_is_named_once_and_the_others_are_asked(diagnosing: Diagnosing) -> None:
    found = diagnosing(origins=[origin(3, "00001000"), origin(7, "20040002")])
    told = [each for each in found if each.check in {"origin", "service"}]

    assert climbed(told) == [*[("service", OK)] * 2, ("origin", ERROR), *[("service", OK)] * 2]
    assert told[2].cause["en"].startswith("Correios knows no CEP 00001000, the one of origin 3:")
    assert "UF ORIGEM" in told[2].evidence


def test_a_product_that_is_not_on_the_card_ends_with_the_sentence_for_the_account_manager(
    diagnosing: Diagnosing,
) -> None:
    found = diagnosing(moods=["pac_not_on_card"])

    assert climbed(found)[-3:] == [("service", OK), ("service", ERROR), ("account_manager", WARNING)]
    assert "not on the posting card that ends in 5672" in found[-2].cause["en"]
    sentence = "“Please put 03298 on posting card 0012345672 of our contract 9912345679.”"
    assert found[-1].remedy["en"] == f"Send your account manager this: {sentence}"


def test_closed_apis_end_with_the_sentence_for_the_account_manager(diagnosing: Diagnosing) -> None:
    found = diagnosing(services=[SEDEX], moods=["api_not_enabled"])[-1]

    assert found.check == "account_manager"
    for language in LANGUAGES:
        for word in ("38202", "38210", "9912345679", "34 & 35", "0012345678"):
            assert word in found.remedy[language]
    assert "gerente de contas" in found.remedy["pt"]


def test_an_unknown_card_ends_with_the_sentence_for_the_account_manager(diagnosing: Diagnosing) -> None:
    found = diagnosing(moods=["pac_card_unknown"], contract_number="9912345679")[-1]

    assert "Is posting card 0012345672 of our contract 9912345679 active" in found.remedy["en"]


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
    assert "9912345679, not to 9911111111" in found[-1].cause["en"]


@pytest.mark.parametrize(
    "mood",
    [
        *("", "down", "html", "wrong_password", "card_unknown", "api_not_enabled", "partial"),
        *("origin_unknown", "pac_not_on_card", "bad_request", "code_too_new"),
    ],
)
def test_every_finding_is_told_in_three_languages(diagnosing: Diagnosing, mood: str) -> None:
    for finding in diagnosing(moods=[mood] if mood else []):
        assert set(finding.cause) == LANGUAGES
        assert set(finding.remedy) == (set() if finding.severity is OK else LANGUAGES)


def test_a_diagnosis_that_runs_out_of_time_says_that_the_host_cannot_be_reached(
    case_of: Callable[..., Any],
) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test, served_sandbox(under_test, ["slow"]) as sandbox:
        carrier: Any = sandbox.new_carrier()
        found = list(carrier.diagnose(Deadline(0.2)))

    assert climbed(found) == [("host", ERROR)]
