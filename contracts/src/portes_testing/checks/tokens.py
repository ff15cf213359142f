"""Checks of access tokens: fetched once, renewed in time, dropped when rejected; or truly not used."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from portes_testing.case import Tokens
from portes_testing.checks.outcomes import differences
from portes_testing.checks.purity import ForbiddenTool
from portes_testing.harness.calls import CallResult, ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import served_sandbox

T = TypeVar("T")

CROWD: Final = 20
"""Threads that ask a new carrier at once."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run each call in a thread of its own, all let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def started(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(started, calls))


def a_token_is_fetched_once_for_many_threads(under_test: CarrierUnderTest) -> None:
    """Twenty cold questions at once fetch as many tokens as one: carriers block who fetches more."""
    tokens = _tokens(under_test)
    if tokens is None:
        return
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        crowd = at_once([lambda: ask(carrier, under_test.case.served.shipments)] * CROWD)
        fetches = sandbox.tap.fetches if sandbox.tap else 0
    _all_served(under_test, crowd, f"{CROWD} at once")
    require(fetches == tokens.count, f"{CROWD} questions at once fetched {fetches} tokens, {tokens.count} would do")


def a_token_is_renewed_when_it_ends(under_test: CarrierUnderTest) -> None:
    """After its end a token is fetched again, before anybody is told no."""
    tokens = _tokens(under_test)
    if tokens is None:
        return
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        before = ask(carrier, under_test.case.served.shipments)
        calls = len(sandbox.calls)
        under_test.clock.advance(tokens.lifetime)
        after = ask(carrier, under_test.case.served.shipments)
        fetches = sandbox.tap.fetches if sandbox.tap else 0
        in_vain = len(sandbox.calls) - 2 * calls
    _all_served(under_test, [before, after], "before and after a token's end")
    require(
        fetches == 2 * tokens.count, f"after a token's end {fetches} had been fetched, {2 * tokens.count} are needed"
    )
    require(in_vain <= 0, f"after a token's end {in_vain} more calls were sent than before, in vain")


def a_rejected_token_is_dropped(under_test: CarrierUnderTest) -> None:
    """A token rejected in the middle of its life is forgotten, another is fetched, and the question is asked again."""
    tokens = _tokens(under_test)
    if tokens is None:
        return
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        ask(carrier, under_test.case.served.shipments)
        if sandbox.tap:
            sandbox.tap.rejections = 1
        result = ask(carrier, under_test.case.served.shipments)
        fetches = sandbox.tap.fetches if sandbox.tap else 0
    _all_served(under_test, [result], "after a rejected token")
    require(fetches == tokens.count + 1, f"one token was rejected, {fetches - tokens.count} new ones were fetched")


def _tokens(under_test: CarrierUnderTest) -> Tokens | None:
    """The case's tokens; without them, the proof that there are none."""
    if isinstance(under_test.case.tokens, Tokens):
        return under_test.case.tokens
    under_test.tool_overrides = {"tokens": ForbiddenTool("tokens")}
    with served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(), under_test.case.served.shipments)
    _all_served(under_test, [result], "without a token cache")
    return None


def _all_served(under_test: CarrierUnderTest, crowd: Sequence[CallResult], when: str) -> None:
    found = [problem for result in crowd for problem in differences(result, under_test.case.served)]
    require_none(found, f"not everybody was served {when}")


__all__ = [
    "CROWD",
    "a_rejected_token_is_dropped",
    "a_token_is_fetched_once_for_many_threads",
    "a_token_is_renewed_when_it_ends",
    "at_once",
]
