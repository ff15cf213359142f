"""No answer, however odd, makes a carrier crash: recorded ones with something changed, from fixed seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from gallery.case import CASE as PARCELPOST
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox
from mutants import mutant

from portes.carrier import Deadline, Diagnosable
from portes.contract import FailureKind
from portes.toolbox import HttpResponse
from portes_testing import Case, Exchange
from portes_testing.checks.recordings import exchanges_of, line_of, recorded_scenarios, shipments_of
from portes_testing.harness.calls import ask, kind_of
from portes_testing.harness.carrier_under_test import KitClock, carrier_under_test
from portes_testing.harness.finding import find_case

PATIENCE = 0.2
"""Seconds for one carrier, which may have to wait for its next login."""
NOTHING = HttpResponse(404, {}, b"")
PLUGINS = ("correios-br", "jamef", "correos-es", "parcelpost")


class Mutating:
    """In place of `tools.http`: recorded answers to the calls of one path each time mutated, the others as they are."""

    def __init__(self, exchanges: Sequence[Exchange], path: str, draws: Random) -> None:
        self._exchanges = exchanges
        self._path = path
        self._draws = draws
        self.said = b""

    def call(self, _method: str, url: str, **_more: Any) -> HttpResponse:
        path = urlsplit(url).path
        response = next((each.response for each in self._exchanges if each.request.path == path), NOTHING)
        if path != self._path:
            return response
        self.said = mutant(response.body, self._draws)
        return HttpResponse(response.status, response.headers, self.said)

    def close(self) -> None:
        pass


def case_of(plugin: str) -> Case:
    """A plugin's own case; Parcelpost, who stands for what others write, is not installed."""
    if plugin == "parcelpost":
        return replace(PARCELPOST, carrier=Parcelpost, sandbox=Sandbox)
    return find_case(plugin)


def faults(case: Case, seeds: range) -> Iterator[str]:
    """What went wrong, with the seed that leads there again."""
    recordings = [(each, exchanges_of(case, each)) for each in recorded_scenarios(case)]
    for seed in seeds:
        draws = Random(seed)  # noqa: S311 — the same answers each time are the point
        scenario, exchanges = draws.choice([(each, found) for each, found in recordings if found])
        http = Mutating(exchanges, draws.choice([each.request.path for each in exchanges]), draws)
        line = line_of(case, scenario)
        with carrier_under_test(case, clock=KitClock(line.moment), serial=True) as under_test:
            under_test.tool_overrides = {"open_http": lambda http=http: http}
            carrier = under_test.new_carrier(under_test.public())
            try:
                outcomes = list(ask(carrier, shipments_of(case, scenario, line), PATIENCE).outcomes())
                if isinstance(carrier, Diagnosable):
                    list(carrier.diagnose(Deadline(PATIENCE)))
            except Exception as escaped:  # noqa: BLE001 — whatever it is, its seed is worth knowing
                yield f"{case.plugin}, seed {seed}, {scenario.name}: {escaped!r:.300} at {http.said[:200]!r}"
            else:
                if any(kind_of(each) is FailureKind.CRASHED for each in outcomes):
                    yield f"{case.plugin}, seed {seed}, {scenario.name}: crashed at {http.said[:200]!r}"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_mutated_answer_makes_no_carrier_crash(plugin: str) -> None:
    assert list(faults(case_of(plugin), range(8))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("plugin", PLUGINS)
def test_thousands_of_mutated_answers_make_no_carrier_crash(plugin: str) -> None:
    assert list(faults(case_of(plugin), range(8, 1000))) == []
