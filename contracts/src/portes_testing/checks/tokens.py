"""Checks of access tokens: fetched once, renewed in time, dropped when rejected; or truly not used."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from portes_testing.case import Tokens
from portes_testing.checks.outcomes import differences
from portes_testing.checks.purity import Untouched
from portes_testing.harness.calls import Said, ask
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import staged

T = TypeVar("T")

CROWD: Final = 20
"""Threads that ask a carrier at the moment of its birth."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run each call in a thread of its own, all let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def started(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(started, calls))


def a_token_is_fetched_once_for_many_threads(bench: Bench) -> None:
    """Twenty cold questions at once fetch as many tokens as one: carriers block who fetches more."""
    tokens = _tokens(bench)
    if tokens is None:
        return
    with staged(bench) as stage:
        carrier = stage.birth()
        crowd = at_once([lambda: ask(carrier, bench.case.served.asked)] * CROWD)
        fetches = stage.tap.fetches if stage.tap else 0
    _all_served(bench, crowd, f"{CROWD} at once")
    require(fetches == tokens.count, f"{CROWD} questions at once fetched {fetches} tokens, {tokens.count} would do")


def a_token_is_renewed_when_it_ends(bench: Bench) -> None:
    """After its end a token is fetched again, before anybody is told no."""
    tokens = _tokens(bench)
    if tokens is None:
        return
    with staged(bench) as stage:
        carrier = stage.birth()
        before = ask(carrier, bench.case.served.asked)
        calls = len(stage.calls)
        bench.clock.advance(tokens.lifetime)
        after = ask(carrier, bench.case.served.asked)
        fetches = stage.tap.fetches if stage.tap else 0
        in_vain = len(stage.calls) - 2 * calls
    _all_served(bench, [before, after], "before and after a token's end")
    require(
        fetches == 2 * tokens.count, f"after a token's end {fetches} had been fetched, {2 * tokens.count} are needed"
    )
    require(in_vain <= 0, f"after a token's end {in_vain} more calls were sent than before, in vain")


def a_rejected_token_is_dropped(bench: Bench) -> None:
    """A token rejected in the middle of its life is forgotten, another is fetched, and the question is asked again."""
    tokens = _tokens(bench)
    if tokens is None:
        return
    with staged(bench) as stage:
        carrier = stage.birth()
        ask(carrier, bench.case.served.asked)
        if stage.tap:
            stage.tap.rejections = 1
        said = ask(carrier, bench.case.served.asked)
        fetches = stage.tap.fetches if stage.tap else 0
    _all_served(bench, [said], "after a rejected token")
    require(fetches == tokens.count + 1, f"one token was rejected, {fetches - tokens.count} new ones were fetched")


def _tokens(bench: Bench) -> Tokens | None:
    """The case's tokens; without them, the proof that there are none."""
    if isinstance(bench.case.tokens, Tokens):
        return bench.case.tokens
    bench.instead = {"tokens": Untouched("tokens")}
    with staged(bench) as stage:
        said = ask(stage.birth(), bench.case.served.asked)
    _all_served(bench, [said], "without a token cache")
    return None


def _all_served(bench: Bench, crowd: Sequence[Said], when: str) -> None:
    found = [problem for said in crowd for problem in differences(said, bench.case.served)]
    require_none(found, f"not everybody was served {when}")


__all__ = [
    "CROWD",
    "a_rejected_token_is_dropped",
    "a_token_is_fetched_once_for_many_threads",
    "a_token_is_renewed_when_it_ends",
    "at_once",
]
