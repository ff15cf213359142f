"""Carriers' answers: recorded ones with something changed, and no carrier crashes of them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, ClassVar
from urllib.parse import urlsplit

from gallery.case import CASE as PARCELPOST
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox
from mutants import mutant

from fuzzing.door import Door
from portes.carrier import Deadline, Diagnosable
from portes.contract import FailureKind, Rate
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


class Answering:
    """In place of `tools.http`: one body to all calls of one path, and what was recorded to the others."""

    def __init__(self, exchanges: Sequence[Exchange], path: str, body: bytes) -> None:
        self._exchanges = exchanges
        self._path = path
        self._body = body

    def call(self, _method: str, url: str, **_more: Any) -> HttpResponse:
        path = urlsplit(url).path
        response = next((each.response for each in self._exchanges if each.request.path == path), NOTHING)
        return HttpResponse(response.status, response.headers, self._body) if path == self._path else response

    def close(self) -> None:
        pass


@cache
def case_of(plugin: str) -> Case:
    """A plugin's own case; Parcelpost, who stands for what others write, is not installed."""
    if plugin == "parcelpost":
        return replace(PARCELPOST, carrier=Parcelpost, sandbox=Sandbox)
    return find_case(plugin)


@cache
def recordings(plugin: str) -> dict[str, tuple[Any, Sequence[Exchange]]]:
    """A plugin's scenarios that have exchanges, by name."""
    case = case_of(plugin)
    found = ((each, exchanges_of(case, each)) for each in recorded_scenarios(case))
    return {each.name: (each, exchanges) for each, exchanges in found if exchanges}


class WiresDoor(Door):
    """An input is a line of JSON, plugin, scenario and path, and then the body of the answers to that path."""

    name: ClassVar[str] = "wires"

    def draw(self, draws: Random) -> bytes:
        return drawn_for(draws.choice(PLUGINS), draws)

    def take(self, given: bytes) -> bool:
        head, _, body = given.partition(b"\n")
        try:
            plugin, name, path = json.loads(head)
            scenario, exchanges = recordings(plugin)[name]
        except (ValueError, KeyError):
            return False
        case, line = case_of(plugin), line_of(case_of(plugin), scenario)
        with carrier_under_test(case, clock=KitClock(line.moment), serial=True) as under_test:
            under_test.tool_overrides = {"open_http": lambda: Answering(exchanges, path, body)}
            carrier = under_test.new_carrier(under_test.public())
            outcomes = list(ask(carrier, shipments_of(case, scenario, line), PATIENCE).outcomes())
            if isinstance(carrier, Diagnosable):
                list(carrier.diagnose(Deadline(PATIENCE)))
        assert outcomes, "a carrier said nothing"
        assert not any(kind_of(each) is FailureKind.CRASHED for each in outcomes), outcomes
        return any(isinstance(each, Rate) for each in outcomes)


def drawn_for(plugin: str, draws: Random) -> bytes:
    """An input for one plugin."""
    scenario, exchanges = draws.choice([*recordings(plugin).values()])
    exchange = draws.choice(exchanges)
    head = json.dumps([plugin, scenario.name, exchange.request.path])
    return head.encode() + b"\n" + mutant(exchange.response.body, draws)


__all__ = ["PLUGINS", "WiresDoor", "drawn_for"]
