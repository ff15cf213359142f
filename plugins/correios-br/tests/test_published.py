"""Every published sample is read as declared, and a fault in it is told as what it is."""

from datetime import date
from pathlib import Path

import pytest
from correios_published import CASES, CASSETTES, batch_of_the_manual, manual

from portes.contract import Rate
from portes_testing import (
    Case,
    Scenario,
    carrier_under_test,
)
from portes_testing.checks.faults import FaultInjection, a_fault_is_told_as_what_it_is, fault_injections
from portes_testing.checks.outcomes import differences
from portes_testing.checks.recordings import replay
from portes_testing.recordings.record import publish

EACH = [pytest.param(one, scenario, id=scenario.name) for one in CASES for scenario in one.scenarios]
INJECTIONS = [(one, injection) for one in CASES for injection in fault_injections(one)]
FIRST = {injection.kind: str(injection) for _, injection in reversed(INJECTIONS)}
AGAIN = pytest.mark.exhaustive
BROKEN = [
    pytest.param(one, each, id=str(each), marks=[] if FIRST[each.kind] == str(each) else [AGAIN])
    for one, each in INJECTIONS
]


@pytest.mark.parametrize(("one", "scenario"), EACH)
def test_a_published_sample_is_read_as_declared(one: Case, scenario: Scenario) -> None:
    with carrier_under_test(one) as under_test:
        found = list(differences(replay(under_test, scenario), scenario))

    assert found == []


@pytest.mark.parametrize(("one", "scenario"), EACH)
def test_the_cassette_of_a_sample_holds_what_the_sample_says(one: Case, scenario: Scenario, tmp_path: Path) -> None:
    publish(one, scenario, tmp_path / "anew.yaml")

    assert (CASSETTES / f"{scenario.name}.yaml").read_text() == (tmp_path / "anew.yaml").read_text()


@pytest.mark.parametrize(("one", "injection"), BROKEN)
def test_a_fault_in_a_published_answer_is_told_as_what_it_is(one: Case, injection: FaultInjection) -> None:
    with carrier_under_test(one) as under_test:
        a_fault_is_told_as_what_it_is(under_test, injection)

    assert injection.scenario in one.scenarios


def rated(one: Case, name: str) -> Rate:
    """The only rate of a scenario's replay."""
    with carrier_under_test(one) as under_test:
        (rate,) = replay(under_test, one.scenario(name)).answers[0].rates
    return rate


def test_the_manuals_sedex_is_quoted_to_the_centavo() -> None:
    rate = rated(manual(), "published_sedex_of_the_manual")

    assert str(rate.cost) == "19.92 BRL"
    assert {part.name: part.amount.minor for part in rate.surcharges} == {
        "base": 1113,
        "ad_valorem": 179,
        "receipt": 700,
    }
    assert (rate.transit.min, rate.transit.max, rate.transit.promised) == (1, 2, date(2022, 3, 22))


def test_the_manuals_batch_is_quoted_to_the_centavo() -> None:
    rate = rated(batch_of_the_manual(), "published_batch_of_the_manual")

    assert (rate.service, str(rate.cost)) == ("04162", "17.93 BRL")
    assert (rate.transit.max, rate.transit.promised) == (1, date(2022, 3, 21))
