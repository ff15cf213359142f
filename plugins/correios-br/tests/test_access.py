"""Tokens: how many are fetched, when they are renewed, and what is told when there is none."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from correios_stubs import PAC, PRICES, SEDEX, TIMES, TOKEN, Quoting
from stage import wait_until

from portes.carrier import Deadline
from portes.contract import FailureKind
from portes.errors import CarrierError
from portes.toolbox import Redactor
from portes_correios_br.sandbox import Sandbox
from portes_testing import RATE, Case, ask, carrier_under_test, served_sandbox
from portes_testing.harness.calls import kind_of


def test_an_expired_token_costs_one_new_token_and_one_retry(quoting: Quoting) -> None:
    told = quoting(moods=["token_expired_early"])
    paths = [call.path for call in told.calls]

    assert len(told.answers[0].rates) == 1
    assert (paths.count(TOKEN), paths.count(PRICES), paths.count(TIMES)) == (2, 2, 2)


class Deaf(Sandbox):
    """Gives tokens and accepts none, quoting what it was told."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == TOKEN:
            return super().__call__(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        told = f"GTW-008: {environ['HTTP_AUTHORIZATION']} of canary-access-code-4711"
        return [json.dumps({"msgs": [told]}).encode()]


def test_a_token_that_is_never_accepted_is_asked_for_twice_and_no_more(quoting: Quoting) -> None:
    told = quoting(sandbox=Deaf)
    paths = [call.path for call in told.calls]

    assert [failure.kind for failure in told.answers[0].failures] == [FailureKind.REJECTED_CREDENTIALS]
    assert (paths.count(TOKEN), paths.count(PRICES), paths.count(TIMES)) == (2, 2, 2)


def test_an_error_text_that_quotes_our_secrets_is_told_without_them(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {}, Deaf)
    with (
        carrier_under_test(case, tool_overrides={"redactor": Redactor(["canary-access-code-4711"])}) as under_test,
        served_sandbox(under_test) as sandbox,
    ):
        said = ask(sandbox.new_carrier(), case.served.shipments)

    hint = "Correios accepts no token of this posting card (Correios answers 403 GTW-008: Bearer ••• of •••)"
    assert [failure.hint for failure in said.answers[0].failures] == [hint]


def test_an_api_that_is_not_enabled_is_rejected_without_a_retry(quoting: Quoting) -> None:
    told = quoting(moods=["api_not_enabled"])

    assert told.answers[0].failures[0].hint == ("services 38202 (prices) and 38210 (deadlines) are not on the contract")
    assert [call.path for call in told.calls].count(TOKEN) == 1


def test_one_card_that_gets_no_token_fails_its_own_services_only(quoting: Quoting) -> None:
    (answer,) = quoting(services=[SEDEX, {**PAC, "posting_card": "0012345672"}], moods=["pac_card_unknown"]).answers

    assert [rate.service for rate in answer.rates] == ["03220"]
    assert [(failure.service, failure.kind) for failure in answer.failures] == [
        ("03298", FailureKind.REJECTED_CREDENTIALS)
    ]


def test_no_more_than_three_tokens_are_fetched_in_a_second(case_of: Callable[..., Case]) -> None:
    services = [
        {"code": code, "delivery": "normal", "posting_card": f"001234560{number}"}
        for number, code in enumerate(("03220", "03298", "04227", "04669"), start=3)
    ]
    case = case_of(services, {})
    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        said = ask(sandbox.new_carrier(), case.served.shipments, 0.5)

    assert [call.path for call in under_test.sent].count(TOKEN) == 3
    assert sorted(map(kind_of, said.outcomes())) == [RATE, RATE, RATE, FailureKind.THROTTLED]


def test_a_token_is_renewed_in_the_last_half_hour_of_its_day_and_not_before(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {})

    def fetched() -> int:
        return [call.path for call in under_test.sent].count(TOKEN)

    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        ask(carrier, case.served.shipments)
        under_test.clock.advance(timedelta(hours=23, minutes=29))
        ask(carrier, case.served.shipments)
        before = fetched()
        under_test.clock.advance(timedelta(minutes=2))
        ask(carrier, case.served.shipments)
        wait_until(lambda: fetched() == 2)

    assert before == 1


def test_warming_fetches_the_token_of_every_card(case_of: Callable[..., Case]) -> None:
    with (
        carrier_under_test(case_of([SEDEX, {**PAC, "posting_card": "0012345602"}], {})) as under_test,
        served_sandbox(under_test) as sandbox,
    ):
        carrier: Any = sandbox.new_carrier()
        carrier.warm(Deadline(10.0))

    assert sorted(call.json["numero"] for call in under_test.sent) == ["0012345602", "0012345678"]


def test_warming_says_what_is_wrong(case_of: Callable[..., Case]) -> None:
    with (
        carrier_under_test(case_of([SEDEX], {})) as under_test,
        served_sandbox(under_test, ["card_unknown"]) as sandbox,
    ):
        carrier: Any = sandbox.new_carrier()
        with pytest.raises(CarrierError) as caught:
            carrier.warm(Deadline(10.0))

    assert "posting card that ends in 5678" in caught.value.hint
