"""Checks that a carrier keeps its deadline, whatever the other side does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from portes.contract import FailureKind
from portes_testing.case import Scenario
from portes_testing.checks.outcomes import differences
from portes_testing.checks.purity import is_instant
from portes_testing.faults.loopback import Pace, Reply, loopback
from portes_testing.harness.calls import Said, ask, outcome
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.network import closed_network
from portes_testing.harness.sandbox import staged
from portes_testing.recordings.exchange import Sent

GRACE: Final = 1.0
"""Seconds after its timeout within which a carrier must be back."""
TRIES: Final = 3
"""A busy machine may make a carrier late once; three times is the carrier."""


@contextmanager
def silent(bench: Bench) -> Iterator[dict[str, str]]:
    """The carrier's addresses on a server that takes every call and never answers."""

    def say_nothing(_sent: Sent) -> Reply:
        return Reply(200, pace=Pace.HANG)

    with loopback(say_nothing) as server, closed_network(server.port):
        yield bench.at(dict.fromkeys(bench.case.base_urls, server.port))


def the_deadline_is_kept(bench: Bench) -> None:
    """When nothing comes back, the carrier is back within its timeout and a second, and says `late`.

    An instant one, which waits for nobody, answers as ever.
    """
    said = best_of(lambda: _unanswered(bench), bench.case.timeout)
    require(said.seconds <= bench.case.timeout + GRACE, words_for(said.seconds, bench.case.timeout))
    if is_instant(bench):
        require_none(differences(said, bench.case.served), "nothing was answered to its calls in the background")
    elif bench.case.base_urls:
        kinds = {outcome(part) for part in said.parts()}
        require(kinds == {FailureKind.LATE}, f"nothing was answered, and it says {', '.join(sorted(kinds))}")


def _unanswered(bench: Bench) -> Said:
    if not bench.case.base_urls:
        with staged(bench) as stage:
            return ask(stage.birth(), bench.case.served.asked, bench.case.timeout)
    with silent(bench) as urls:
        return ask(bench.birth(urls), bench.case.served.asked, bench.case.timeout)


def best_of(attempt: Callable[[], Said], timeout: float) -> Said:
    """The first attempt that kept the timeout and its grace, or the quickest of three."""
    tries: list[Said] = []
    while len(tries) < TRIES and not any(said.seconds <= timeout + GRACE for said in tries):
        tries.append(attempt())
    return min(tries, key=lambda said: said.seconds)


def words_for(seconds: float, timeout: float) -> str:
    """How to say that a carrier was late."""
    return f"with a timeout of {timeout:g} s it came back after {seconds:.1f} s; the thread was lost to others"


def a_passed_deadline_costs_nothing(bench: Bench) -> None:
    """Asked with no time left, a carrier sends nothing, not even for a token."""
    scenario: Scenario = bench.case.served
    with staged(bench) as stage:
        said = ask(stage.birth(), scenario.asked, 0.0)
        require(not stage.calls, f"no time was left, and it sent {', '.join(str(call) for call in stage.calls)}")
    if bench.case.base_urls:
        kinds = {outcome(part) for part in said.parts()}
        require(kinds == {FailureKind.LATE}, f"no time was left, and it says {', '.join(sorted(kinds))}")


__all__ = ["GRACE", "a_passed_deadline_costs_nothing", "best_of", "silent", "the_deadline_is_kept", "words_for"]
