"""Checks of our own faults: failures of what they strike, covered by the fallback, named, and forgotten once mended."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from portes.carrier import Carrier, Finding, Severity
from portes.contract import Answer, Failure, Shipment, Source, Verdict
from portes.engine.answered import QuoteRecord
from portes_testing.case import ABOUT, RATE, Case, OwnFault, Tokens
from portes_testing.checks.optional import diagnosis, unreadable
from portes_testing.harness.calls import ask, kind_of, kinds_by_service
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.engine import FALLBACK, Engine, shipment_of
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import ServedSandbox, served_sandbox

WHILE: Final = timedelta(hours=1, minutes=1)
"""What passes before a carrier is asked again: no circuit and no short memory of a failure lasts longer."""


def own_faults_are_declared(under_test: CarrierUnderTest) -> None:
    """A carrier with HTTP has an own fault about each thing of ours, or a reason why it finds that one never wrong."""
    case = under_test.case
    declared = {own.about for own in case.known_own_faults} | {*case.blameless}
    missing = [about for about in ABOUT if about not in declared] if case.base_urls else []
    require_none(missing, "nobody says what becomes of a shopper when these are wrong; add them to `own_faults`")


def an_own_fault_is_a_failure(under_test: CarrierUnderTest, own: OwnFault | None) -> None:
    """What is wrong with us is a failure of each service that it strikes; the others answer as they always do."""
    if own is None:
        own_faults_are_declared(under_test)
        return
    shipments = _asked(under_test.case, own)
    with served_sandbox(under_test, own.moods) as sandbox:
        result = ask(_wrong(sandbox, own), shipments)
        sandbox.change_moods()
        otherwise = ask(sandbox.new_carrier(), shipments)
    struck = _struck(under_test.case, own)
    found = [lack for pair in zip(result.answers, otherwise.answers, strict=True) for lack in _misjudged(*pair, struck)]
    require_none(found, f"{own.name} is our own fault: told as a refusal, it looks as if nobody delivered there")


def an_own_fault_leads_to_the_fallback(under_test: CarrierUnderTest, own: OwnFault | None) -> None:
    """The engine asks the carrier's fallback in its place, and the shopper is served."""
    if own is None:
        own_faults_are_declared(under_test)
        return
    with served_sandbox(under_test, own.moods) as sandbox:
        records = Engine(under_test, _wrong(sandbox, own), _asked(under_test.case, own)).ask()
    found = [lack for record in records for lack in _uncovered(record, _struck(under_test.case, own))]
    require_none(found, f"{own.name} is our own fault, and the fallback does not cover it")


def an_own_fault_is_not_remembered(under_test: CarrierUnderTest, own: OwnFault | None) -> None:
    """Once we are right again and an hour has passed, the same engine gets rates from every service."""
    if own is None:
        own_faults_are_declared(under_test)
        return
    with served_sandbox(under_test, own.moods) as sandbox:
        engine = Engine(under_test, _wrong(sandbox, own), _asked(under_test.case, own))
        engine.ask()
        sandbox.change_moods()
        tokens = under_test.case.tokens
        under_test.clock.advance(WHILE + (tokens.lifetime if isinstance(tokens, Tokens) else timedelta()))
        records = _mended(sandbox, own, engine).ask()
    found = [lack for record in records for lack in _unrated(record, under_test.case.active)]
    require_none(found, f"{own.name} was mended, and is remembered all the same")


def a_diagnosis_names_an_own_fault(under_test: CarrierUnderTest, own: OwnFault | None) -> None:
    """The doctor has a finding for it that it has not otherwise, not OK, with cause and remedy in English."""
    if own is None:
        own_faults_are_declared(under_test)
        return
    with served_sandbox(under_test, own.moods) as sandbox:
        found = diagnosis(_wrong(sandbox, own))
        sandbox.change_moods()
        otherwise = diagnosis(sandbox.new_carrier()) or ()
    require(found is not None, f"nobody can say that it is {own.name}: write a diagnose()")
    new = [each for each in found or () if each.severity is not Severity.OK and each not in otherwise]
    named = [each for each in new if each.check == own.finding]
    require(named, f"{own.name} should be named by a finding {own.finding!r}; what the doctor finds is {_said(new)}")
    require_none(unreadable(named), f"{own.name} is named, and not in words that help")


def _wrong(sandbox: ServedSandbox, own: OwnFault) -> Carrier:
    """The carrier of a store that is wrong in this way."""
    return sandbox.new_carrier(settings=own.settings, origins=[shipment.origin for shipment in own.shipments])


def _mended(sandbox: ServedSandbox, own: OwnFault, engine: Engine) -> Engine:
    """The engine once we are right: the same one, or its successor where the store itself had to change."""
    if not own.settings and not own.shipments:
        return engine
    case = sandbox.under_test.case
    shipments = _asked(case, own) if own.moods or own.settings else case.served.shipments
    carrier = sandbox.new_carrier(origins=[shipment.origin for shipment in shipments])
    return Engine(sandbox.under_test, carrier, shipments, before=engine)


def _asked(case: Case, own: OwnFault) -> Sequence[Shipment]:
    return own.shipments or case.served.shipments


def _struck(case: Case, own: OwnFault) -> Collection[str]:
    return own.services or case.active


def _misjudged(answer: Answer, otherwise: Answer, struck: Collection[str]) -> Iterator[str]:
    """Services that are struck and did not fail, and others that answer as they do not when all is well."""
    before = {each.service: each for each in otherwise.outcomes}
    for each in answer.outcomes:
        came = f"{answer.shipment_id}, {each.service}: {kind_of(each)} came"
        if each.service in struck and not isinstance(each, Failure):
            yield f"{came} in place of a failure"
        elif each.service not in struck and each != before[each.service]:
            yield f"{came}, though only {' and '.join(sorted(struck))} should be struck"


def _uncovered(record: QuoteRecord, struck: Collection[str]) -> Iterator[str]:
    """What the fallback should have given and did not; a delivery type that still has a rate needs none."""
    (answered,) = record.answers.values()
    services, shipment = answered.question.member.services, shipment_of(record)
    if FALLBACK not in {each.question.member.key for each in answered.chain}:
        yield f"{shipment}: it is not asked"
    if record.quote.verdict is not Verdict.SERVED:
        yield f"{shipment}: the verdict is {record.quote.verdict}"
    living = {services[code].delivery for code in services if code not in struck}
    covered = {services[rate.service].delivery for rate in answered.final.rates if rate.source is Source.FALLBACK}
    for delivery in sorted({services[code].delivery for code in struck} - living - covered):
        yield f"{shipment}: no rate of it for {delivery}"


def _unrated(record: QuoteRecord, active: Collection[str]) -> Iterator[str]:
    """Services without a rate of their own."""
    (answered,) = record.answers.values()
    for code, (kind, *_) in kinds_by_service(answered.raw).items():
        if code in active and kind is not RATE:
            yield f"{shipment_of(record)}, {code}: {kind}"


def _said(found: Sequence[Finding]) -> str:
    return ", ".join(f"{each.check} ({each.evidence or each.severity})" for each in found) or "nothing"


__all__ = [
    "a_diagnosis_names_an_own_fault",
    "an_own_fault_is_a_failure",
    "an_own_fault_is_not_remembered",
    "an_own_fault_leads_to_the_fallback",
    "own_faults_are_declared",
]
