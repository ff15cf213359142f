"""Holds a carrier to the suite without pytest: any check of it, and which of them the carrier breaks."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module

from gallery.case import make_case
from gallery.parcelpost.sandbox import Sandbox

from portes_testing import BrokenContractError, CarrierContract, Case, carrier_under_test
from portes_testing.checks.faults import fault_injections

BY_ENTRY_POINT = "it_is_found_by_its_entry_point"
FAULTS = "a_fault_is_told_as_what_it_is"


def case_of(saboteur: str) -> Case:
    """Parcelpost's case, with fewer scenarios and a saboteur in Parcelpost's place."""
    carrier = import_module(f"gallery.saboteurs.{saboteur}").Saboteur
    return replace(make_case(), carrier=carrier, sandbox=Sandbox, more=())


def checks(*, faults: bool = False) -> list[str]:
    """The names of the suite's checks; `faults` includes the one of faults."""
    names = [name for name, _ in inspect.getmembers(CarrierContract, inspect.isfunction) if name.startswith("test_")]
    found = [name.removeprefix("test_") for name in names]
    return [name for name in found if name != BY_ENTRY_POINT and (faults or name != FAULTS)]


def broken(make: Callable[[], Case], wanted: Sequence[str]) -> dict[str, str]:
    """The checks that a carrier breaks, of those wanted, and the words.

    A check is a name, or that of the check of faults with a path and a fault behind it. Faults are done to the
    recording of the served scenario, but for those that take time.
    """
    return {label: words for label, words in _verdicts(make, wanted) if words}


def _verdicts(make: Callable[[], Case], wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    for check in wanted:
        name, _, one = check.partition(" ")
        case = make()
        for label, arguments in _arguments(case, name):
            if one in {"", label}:
                yield f"{name} {label}".strip(), _verdict(case, name, arguments)


def _arguments(case: Case, name: str) -> list[tuple[str, tuple[object, ...]]]:
    parameters = list(inspect.signature(getattr(CarrierContract, f"test_{name}")).parameters)[2:]
    if parameters == ["injection"]:
        prompt = [each for each in fault_injections(case) if each.scenario is case.served and not each.fault.waits]
        return [(f"{each.exchange.request.path} {each.fault.name}", (each,)) for each in prompt] or [("", (None,))]
    if parameters == ["own_fault"]:
        return [(each.name, (each,)) for each in case.known_own_faults] or [("", (None,))]
    if parameters in (["recorded_scenario"], ["simulated_scenario"]) and case.cassettes is None:
        return [("", (None,))]
    return [("", (each,)) for each in case.scenarios] if parameters else [("", ())]


def _verdict(case: Case, name: str, arguments: tuple[object, ...]) -> str:
    with carrier_under_test(case) as under_test:
        try:
            getattr(CarrierContract(), f"test_{name}")(under_test, *arguments)
        except BrokenContractError as verdict:
            return str(verdict) or "broken"
    return ""
