"""Checks that no secret leaves a carrier in words, in fair weather and in foul."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from portes.carrier import Carrier
from portes_testing.checks.waiting import silent
from portes_testing.harness.calls import CallResult, ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require_none
from portes_testing.harness.output import Output, captured
from portes_testing.harness.sandbox import served_sandbox
from portes_testing.recordings.scrubbing import leaks

Weather = tuple[int, bytes] | None

FOUL: Final[tuple[Weather, ...]] = ((500, b"error"), (401, b""), (200, b"<html>"))
"""What every call is answered in foul weather: what goes wrong most."""
APART: Final = timedelta(seconds=2)
"""How far apart the questions come on the carrier's clock, so that its own limit on logins holds none of them up."""
SHORTEST: Final = 0.2
"""Seconds given to a carrier that does not answer at all."""


def no_secret_leaves(under_test: CarrierUnderTest) -> None:
    """Log lines, output, warnings, errors, answers and reprs hold neither settings that are secret nor tokens."""
    secrets = under_test.secrets()
    with captured(under_test.output):
        for credential in _in_all_weathers(under_test):
            secrets[credential] = "a token or a credential"
    found = leaks(under_test.output.text, secrets)
    require_none((secrets[secret] for secret in found), "these secrets can be read in logs, errors, answers or reprs")


def _in_all_weathers(under_test: CarrierUnderTest) -> Iterator[str]:
    """Ask in fair weather and in foul; the credentials that went over the wire meanwhile."""
    for weather in (None, *FOUL) if under_test.case.base_urls else (None,):
        yield from _in_weather(under_test, weather)
    if under_test.case.base_urls:
        with silent(under_test) as (_, urls):
            carrier = under_test.new_carrier(urls)
            note(under_test.output, carrier, ask(carrier, under_test.case.served.shipments, SHORTEST))


def _in_weather(under_test: CarrierUnderTest, weather: Weather) -> Iterator[str]:
    with served_sandbox(under_test) as sandbox:
        if sandbox.tap:
            sandbox.tap.forced_reply = weather
        carrier = sandbox.new_carrier()
        for scenario in under_test.case.scenarios:
            if scenario.published is None:
                under_test.clock.advance(APART)
                note(under_test.output, carrier, ask(carrier, scenario.shipments))
        yield from sandbox.tap.credentials if sandbox.tap else ()


def note(output: Output, carrier: Carrier, result: CallResult) -> None:
    """Keep what anybody could print of a carrier and its answer."""
    output.add(carrier, carrier.abilities, *result.given, *(answer.model_dump_json() for answer in result.given))
    if result.error is not None:
        output.add(result.error)


__all__ = ["no_secret_leaves", "note"]
