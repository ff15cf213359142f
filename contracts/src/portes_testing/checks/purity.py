"""Checks that a carrier takes everything impure from its toolbox, and what its abilities say of it."""

import sys
from collections.abc import Callable, Hashable
from typing import Any, Final

from portes.toolbox.http import Session
from portes_testing.harness import purity
from portes_testing.harness.calls import ask
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import BrokenContractError, require, require_none
from portes_testing.harness.sandbox import staged


def it_opens_no_connection_of_its_own(bench: Bench) -> None:
    """Every call goes over `tools.http`, which keeps deadlines, limits and secrets."""
    _abstains(bench, purity.CONNECTIONS, "nobody limits, closes or redacts a connection of its own; use tools.http")
    with staged(bench, watch=_under_the_session) as stage:
        carrier = stage.birth()
        for scenario in _plain(bench):
            ask(carrier, scenario.asked)


def _under_the_session() -> None:
    frame = sys._getframe()  # noqa: SLF001 — the only way to ask who is calling
    send = Session.send.__code__
    while frame is not None:
        if frame.f_code is send:
            return
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    msg = "a connection is opened past tools.http"
    raise BrokenContractError(msg)


def it_reads_no_clock_of_its_own(bench: Bench) -> None:
    """Time comes from `tools.clock` and the deadline; a carrier with its own cannot be replayed or tested."""
    _abstains(bench, purity.CLOCK, "its own clock cannot be set in a replay; use tools.clock and the deadline")


def it_reads_no_environment(bench: Bench) -> None:
    """Settings come from the store's file; two stores in one process have two."""
    _abstains(bench, purity.ENVIRONMENT, "the environment is the same for every store; make it a setting")


def it_starts_no_thread_of_its_own(bench: Bench) -> None:
    """Side-by-side calls go through `tools.gather`, whose pool is bounded."""
    _abstains(bench, purity.THREADS, "nobody counts threads of its own; use tools.gather")


def _abstains(bench: Bench, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.written(bench.plugin, forbidden), why)
    with staged(bench) as stage, purity.overheard(bench.plugin, forbidden) as heard:
        carrier = stage.birth()
        for scenario in _plain(bench):
            ask(carrier, scenario.asked)
    require_none(heard, why)


def _plain(bench: Bench) -> list[Any]:
    return [each for each in bench.case.scenarios if not each.moods and each.published is None]


class Untouched:
    """Stands for a tool that is said to be unused; any use of it breaks the contract."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:  # noqa: ANN401 — it stands for anything
        msg = f"it says that it does without tools.{self._name}, and uses its {wanted}"
        raise BrokenContractError(msg)

    def __call__(self, *_args: object, **_more: object) -> Any:  # noqa: ANN401 — the same
        """Break the contract."""
        msg = f"it says that it does without tools.{self._name}, and calls it"
        raise BrokenContractError(msg)


_IMPURE: Final = ("open_http", "gather", "tokens")


def instant_is_what_it_says(bench: Bench) -> None:
    """An instant carrier touches no tool that can wait: it is asked on the event loop. Another does ask somebody.

    It may hand calls over to `tools.background`; here they are taken and never run.
    """
    if is_instant(bench):
        bench.instead = {**{name: Untouched(name) for name in _IMPURE}, "background": _taken}
    with staged(bench) as stage:
        carrier = stage.birth()
        for scenario in _plain(bench):
            ask(carrier, scenario.asked)
        require(
            bench.instead or stage.calls, "it asks nobody, so it could answer at once: declare the ability `instant`"
        )


def _taken(_key: Hashable, _call: Callable[[], object]) -> bool:
    return True


def is_instant(bench: Bench) -> bool:
    """Whether the carrier says that it answers without I/O."""
    with staged(bench) as stage:
        return stage.birth().abilities.instant


def abilities_are_stable(bench: Bench) -> None:
    """What a carrier can do is settled at birth, the same for the same settings, and names every configured service."""
    with staged(bench) as stage:
        carrier, twin = stage.birth(), stage.birth()
        before = carrier.abilities
        ask(carrier, bench.case.served.asked)
        after = carrier.abilities
    require(before == after, f"its abilities were {before} and are {after} after one quote")
    require(before == twin.abilities, "two carriers with the same settings have different abilities")
    codes = [service.code for service in before.services]
    wanted = [str(service["code"]) for service in bench.case.services]
    require(codes == wanted, f"services {', '.join(wanted)} are configured, its abilities name {', '.join(codes)}")


__all__ = [
    "Untouched",
    "abilities_are_stable",
    "instant_is_what_it_says",
    "is_instant",
    "it_opens_no_connection_of_its_own",
    "it_reads_no_clock_of_its_own",
    "it_reads_no_environment",
    "it_starts_no_thread_of_its_own",
]
