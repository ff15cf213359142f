"""What pytest needs to run the suite: its fixture, its parameters, and exemptions that expire; it knows no check.

It loads the kit only when a test class derives from it, so that other test runs pay nothing.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from portes_testing.case import Case, Scenario
    from portes_testing.harness.carrier_under_test import Bench


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> "Iterator[Bench]":
    """The plugin of a test class's `case`, ready to be born."""
    from portes_testing.harness.carrier_under_test import bench_of

    with bench_of(request.cls.case) as ready:
        yield ready


def _on_trial(cls: type | None) -> bool:
    suite = sys.modules.get("portes_testing.suite")  # a class cannot derive from what was never imported
    return cls is not None and suite is not None and issubclass(cls, suite.CarrierContract)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each scenario, recording and fault; one that proves there is nothing, where there is nothing."""
    if metafunc.cls is None or not _on_trial(metafunc.cls):
        return
    for name in {"scenario", "recorded_scenario", "simulated_scenario", "breakage"} & set(metafunc.fixturenames):
        values = _values(metafunc.cls.case, name) or [None]
        metafunc.parametrize(name, values, ids=[_id(value) for value in values])


def _values(trial: "Case", name: str) -> list[Any]:
    from portes_testing.checks.faults import breakages
    from portes_testing.checks.recordings import simulated_scenarios

    match name:
        case "breakage":
            return breakages(trial)
        case "recorded_scenario":
            return list(trial.scenarios) if trial.cassettes else []
        case "simulated_scenario":
            return simulated_scenarios(trial)
    return [scenario for scenario in trial.scenarios if scenario.published is None]


def _id(value: "Scenario | object") -> str:
    return "nothing" if value is None else str(getattr(value, "name", value))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is exempt all the same, and fail when it passes."""
    for item in items:
        cls = getattr(item, "cls", None)
        if cls is not None and _on_trial(cls):
            reason = cls.exempt.get(item.name) or cls.exempt.get(getattr(item, "originalname", ""))
            if reason:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
