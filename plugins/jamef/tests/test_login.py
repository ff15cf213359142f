"""One login a minute from one address: for all threads, processes, stores and restarts, whatever Jamef rejects."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from stage import wait_until

from portes.contract import Answer, FailureKind, Shipment
from portes.simulators.serving import serving
from portes.toolbox.tokens.cache import TokenCache
from portes_jamef.sandbox import Sandbox
from portes_testing import ask

Staging = Callable[..., Any]
To = Callable[..., Shipment]

MINUTE = timedelta(seconds=61)
WORKER = Path(__file__).parent / "worker.py"


@dataclass
class Counting:
    """The simulator, its logins counted."""

    sandbox: Sandbox
    logins: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.logins += environ["PATH_INFO"].endswith("/login")
        return self.sandbox(environ, start_response)


def processes(*users: str, port: int, state: Path) -> list[Answer]:
    """What processes of a service, one for each user, are answered when they ask at the same moment."""
    started = [
        subprocess.Popen(
            [sys.executable, WORKER, f"http://127.0.0.1:{port}", state, user],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for user in users
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[0] for process in started]
    return [Answer.model_validate_json(text.splitlines()[-1]) for text in told]


def test_two_workers_started_cold_at_once_make_one_login(tmp_path: Path) -> None:
    counting = Counting(Sandbox())
    with serving(counting) as port:
        answers = processes("a@example.com", "a@example.com", port=port, state=tmp_path)

    assert [len(answer.rates) for answer in answers] == [2, 2]
    assert counting.logins == 1


def test_a_restarted_service_goes_on_with_the_token_it_had(tmp_path: Path) -> None:
    counting = Counting(Sandbox())
    with serving(counting) as port:
        answers = [processes("a@example.com", port=port, state=tmp_path)[0] for _ in range(2)]

    assert [len(answer.rates) for answer in answers] == [2, 2]
    assert counting.logins == 1


def test_the_minute_is_kept_across_a_restart_with_another_login(tmp_path: Path) -> None:
    """Another user needs a token of his own, which is another login from the same address."""
    counting = Counting(Sandbox())
    with serving(counting) as port:
        (first,) = processes("a@example.com", port=port, state=tmp_path)
        (second,) = processes("b@example.com", port=port, state=tmp_path)

    assert len(first.rates) == 2
    assert [failure.kind for failure in second.failures] == [FailureKind.THROTTLED] * 2
    assert all(0 < (failure.retry_after or 0) <= 61 for failure in second.failures)
    assert counting.logins == 1


def test_two_stores_with_two_logins_share_the_minute(simulating: Staging, to: To) -> None:
    with simulating() as (under_test, sandbox):
        under_test.tool_overrides = {"tokens": TokenCache(None, under_test.clock)}  # as carriers of one process have it
        assert outcomes(sandbox.new_carrier(), to) == {"1": "rate", "2": "rate"}

        second = sandbox.new_carrier(settings={"user": "other@example.com"})

        assert outcomes(second, to) == dict.fromkeys("12", FailureKind.THROTTLED)
        assert logins(sandbox) == 1
        under_test.clock.advance(MINUTE)
        assert outcomes(second, to) == {"1": "rate", "2": "rate"}
        assert logins(sandbox) == 2


def test_homologation_has_a_minute_of_its_own(simulating: Staging, to: To) -> None:
    with simulating() as (under_test, sandbox):
        under_test.tool_overrides = {"tokens": TokenCache(None, under_test.clock)}
        ask(sandbox.new_carrier(), [to("20040020")])
        under_test.clock.advance(timedelta(seconds=60))  # for the simulator, which is one for both

        assert outcomes(sandbox.new_carrier(settings={"environment": "qa"}), to) == {"1": "rate", "2": "rate"}


def test_a_token_rejected_within_the_minute_is_a_failure_that_says_when_and_no_second_login(
    simulating: Staging, to: To
) -> None:
    with simulating() as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        ask(carrier, [to("20040020")])
        under_test.clock.advance(timedelta(seconds=20))
        sandbox.tap.rejections = 2

        failures = ask(carrier, [to("20040020")]).answers[0].failures

        assert [failure.kind for failure in failures] == [FailureKind.THROTTLED] * 2
        assert all(40 <= (failure.retry_after or 0) <= 41 for failure in failures)
        assert all("no longer accepts its token" in failure.hint for failure in failures)
        assert outcomes(carrier, to) == dict.fromkeys("12", FailureKind.THROTTLED)
        assert logins(sandbox) == 1


def test_a_token_rejected_after_the_minute_is_replaced_once_for_both_services(simulating: Staging, to: To) -> None:
    with simulating() as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        ask(carrier, [to("20040020")])
        under_test.clock.advance(MINUTE)
        sandbox.tap.revoked = set(sandbox.tap.credentials)

        assert outcomes(carrier, to) == {"1": "rate", "2": "rate"}
        assert logins(sandbox) == 2


def test_a_new_token_that_is_rejected_too_is_not_followed_by_a_third(simulating: Staging, to: To) -> None:
    with simulating(services=[{"code": "1", "delivery": "normal"}]) as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        ask(carrier, [to("20040020")])
        under_test.clock.advance(MINUTE)
        sandbox.tap.rejections = 99

        failures = ask(carrier, [to("20040020")]).answers[0].failures

        rejected = [failure.hint for failure in failures if failure.kind is FailureKind.REJECTED_CREDENTIALS]
        assert {failure.kind for failure in failures} <= {FailureKind.REJECTED_CREDENTIALS, FailureKind.THROTTLED}
        assert any("not even a new one" in hint for hint in rejected)
        assert logins(sandbox) == 2


def test_a_first_token_that_never_worked_is_asked_for_again_after_the_minute(simulating: Staging, to: To) -> None:
    with simulating("token_expired_early") as (under_test, sandbox):
        carrier = sandbox.new_carrier()

        assert outcomes(carrier, to) == dict.fromkeys("12", FailureKind.THROTTLED)
        under_test.clock.advance(MINUTE)
        assert outcomes(carrier, to) == {"1": "rate", "2": "rate"}


def test_a_login_that_failed_is_not_tried_again_within_the_minute(simulating: Staging, to: To) -> None:
    with simulating("wrong_password") as (under_test, sandbox):
        carrier = sandbox.new_carrier()

        assert outcomes(carrier, to) == dict.fromkeys("12", FailureKind.REJECTED_CREDENTIALS)
        assert outcomes(carrier, to) == dict.fromkeys("12", FailureKind.THROTTLED)
        assert logins(sandbox) == 1
        under_test.clock.advance(MINUTE)
        assert outcomes(carrier, to) == dict.fromkeys("12", FailureKind.REJECTED_CREDENTIALS)


def test_a_token_is_used_for_55_minutes_and_renewed_behind_the_questions_before_its_end(
    simulating: Staging, to: To
) -> None:
    with simulating() as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        ask(carrier, [to("20040020")])
        under_test.clock.advance(timedelta(minutes=54))
        ask(carrier, [to("20040020")])
        assert logins(sandbox) == 1

        under_test.clock.advance(timedelta(minutes=2))

        assert outcomes(carrier, to) == {"1": "rate", "2": "rate"}
        wait_until(lambda: logins(sandbox) == 2)


def test_a_token_that_has_ended_is_replaced_before_anybody_is_told_no(simulating: Staging, to: To) -> None:
    with simulating() as (under_test, sandbox):
        carrier = sandbox.new_carrier()
        ask(carrier, [to("20040020")])
        under_test.clock.advance(timedelta(hours=1))

        assert outcomes(carrier, to) == {"1": "rate", "2": "rate"}
        assert logins(sandbox) == 2


def test_another_program_at_the_same_address_that_took_the_login_costs_a_minute(simulating: Staging, to: To) -> None:
    """Jamef says so with 429; the carrier, which has logged in nowhere, learns it from that."""
    with simulating() as (_, sandbox):
        sandbox.tap.forced_reply = (429, b'{"error":"Quota has been exceeded"}')

        (failure, _) = ask(sandbox.new_carrier(), [to("20040020")]).answers[0].failures

        assert (failure.kind, failure.retry_after) == (FailureKind.THROTTLED, 60)


def logins(sandbox: Any) -> int:
    """How many the simulator was asked for."""
    return [call.path for call in sandbox.calls].count("/auth/v1/login")


def outcomes(carrier: Any, to: To) -> dict[str, str]:
    """What becomes of each service for a shipment to Rio."""
    (answer,) = ask(carrier, [to("20040020")]).answers
    rated: dict[str, str] = {rate.service: "rate" for rate in answer.rates}
    return rated | {failure.service: failure.kind for failure in answer.failures}
