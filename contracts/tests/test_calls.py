"""A carrier is asked through the engine's own guard, and what it gave before that can still be seen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from gallery.case import make_case
from gallery.flat import FLAT, Flat
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox

from portes.carrier import Deadline
from portes.contract import Answer, Failure, FailureKind, Shipment
from portes.errors import UnreachableError
from portes.toolbox import HttpResponse, Token, tools_for
from portes_testing import BrokenContractError, CallResult, Case, ask, carrier_under_test, served_sandbox

Quote = Callable[[Flat, Sequence[Shipment]], Any]


def asked(quote: Quote, case: Case = FLAT) -> CallResult:
    """What a carrier comes to that quotes so."""

    class Quoting(Flat):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            answers: Sequence[Answer] = quote(self, shipments)
            return answers

    with carrier_under_test(replace(case, carrier=Quoting)) as under_test, served_sandbox(under_test) as sandbox:
        return ask(sandbox.new_carrier(), case.served.shipments)


def kinds(answers: Sequence[Answer]) -> list[FailureKind]:
    return [failure.kind for answer in answers for failure in answer.failures]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (lambda answers: iter(answers), "list_iterator"),  # noqa: PLW0108 — a type does not go through a parameter
        (lambda answers: [{"rates": len(answers)}], "list[dict]"),
        (lambda answers: answers[0], "Answer"),
        (lambda _: None, "None"),
    ],
)
def test_what_are_no_answers_for_the_engine_is_told_as_the_engine_would(
    given: Callable[[Sequence[Answer]], Any], told: str
) -> None:
    with pytest.raises(BrokenContractError) as raised:
        asked(lambda _, shipments: given([Answer(shipment_id=shipment.id) for shipment in shipments]))

    assert str(raised.value) == f"quote() returned {told}; it must return one Answer per shipment, in order"


def test_a_lost_service_is_a_failure_for_the_engine_and_is_not_there_in_what_was_given() -> None:
    result = asked(lambda _carrier, shipments: [Answer(shipment_id=shipment.id) for shipment in shipments])

    assert kinds(result.given) == []
    assert kinds(result.answers) == [FailureKind.GARBLED]


def test_an_error_of_the_whole_call_fails_every_active_service() -> None:
    def down(_carrier: Flat, _shipments: Sequence[Shipment]) -> Sequence[Answer]:
        raise UnreachableError("nobody there", retry_after=7)

    result = asked(down)

    assert isinstance(result.error, UnreachableError)
    assert [(failure.kind, failure.hint, failure.retry_after) for failure in result.answers[0].failures] == [
        (FailureKind.UNREACHABLE, "nobody there", 7)
    ]
    assert result.given == result.answers


def test_a_secret_in_an_answer_is_masked_for_the_engine_and_seen_by_the_kit() -> None:
    case = replace(make_case(), sandbox=Sandbox)
    secret = case.settings["password"]

    class Telling(Parcelpost):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            codes = [service.code for service in self.abilities.active]
            failures = tuple(Failure(service=code, kind=FailureKind.GARBLED, hint=secret) for code in codes)
            return [Answer(shipment_id=shipment.id, failures=failures) for shipment in shipments]

    case = replace(case, carrier=Telling)
    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(), case.served.shipments)

    assert {failure.hint for failure in result.given[0].failures} == {secret}
    assert secret not in str(result.answers)


@pytest.mark.parametrize(
    ("timeout", "seconds"), [((0.5, 3.0), 3.0), ((3.0, None), 3.0), ((None, None), 10.0), (3, 3.0)]
)
def test_a_timeout_as_requests_takes_it_counts_as_the_session_understands_it(timeout: Any, seconds: float) -> None:
    class Posting(Parcelpost):
        def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
            headers = {"Authorization": f"Bearer {token.value.get_secret_value()}"}
            answer = self._tools.http.post(f"{self._url}/quotes", json=question, headers=headers, timeout=timeout)
            return HttpResponse(answer.status_code, answer.headers, answer.content)

    case = replace(make_case(), sandbox=Sandbox, carrier=Posting)
    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(), case.served.shipments)

    assert kinds(result.answers) == []
    assert seconds in result.timeouts


def test_only_a_carrier_that_the_kit_made_can_be_asked() -> None:
    elsewhere = Flat(Flat.Settings(), (), tools_for(FLAT.store.facts(), "flat"))

    with pytest.raises(LookupError, match="new_carrier"):
        ask(elsewhere, FLAT.served.shipments)


def test_a_carrier_is_forgotten_with_what_made_it() -> None:
    with carrier_under_test(FLAT) as under_test:
        carrier = under_test.new_carrier()

    with pytest.raises(LookupError, match="not closed yet"):
        ask(carrier, FLAT.served.shipments)
