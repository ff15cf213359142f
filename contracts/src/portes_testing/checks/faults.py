"""The check that a carrier reports each fault as what it is, for every recorded answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from portes.contract import Failure, FailureKind, Rate
from portes_testing.case import Case, OutcomeKind, Scenario, Tokens
from portes_testing.checks.answers import unaccounted
from portes_testing.checks.discretion import note
from portes_testing.checks.purity import is_instant
from portes_testing.checks.recordings import (
    exchanges_of,
    it_sends_nothing,
    line_of,
    recorded_scenarios,
    shipments_of,
)
from portes_testing.checks.waiting import waits_too_long
from portes_testing.faults.mutations import Mutant
from portes_testing.faults.replay_server import BrokenAnswer, ReplayServer, served_replay
from portes_testing.faults.table import RETRY_AFTER, Fault, Shows, faults_of
from portes_testing.harness.calls import AMPLE, CallResult, Outcome, ask, kind_of
from portes_testing.harness.carrier_under_test import CarrierUnderTest, KitClock, carrier_under_test
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.network import closed_network
from portes_testing.harness.output import Output, captured
from portes_testing.recordings.exchange import Exchange
from portes_testing.recordings.scrubbing import leaks
from portes_testing.recordings.structure import answer_fingerprint

ANY_FAILURE: Final = frozenset[OutcomeKind](FailureKind) - {FailureKind.CRASHED}


@dataclass(frozen=True)
class FaultInjection:
    """One recorded answer of a scenario with one fault."""

    scenario: Scenario
    position: int
    exchange: Exchange
    fault: Fault
    mutant: Mutant
    repeats: bool = False
    """Whether an earlier one of the case does the same to an answer of the same kind."""

    @property
    def kind(self) -> tuple[str, ...]:
        """The fault, and what it can find: a call and its class of status, or the structure of a body."""
        if self.fault.changes_body:
            return self.fault.name, answer_fingerprint(self.exchange)
        request, status = self.exchange.request, self.exchange.response.status
        if self.fault.of_transport:
            return self.fault.name, f"{status // 100}xx"
        return self.fault.name, request.method, request.path, f"{status // 100}xx"

    def __str__(self) -> str:
        request = self.exchange.request
        path = request.path.replace("/", "-")
        return f"{self.scenario.name}-{self.position + 1}-{request.method}{path}-{self.fault.name}"


def fault_injections(case: Case) -> list[FaultInjection]:
    """Every fault of the table for every distinct exchange in the case's recordings; none without recordings.

    A fault that leaves the body alone is done once to each method, path and class of status, one of the transport once
    to each class of status, and one that changes the body once to each structure of an answer; the others repeat these.
    """
    found: list[FaultInjection] = []
    seen: set[tuple[object, ...]] = set()
    for scenario in recorded_scenarios(case):
        for position, exchange in enumerate(exchanges_of(case, scenario)):
            answer = (exchange.request.question, exchange.response.status, exchange.response.body)
            if answer not in seen:
                seen.add(answer)
                found += _of(case, scenario, position, exchange)
    return _repeats_marked(found)


def _of(case: Case, scenario: Scenario, position: int, exchange: Exchange) -> Iterator[FaultInjection]:
    for fault in faults_of(case.echo):
        if fault.with_tokens or not _fetches(case, exchange):
            mutant = fault.done_to(exchange.response, case.active)
            if mutant is not None:
                yield FaultInjection(scenario, position, exchange, fault, mutant)


def _repeats_marked(injections: Sequence[FaultInjection]) -> list[FaultInjection]:
    kinds: set[tuple[str, ...]] = set()
    marked: list[FaultInjection] = []
    for each in injections:
        marked.append(replace(each, repeats=each.kind in kinds))
        kinds.add(each.kind)
    return marked


def _fetches(case: Case, exchange: Exchange) -> bool:
    return isinstance(case.tokens, Tokens) and exchange.request.path == case.tokens.path


@dataclass(frozen=True)
class _Run:
    """A recording played to the carrier, with or without a fault."""

    result: CallResult
    replay: ReplayServer
    outlasted: bool
    """Whether the carrier was still there when a hanging server gave up."""


@cache
def _unbroken(case: Case, scenario: Scenario) -> CallResult:
    """The answers to the recording when nothing goes wrong."""
    run = _run(case, scenario, None, AMPLE, Output())
    require_none(run.replay.unknown, f"{scenario.name}: asked on loopback, but never recorded")
    return run.result


def _run(case: Case, scenario: Scenario, broken: BrokenAnswer | None, timeout: float, output: Output) -> _Run:
    line = line_of(case, scenario)
    with carrier_under_test(case, clock=KitClock(line.moment), output=output) as under_test:
        tokens = case.tokens if isinstance(case.tokens, Tokens) else None
        replay = ReplayServer(exchanges_of(case, scenario), under_test.scrubber(), broken, tokens)
        with served_replay(replay) as server, closed_network(server.port), captured(output):
            carrier = under_test.new_carrier(under_test.at(dict.fromkeys(case.base_urls, server.port)))
            result = ask(carrier, shipments_of(case, scenario, line), timeout)
            note(output, carrier, result)
            return _Run(result, replay, server.outlasted)


def a_fault_is_told_as_what_it_is(under_test: CarrierUnderTest, injection: FaultInjection | None) -> None:
    """The right kind, within the timeout, not asked again and again, other services unharmed, no secret told.

    A carrier without recordings proves instead that it sends nothing that could go wrong.
    """
    if injection is None:
        it_sends_nothing(under_test)
        return
    case, scenario, fault = under_test.case, injection.scenario, injection.fault
    timeout = case.timeout if fault.waits else AMPLE
    broken = BrokenAnswer(injection.position, fault, injection.mutant)
    run = _run(case, scenario, broken, timeout, under_test.output)
    late = waits_too_long(run.result, timeout, outlasted=run.outlasted)
    require_none(late, f"{fault.happens}: the thread is lost to others")
    require_none(unaccounted(run.result, scenario.shipments, case.active), f"{fault.happens}: an answer is not whole")
    require_none(_wrong(case, injection, run.result), f"{fault.happens}: told as something else")
    require_none(run.replay.too_often(), f"{fault.happens}: asked again and again")
    require(not run.replay.followed, "it followed a redirect, credentials and all")
    require_none(
        _leaked(under_test, run.replay), f"{fault.happens}: secrets can be read in logs, errors, answers or reprs"
    )


def _wrong(case: Case, injection: FaultInjection, result: CallResult) -> Iterator[str]:
    """Services that neither are as without the fault nor tell it rightly."""
    live = not _asks_in_background(case)
    plain = _outcomes(_unbroken(case, injection.scenario), live=live)
    now = _outcomes(result, live=live)
    changed = {key for key in plain if not _same(plain[key], now.get(key))}
    allowed = _allowed(case, injection)
    for key in sorted(changed):
        each = now.get(key)
        came = kind_of(each) if each is not None else "nothing"
        if came not in allowed:
            yield f"{' '.join(key)}: {came} came, {' or '.join(sorted(allowed)) or 'what came before'} is right"
        elif isinstance(each, Failure) and _says_when(injection, came) and each.retry_after != RETRY_AFTER:
            yield f"{' '.join(key)}: to be tried again in {RETRY_AFTER} s, the failure says {each.retry_after}"
    yield from _harmed(injection, changed)
    if not changed and _must_show(case, injection, plain):
        yield "every service answers as if nothing had happened"


def _says_when(injection: FaultInjection, came: str) -> bool:
    """Whether the answer itself said when to try again; a carrier that keeps a limit of its own counts otherwise."""
    return came == FailureKind.THROTTLED and came in injection.fault.allowed


def _harmed(injection: FaultInjection, changed: Collection[tuple[str, str]]) -> Iterator[str]:
    touched = injection.mutant.touched
    if touched is None:
        return
    services = {service for _, service in changed}
    if touched and services - set(touched):
        yield f"only {' and '.join(touched)} was touched, yet {' and '.join(sorted(services - set(touched)))} changed"
    if not touched and len(services) > 1:
        yield f"one entry was touched, yet {' and '.join(sorted(services))} changed"


def _outcomes(result: CallResult, *, live: bool) -> dict[tuple[str, str], Outcome]:
    found = ((answer.shipment_id, each) for answer in result.answers for each in answer.outcomes)
    return {(shipment, each.service): each if live else _without_extras(each) for shipment, each in found}


def _without_extras(each: Outcome) -> Outcome:
    """A rate without what an instant carrier learns in the background: the price may never hang on that."""
    return each.model_copy(update={"pickup_points": (), "notes": ()}) if isinstance(each, Rate) else each


@cache
def _asks_in_background(case: Case) -> bool:
    with carrier_under_test(case) as under_test:
        return is_instant(under_test)


def _same(before: Outcome, after: Outcome | None) -> bool:
    if isinstance(before, Rate) and isinstance(after, Rate):
        return before == after
    return after is not None and kind_of(before) == kind_of(after)


def _allowed(case: Case, injection: FaultInjection) -> Collection[OutcomeKind]:
    exception = case.allowed(injection.fault.name, injection.exchange.request.path)
    if exception is not None:
        return exception.kinds
    if _gets_over_it(case, injection):
        return ()
    if (
        injection.exchange.response.status >= 400
        and injection.mutant.reply.status == injection.exchange.response.status
    ):
        return ANY_FAILURE  # an error made worse is still an error
    return injection.fault.allowed


def _gets_over_it(case: Case, injection: FaultInjection) -> bool:
    over = injection.fault.shows is Shows.AFTER_A_NEW_TOKEN_NEVER
    return over and isinstance(case.tokens, Tokens) and not _fetches(case, injection.exchange)


def _must_show(case: Case, injection: FaultInjection, plain: Mapping[tuple[str, str], Outcome]) -> bool:
    """Whether silence would be a lie: a rate hangs on this answer, and the fault leaves nothing of it."""
    touched = injection.mutant.touched or case.active
    rated = any(isinstance(each, Rate) for (_, service), each in plain.items() if service in touched)
    good = injection.exchange.response.status < 400
    excepted = case.allowed(injection.fault.name, injection.exchange.request.path) is not None
    live = not _asks_in_background(case)
    return live and rated and good and not excepted and injection.fault.shows is Shows.ALWAYS


def _leaked(under_test: CarrierUnderTest, replay: ReplayServer) -> Iterator[str]:
    names = under_test.secrets()
    names |= dict.fromkeys(replay.tokens_given, "a token")
    yield from (names[secret] for secret in leaks(under_test.output.text, names))


__all__ = ["FaultInjection", "a_fault_is_told_as_what_it_is", "fault_injections"]
