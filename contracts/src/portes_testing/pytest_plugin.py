"""What pytest needs to run the suite: its fixture, its parameters, and exemptions that expire.

It loads the kit only when a test class derives from it, so that other test runs pay nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from portes_testing.case import Case, OwnFault, Scenario
    from portes_testing.catalogues.source_under_test import SourceUnderTest
    from portes_testing.channels.channel_under_test import ChannelUnderTest
    from portes_testing.checks.faults import FaultInjection
    from portes_testing.formats.reading import FormatUnderTest
    from portes_testing.harness.carrier_under_test import CarrierUnderTest
    from portes_testing.packers.packer_under_test import PackerUnderTest
    from portes_testing.rules.rule_under_test import RuleUnderTest

FAULTS: Final = "portes_faults"
"""The ini option that chooses the faults: `distinct` or `all`."""
EXHAUSTIVE: Final = "exhaustive: repeats on another sample what a quicker test shows; left out of the ordinary run"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option `portes_faults` of pytest's settings file."""
    help_ = "which faults the contract kit tries: `distinct` kinds of answers, or `all` recorded answers"
    parser.addini(FAULTS, help_, default="distinct")


def pytest_configure(config: pytest.Config) -> None:
    """The marker `exhaustive`, and a refusal of unknown values of `portes_faults`."""
    config.addinivalue_line("markers", EXHAUSTIVE)
    if config.getini(FAULTS) not in {"distinct", "all"}:
        msg = f"{FAULTS} is {config.getini(FAULTS)!r}; write distinct or all"
        raise pytest.UsageError(msg)


@pytest.fixture
def under_test(request: pytest.FixtureRequest) -> "Iterator[CarrierUnderTest]":
    """The plugin of a test class's `case`, to make carriers of."""
    from portes_testing.harness.carrier_under_test import carrier_under_test

    with carrier_under_test(request.cls.case) as ready:
        yield ready


@pytest.fixture
def format_under_test(request: pytest.FixtureRequest) -> "FormatUnderTest":
    """The table format of a test class's `case`, to read files with."""
    from portes_testing.formats.reading import FormatUnderTest

    return FormatUnderTest(request.cls.case)


@pytest.fixture
def rule_under_test(request: pytest.FixtureRequest) -> "RuleUnderTest":
    """The rule of a test class's `case`, to make rules of."""
    from portes_testing.rules.rule_under_test import RuleUnderTest

    return RuleUnderTest(request.cls.case)


@pytest.fixture
def packer_under_test(request: pytest.FixtureRequest) -> "PackerUnderTest":
    """The packer of a test class's `case`, to pack with."""
    from portes_testing.packers.packer_under_test import PackerUnderTest

    return PackerUnderTest(request.cls.case)


@pytest.fixture
def channel_under_test(request: pytest.FixtureRequest) -> "ChannelUnderTest":
    """The channel of a test class's `case`, to ask and to be told by."""
    from portes_testing.channels.channel_under_test import ChannelUnderTest

    return ChannelUnderTest(request.cls.case)


@pytest.fixture
def source_under_test(request: pytest.FixtureRequest) -> "SourceUnderTest":
    """The source of a test class's `case`, to make sources of."""
    from portes_testing.catalogues.source_under_test import SourceUnderTest

    return SourceUnderTest(request.cls.case)


def _derives(cls: type | None, module: str, base: str) -> bool:
    """Whether a test class derives from a class of the kit; none does from what was never imported."""
    loaded = sys.modules.get(f"portes_testing.{module}")
    return cls is not None and loaded is not None and issubclass(cls, getattr(loaded, base))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each scenario, recording, fault and own fault; where there is none, one that proves it."""
    if metafunc.cls is None or not _derives(metafunc.cls, "suite", "CarrierContract"):
        return
    for name in {"scenario", "recorded_scenario", "simulated_scenario", "injection", "own_fault"} & set(
        metafunc.fixturenames
    ):
        values = _values(metafunc.cls.case, name, metafunc.config.getini(FAULTS)) or [None]
        metafunc.parametrize(name, [_parameter(value) for value in values])


def _values(case: "Case", name: str, faults: str) -> Sequence["Scenario | FaultInjection | OwnFault | None"]:
    from portes_testing.checks.faults import fault_injections
    from portes_testing.checks.recordings import simulated_scenarios

    if name == "injection":
        return [each for each in fault_injections(case) if faults == "all" or not each.repeats]
    if name == "own_fault":
        return case.known_own_faults
    if name == "recorded_scenario":
        return list(case.scenarios) if case.cassettes else []
    if name == "simulated_scenario":
        return simulated_scenarios(case)
    return [scenario for scenario in case.scenarios if scenario.published is None]


def _parameter(value: Any) -> Any:  # noqa: ANN401 — pytest's own type of a parameter is private
    marks = [pytest.mark.exhaustive] if getattr(value, "repeats", False) else []
    return pytest.param(value, marks=marks, id="nothing" if value is None else str(getattr(value, "name", value)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is exempt all the same, and fail when it passes."""
    for item in items:
        cls = getattr(item, "cls", None)
        if cls is not None and _derives(cls, "overrides", "Suite"):
            reason = cls.exempt.get(item.name) or cls.exempt.get(getattr(item, "originalname", ""))
            if reason:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
