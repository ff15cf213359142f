"""An access code over its life: new, changed, ended; what the doctor remembers of it, and what serves meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from correios_stubs import SEDEX, TOKEN, Quoting
from stage import wait_until
from structlog.testing import capture_logs

from portes.carrier import Deadline, Finding, Severity
from portes.contract import FailureKind, Shipment
from portes.toolbox.tokens.cache import TokenCache
from portes_testing import CarrierUnderTest, ServedSandbox, carrier_under_test, served_sandbox

FORMER, NEW = "canary-access-code-4711", "canary-access-code-4712"
SERVES_ON = "a token was not renewed and serves on"
OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR


@dataclass
class Life:
    """A store whose access code and simulator change while its memory stays. It opens at ten in the morning."""

    under_test: CarrierUnderTest
    sandbox: ServedSandbox
    carrier: Any = None

    def use(self, code: str, **settings: Any) -> None:
        self.carrier = self.sandbox.new_carrier(settings={"access_code": code, **settings})

    def doctor(self, check: str = "login") -> Finding:
        found: list[Finding] = list(self.carrier.diagnose(Deadline(20.0)))
        return next(each for each in found if each.check == check)

    def outcome(self, shipment: Shipment) -> object:
        (answer,) = self.carrier.quote([shipment], Deadline(20.0))
        (part,) = answer.outcomes
        return getattr(part, "kind", "rate")

    def wait(self, **time: float) -> None:
        self.under_test.clock.advance(timedelta(**time))

    def tokens(self) -> int:
        return [call.path for call in self.under_test.sent].count(TOKEN)


@pytest.fixture
def living(case_of: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def live(*moods: str) -> Iterator[Life]:
        with carrier_under_test(case_of([SEDEX], {})) as under_test, served_sandbox(under_test, moods) as sandbox:
            under_test.tool_overrides = {"tokens": TokenCache(None, under_test.clock)}  # one for all its carriers
            life = Life(under_test, sandbox)
            life.use(FORMER)
            yield life

    return live


def test_a_code_that_was_accepted_and_is_refused_has_ended_or_was_regenerated(living: Quoting, to: Quoting) -> None:
    with living() as life:
        assert life.outcome(to("70002900")) == "rate"
        life.wait(days=2)
        life.sandbox.change_moods(["wrong_password"])
        assert life.outcome(to("70002900")) == FailureKind.REJECTED_CREDENTIALS
        life.wait(days=1)
        said = life.doctor()

    assert said.severity is ERROR
    assert said.cause["en"] == (
        "This access code was accepted until 2026-11-23 10:00 and is refused since 2026-11-25 10:00:"
        " it expired or was regenerated."
    )
    assert "180 days" in said.remedy["en"]


def test_a_code_that_was_first_tried_25_minutes_ago_is_to_be_waited_for(living: Quoting, to: Quoting) -> None:
    with living("code_too_new") as life:
        life.outcome(to("70002900"))
        life.wait(minutes=25)
        said = life.doctor()
        life.wait(hours=2)
        later = life.doctor()

    assert said.cause["en"].endswith("this code was first tried at 10:00, 25 minutes ago.")
    for reason in ("wait until 12:00", "access code", "two hours", "180 days", "not the site's password"):
        assert reason in said.remedy["en"]
    for reason in ("aguarde até 12:00", "código de acesso", "duas horas", "180 dias", "não a senha do site"):
        assert reason in said.remedy["pt"]
    assert (said.severity, later.severity) == (ERROR, OK)


def test_a_code_that_never_worked_in_two_hours_is_not_worth_waiting_for(living: Quoting, to: Quoting) -> None:
    with living("wrong_password") as life:
        life.outcome(to("70002900"))
        life.wait(hours=2)
        said = life.doctor()

    assert said.cause["en"] == (
        "Login or access code is not accepted and never was, since it was first tried at 10:00."
    )
    assert "waiting does not help" in said.remedy["en"]


def test_the_former_codes_token_serves_until_the_new_code_is_accepted(living: Quoting, to: Quoting) -> None:
    with living("code_too_new") as life:
        life.outcome(to("70002900"))
        life.wait(hours=2)
        assert life.outcome(to("70002900")) == "rate"
        life.wait(minutes=30)
        life.use(NEW)
        with capture_logs() as logged:
            assert life.outcome(to("70002900")) == "rate"
            wait_until(lambda: [each["event"] for each in logged] == [SERVES_ON])  # tried behind the quote's back
        life.wait(minutes=25)
        with capture_logs() as logged:
            found = list(life.carrier.diagnose(Deadline(20.0)))
            wait_until(lambda: SERVES_ON in [each["event"] for each in logged])  # it rests from that moment
        before = life.tokens()
        life.wait(hours=2)
        wait_until(lambda: life.outcome(to("70002900")) == "rate" and life.tokens() > before)
        wait_until(lambda: life.doctor().severity is OK)

    assert [(each.check, each.severity) for each in found] == [
        *(("host", OK), ("login", WARNING), ("posting_card", OK), ("apis", OK), ("service", OK)),
    ]
    assert found[1].cause["en"] == (
        "The access code is not accepted yet, first tried at 12:30 (25 minutes ago);"
        " prices are asked with the token of the former code until 2026-11-24 12:00."
    )
    assert "wait until 14:30" in found[1].remedy["en"]


@pytest.mark.parametrize(
    "change", [{"posting_card": "0012345671"}, {"contract_number": "9911111111"}, {"user": "other"}]
)
def test_a_token_serves_no_other_login_card_or_contract(living: Quoting, to: Quoting, change: dict[str, Any]) -> None:
    with living("code_too_new") as life:
        life.outcome(to("70002900"))
        life.wait(hours=2)
        assert life.outcome(to("70002900")) == "rate"
        life.use(NEW, **change)

        assert life.outcome(to("70002900")) == FailureKind.REJECTED_CREDENTIALS


@pytest.mark.parametrize(
    ("made", "severity", "words"),
    [
        (date(2026, 6, 11), None, ""),  # 15 days are left
        (date(2026, 6, 10), WARNING, "ends on 2026-12-07; days left: 14"),
        (date(2026, 5, 28), WARNING, "ends on 2026-11-24; days left: 1"),
        (date(2026, 5, 27), WARNING, "has reached the end of its 180 days on 2026-11-23"),
        (date(2026, 11, 24), WARNING, "that day has not come yet"),
        (date(2026, 11, 23), None, ""),
    ],
)
def test_the_doctor_warns_before_a_code_ends(
    living: Quoting, made: date, severity: Severity | None, words: str
) -> None:
    with living() as life:
        life.use(FORMER, code_made_on=made)
        found = list(life.carrier.diagnose(Deadline(20.0)))

    told = [each for each in found if each.check == "code_age"]
    assert [each.severity for each in told] == ([severity] if severity else [])
    assert all(words in each.cause["en"] for each in told)
    assert found[-1].check == "service"
