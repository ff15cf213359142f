"""Checks that a carrier takes everything impure from its toolbox, and what its abilities say of it."""

import sys
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, Final

from portes.toolbox.http import Session
from portes_testing.case import Case
from portes_testing.harness import purity
from portes_testing.harness.calls import ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest, carrier_under_test
from portes_testing.harness.errors import BrokenContractError, require, require_none
from portes_testing.harness.sandbox import served_sandbox


def it_opens_no_connection_of_its_own(under_test: CarrierUnderTest) -> None:
    """Every call goes over `tools.http`, which keeps deadlines, limits and secrets."""
    _abstains(
        under_test, purity.CONNECTIONS, "nobody limits, closes or redacts a connection of its own; use tools.http"
    )
    with served_sandbox(under_test, watch=_under_the_session) as sandbox:
        carrier = sandbox.new_carrier()
        for scenario in _plain(under_test):
            ask(carrier, scenario.shipments)


def _under_the_session() -> None:
    frame = sys._getframe()  # noqa: SLF001 — the only way to ask who is calling
    send = Session.send.__code__
    while frame is not None:
        if frame.f_code is send:
            return
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    msg = "a connection is opened past tools.http"
    raise BrokenContractError(msg)


def it_reads_no_clock_of_its_own(under_test: CarrierUnderTest) -> None:
    """Time comes from `tools.clock` and the deadline; one with its own cannot be replayed, and a nap has no end."""
    _abstains(under_test, purity.CLOCK, "its own clock cannot be set in a replay; use tools.clock and the deadline")


def it_reads_no_environment(under_test: CarrierUnderTest) -> None:
    """Settings come from the store's file; two stores in one process have two."""
    _abstains(under_test, purity.ENVIRONMENT, "the environment is the same for every store; make it a setting")


def it_starts_no_thread_of_its_own(under_test: CarrierUnderTest) -> None:
    """Side-by-side calls go through `tools.gather`, whose pool is bounded."""
    _abstains(under_test, purity.THREADS, "nobody counts threads of its own; use tools.gather")


def _abstains(under_test: CarrierUnderTest, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.uses_in_source(under_test.plugin, forbidden), why)
    require_none(_observed(under_test.case)[forbidden], why)


@cache
def _observed(case: Case) -> purity.Uses:
    """What the carrier of a case uses while it works, observed once for all kinds of forbidden things."""
    with (
        carrier_under_test(case) as under_test,
        served_sandbox(under_test) as sandbox,
        purity.observed_uses(under_test.plugin) as seen,
    ):
        carrier = sandbox.new_carrier()
        for scenario in _plain(under_test):
            ask(carrier, scenario.shipments)
    return seen


def _plain(under_test: CarrierUnderTest) -> list[Any]:
    return [each for each in under_test.case.scenarios if not each.moods and each.published is None]


class ForbiddenTool:
    """A tool that the carrier says it does without; any use of it breaks the contract."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:  # noqa: ANN401 — it stands for anything
        msg = f"it says that it does without tools.{self._name}, and uses its {wanted}"
        raise BrokenContractError(msg)

    def __call__(self, *_args: object, **_more: object) -> Any:  # noqa: ANN401 — the same
        """Raise `BrokenContractError`, whatever the arguments."""
        msg = f"it says that it does without tools.{self._name}, and calls it"
        raise BrokenContractError(msg)


_IMPURE: Final = ("open_http", "gather", "tokens")


def instant_is_what_it_says(under_test: CarrierUnderTest) -> None:
    """An instant carrier touches no tool that can wait: it is asked on the event loop. Another does ask somebody.

    It may hand calls over to `tools.background`; here they are taken and never run.
    """
    if is_instant(under_test):
        under_test.tool_overrides = {**{name: ForbiddenTool(name) for name in _IMPURE}, "background": _taken}
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        for scenario in _plain(under_test):
            ask(carrier, scenario.shipments)
        require(
            under_test.tool_overrides or sandbox.calls,
            "it asks nobody, so it could answer at once: declare the ability `instant`",
        )


def _taken(_key: Hashable, _call: Callable[[], object]) -> bool:
    return True


def is_instant(under_test: CarrierUnderTest) -> bool:
    """Whether the carrier says that it answers without I/O."""
    with served_sandbox(under_test) as sandbox:
        return sandbox.new_carrier().abilities.instant


def abilities_are_stable(under_test: CarrierUnderTest) -> None:
    """A carrier's abilities are settled when it is made, follow from its settings and name every service."""
    with served_sandbox(under_test) as sandbox:
        carrier, twin = sandbox.new_carrier(), sandbox.new_carrier()
        before = carrier.abilities
        ask(carrier, under_test.case.served.shipments)
        after = carrier.abilities
    require(before == after, f"its abilities were {before} and are {after} after one quote")
    require(before == twin.abilities, "two carriers with the same settings have different abilities")
    codes = [service.code for service in before.services]
    wanted = [str(service["code"]) for service in under_test.case.services]
    require(codes == wanted, f"services {', '.join(wanted)} are configured, its abilities name {', '.join(codes)}")


__all__ = [
    "ForbiddenTool",
    "abilities_are_stable",
    "instant_is_what_it_says",
    "is_instant",
    "it_opens_no_connection_of_its_own",
    "it_reads_no_clock_of_its_own",
    "it_reads_no_environment",
    "it_starts_no_thread_of_its_own",
]
