"""Puts a carrier on trial without pytest: every check of the suite, and which of them it breaks."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module

from gallery.case import make_case
from gallery.parcelpost.sandbox import Sandbox

from portes_testing import BrokenContractError, CarrierContract, Case, bench_of
from portes_testing.checks.faults import breakages

BY_ENTRY_POINT = "test_it_is_found_by_its_entry_point"
FAULTS = "test_a_fault_is_told_as_what_it_is"


def case_of(saboteur: str) -> Case:
    """Parcelpost's case, with fewer scenarios and a saboteur in Parcelpost's place."""
    carrier = import_module(f"gallery.saboteurs.{saboteur}").Saboteur
    return replace(make_case(), carrier=carrier, sandbox=Sandbox, more=())


def broken(make: Callable[[], Case], *, faults: bool = False) -> dict[str, str]:
    """The checks of the suite that a carrier breaks, without their prefix, and the words.

    `faults` includes those done to the recording of the served scenario, but the ones that take time.
    """
    names = [name for name, _ in inspect.getmembers(CarrierContract, inspect.isfunction) if name.startswith("test_")]
    wanted = [name for name in names if name != BY_ENTRY_POINT and (faults or name != FAULTS)]
    return {name.removeprefix("test_"): words for name, words in _verdicts(make, wanted) if words}


def _verdicts(make: Callable[[], Case], names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        case = make()
        for label, arguments in _arguments(case, name):
            yield f"{name}{label}", _verdict(case, name, arguments)


def _arguments(case: Case, name: str) -> list[tuple[str, tuple[object, ...]]]:
    parameters = list(inspect.signature(getattr(CarrierContract, name)).parameters)[2:]
    if parameters == ["breakage"]:
        prompt = [each for each in breakages(case) if each.scenario is case.served and not each.fault.waits]
        return [(f" {each.exchange.sent.path} {each.fault.name}", (each,)) for each in prompt] or [("", (None,))]
    if parameters in (["recorded_scenario"], ["simulated_scenario"]) and case.cassettes is None:
        return [("", (None,))]
    return [("", (each,)) for each in case.scenarios] if parameters else [("", ())]


def _verdict(case: Case, name: str, arguments: tuple[object, ...]) -> str:
    with bench_of(case) as bench:
        try:
            getattr(CarrierContract(), name)(bench, *arguments)
        except BrokenContractError as verdict:
            return str(verdict) or "broken"
    return ""
