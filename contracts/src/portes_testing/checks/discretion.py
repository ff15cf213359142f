"""Checks that no secret leaves a carrier in words, in fair weather and in foul."""

from collections.abc import Iterator
from typing import Final

from portes.carrier import Carrier
from portes_testing.checks.waiting import silent
from portes_testing.harness.calls import Said, ask
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require_none
from portes_testing.harness.output import Evidence, collected
from portes_testing.harness.sandbox import staged
from portes_testing.recordings.scrubbing import leaks

Weather = tuple[int, bytes] | None

FOUL: Final[tuple[Weather, ...]] = ((500, b"error"), (401, b""), (200, b"<html>"))
"""What every call is answered in foul weather: what goes wrong most."""
SHORTEST: Final = 0.2
"""Seconds given to a carrier that does not answer at all."""


def no_secret_leaves(bench: Bench) -> None:
    """Log lines, output, warnings, errors, answers and reprs hold neither settings that are secret nor tokens."""
    secrets = bench.secrets()
    with collected(bench.evidence):
        for credential in _in_all_weathers(bench):
            secrets[credential] = "a token or a credential"
    found = leaks(bench.evidence.text, secrets)
    require_none((secrets[secret] for secret in found), "these secrets can be read in logs, errors, answers or reprs")


def _in_all_weathers(bench: Bench) -> Iterator[str]:
    """Ask in fair weather and in foul; the credentials that went over the wire meanwhile."""
    for weather in (None, *FOUL) if bench.case.base_urls else (None,):
        yield from _in_weather(bench, weather)
    if bench.case.base_urls:
        with silent(bench) as urls:
            carrier = bench.birth(urls)
            note(bench.evidence, carrier, ask(carrier, bench.case.served.asked, SHORTEST))


def _in_weather(bench: Bench, weather: Weather) -> Iterator[str]:
    with staged(bench) as stage:
        if stage.tap:
            stage.tap.instead = weather
        carrier = stage.birth()
        for scenario in bench.case.scenarios:
            if scenario.published is None:
                note(bench.evidence, carrier, ask(carrier, scenario.asked))
        yield from stage.tap.issued if stage.tap else ()


def note(evidence: Evidence, carrier: Carrier, said: Said) -> None:
    """Keep what anybody could print of a carrier and its answer."""
    evidence.add(carrier, carrier.abilities, *said.answers, *(answer.model_dump_json() for answer in said.answers))
    if said.error is not None:
        evidence.add(said.error)


__all__ = ["no_secret_leaves", "note"]
