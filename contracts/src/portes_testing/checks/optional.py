"""Checks of what a carrier may offer beside quotes: a diagnosis, warming up, a sandbox to play with."""

from collections.abc import Iterator, Sequence

from portes.carrier import Carrier, Deadline, Diagnosable, Finding, Severity, Warmable
from portes.errors import CarrierError
from portes_testing.checks.discretion import APART, FOUL, Weather
from portes_testing.harness.calls import AMPLE, ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import BrokenContractError, require, require_none
from portes_testing.harness.sandbox import served_sandbox
from portes_testing.recordings.scrubbing import leaks


def a_diagnosis_can_be_read(under_test: CarrierUnderTest) -> None:
    """Whatever the weather, `diagnose` returns findings with words in English and a remedy for each trouble."""
    for weather in (None, *FOUL) if under_test.case.base_urls else (None,):
        found = _in_weather(under_test, weather)
        if found is None:
            return
        require_none(unreadable(found), "an operator reads this when nothing works")
        names = under_test.secrets()
        told = "\n".join(finding.model_dump_json() for finding in found)
        require_none((names[secret] for secret in leaks(told, names)), "these secrets can be read in a diagnosis")
        worst = max((list(Severity).index(finding.severity) for finding in found), default=0)
        require(weather is None or worst, f"with every call answered {weather}, it finds nothing wrong")


def _in_weather(under_test: CarrierUnderTest, weather: Weather) -> Sequence[Finding] | None:
    with served_sandbox(under_test) as sandbox:
        if sandbox.tap:
            sandbox.tap.forced_reply = weather
        return diagnosis(sandbox.new_carrier())


def diagnosis(carrier: Carrier) -> Sequence[Finding] | None:
    """What a carrier finds wrong with itself, read to its end; None for one without a diagnosis.

    Raises `BrokenContractError` for whatever escapes, `CarrierError` included: the doctor prints what it gets.
    """
    if not isinstance(carrier, Diagnosable):
        return None
    found: list[Finding] = []
    try:
        found.extend(carrier.diagnose(Deadline(AMPLE)))
    except Exception as leaked:
        after = f" after {found[-1].check}" if found else ""
        msg = f"{type(leaked).__name__} escaped from diagnose(){after}: {leaked}"
        raise BrokenContractError(msg) from leaked
    return found


def unreadable(found: Sequence[Finding]) -> Iterator[str]:
    """Findings without words in English: a cause, and a remedy for what is not well."""
    if not found:
        yield "nothing was looked at"
    for finding in found:
        if not finding.cause.get("en", "").strip():
            yield f"{finding.check}: no cause in English"
        if finding.severity is not Severity.OK and not finding.remedy.get("en", "").strip():
            yield f"{finding.check}: no remedy in English"


def warming_up_changes_no_answer(under_test: CarrierUnderTest) -> None:
    """A warm carrier says what a cold one says, and raises nothing but `CarrierError` when it cannot get warm."""
    for weather in (None, *FOUL) if under_test.case.base_urls else (None,):
        with served_sandbox(under_test) as sandbox:
            cold = ask(sandbox.new_carrier(), under_test.case.served.shipments)
            carrier = sandbox.new_carrier()
            if sandbox.tap:
                sandbox.tap.forced_reply = weather
            if isinstance(carrier, Warmable):
                _warm(carrier)
            if sandbox.tap:
                sandbox.tap.forced_reply = None
            under_test.clock.advance(APART)
            warm = ask(carrier, under_test.case.served.shipments)
        require(cold.answers == warm.answers, f"cold it says {cold.answers}, warm {warm.answers}")


def _warm(carrier: Warmable) -> None:
    try:
        carrier.warm(Deadline(AMPLE))
    except CarrierError:
        return  # the first quote says it again
    except Exception as leaked:
        msg = f"{type(leaked).__name__} escaped from warm(): {leaked}"
        raise BrokenContractError(msg) from leaked


def moods_of_the_sandbox_are_described(under_test: CarrierUnderTest) -> None:
    """Each mood has a sentence, and every mood of a scenario exists; a carrier without HTTP needs no sandbox."""
    if not under_test.case.base_urls:
        return
    moods = under_test.sandbox.moods
    require_none((mood for mood, sentence in moods.items() if not sentence.strip()), "these moods have no sentence")
    used = {mood for scenario in under_test.case.scenarios for mood in scenario.moods}
    used |= {mood for own in under_test.case.known_own_faults for mood in own.moods}
    require_none(used - set(moods), "scenarios or own faults name moods that the sandbox does not know")


__all__ = [
    "a_diagnosis_can_be_read",
    "diagnosis",
    "moods_of_the_sandbox_are_described",
    "unreadable",
    "warming_up_changes_no_answer",
]
