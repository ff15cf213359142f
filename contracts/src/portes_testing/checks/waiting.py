"""Checks that a carrier keeps its deadline, whatever the other side does."""

from collections.abc import Iterator
from contextlib import contextmanager

from portes.contract import FailureKind
from portes_testing.checks.outcomes import differences
from portes_testing.checks.purity import is_instant
from portes_testing.faults.loopback import TIMEOUT, Loopback, Pace, Reply, loopback
from portes_testing.harness.calls import CallResult, ask, ask_too_late, kind_of
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.network import closed_network
from portes_testing.harness.sandbox import served_sandbox
from portes_testing.recordings.exchange import SentRequest


@contextmanager
def silent(under_test: CarrierUnderTest) -> Iterator[tuple[Loopback, dict[str, str]]]:
    """A server that takes every call and never answers, and the carrier's addresses on it."""

    def say_nothing(_sent: SentRequest) -> Reply:
        return Reply(200, pace=Pace.HANG)

    with loopback(say_nothing) as server, closed_network(server.port):
        yield server, under_test.at(dict.fromkeys(under_test.case.base_urls, server.port))


def the_deadline_is_kept(under_test: CarrierUnderTest) -> None:
    """When nothing comes back, the carrier gives no call more than its timeout, gives up first, and says `late`.

    An instant one, which waits for nobody, answers as ever. No clock is looked at: a busy machine may take its time.
    """
    result, outlasted = _unanswered(under_test)
    require_none(waits_too_long(result, under_test.case.timeout, outlasted=outlasted), "the thread is lost to others")
    if is_instant(under_test):
        require_none(differences(result, under_test.case.served), "nothing was answered to its calls in the background")
    elif under_test.case.base_urls:
        kinds = {kind_of(each) for each in result.outcomes()}
        require(kinds == {FailureKind.LATE}, f"nothing was answered, and it says {', '.join(sorted(kinds))}")


def _unanswered(under_test: CarrierUnderTest) -> tuple[CallResult, bool]:
    case = under_test.case
    if not case.base_urls:
        with served_sandbox(under_test) as sandbox:
            return ask(sandbox.new_carrier(), case.served.shipments, case.timeout), False
    with silent(under_test) as (server, urls):
        result = ask(under_test.new_carrier(urls), case.served.shipments, case.timeout)
        return result, server.outlasted


def waits_too_long(result: CallResult, timeout: float, *, outlasted: bool) -> Iterator[str]:
    """How a carrier outstays its timeout: by what it allows a call, or by outlasting a server that hangs."""
    longest = max(result.timeouts, default=0.0)
    if longest > timeout:
        yield f"with a timeout of {timeout:g} s it gave a call {longest:g} s"
    if outlasted:
        yield f"with a timeout of {timeout:g} s it was still there when the server had given up after {TIMEOUT:g} s"


def a_passed_deadline_costs_nothing(under_test: CarrierUnderTest) -> None:
    """Asked with no time left, a carrier sends nothing, not even for a token."""
    with served_sandbox(under_test) as sandbox:
        result = ask_too_late(sandbox.new_carrier(), under_test.case.served.shipments)
        require(not sandbox.calls, f"no time was left, and it sent {', '.join(str(call) for call in sandbox.calls)}")
    if under_test.case.base_urls:
        kinds = {kind_of(each) for each in result.outcomes()}
        require(kinds == {FailureKind.LATE}, f"no time was left, and it says {', '.join(sorted(kinds))}")


__all__ = ["a_passed_deadline_costs_nothing", "silent", "the_deadline_is_kept", "waits_too_long"]
