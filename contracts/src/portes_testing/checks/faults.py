"""The check that a carrier tells each fault as what it is, for every recorded answer."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from portes.contract import Failure, FailureKind, Rate
from portes_testing.case import Case, Outcome, Scenario, Tokens
from portes_testing.checks.answers import unaccounted
from portes_testing.checks.discretion import note
from portes_testing.checks.purity import is_instant
from portes_testing.checks.recordings import cassette_of, it_sends_nothing, line_of, recorded_scenarios, shipments_of
from portes_testing.checks.waiting import GRACE, best_of, words_for
from portes_testing.faults.mutations import Mutant
from portes_testing.faults.replay_server import Break, Stand, standing
from portes_testing.faults.table import FAULTS, RETRY_AFTER, Fault, Shows
from portes_testing.harness.calls import AMPLE, Part, Said, ask, outcome, parts_of
from portes_testing.harness.carrier_under_test import Bench, KitClock, bench_of
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.network import closed_network
from portes_testing.harness.output import Evidence, collected
from portes_testing.recordings.exchange import Exchange, read_cassette
from portes_testing.recordings.scrubbing import leaks

ANY_FAILURE: Final = frozenset[Outcome](FailureKind) - {FailureKind.CRASHED}


@dataclass(frozen=True)
class Breakage:
    """One recorded answer of a scenario with one fault."""

    scenario: Scenario
    position: int
    exchange: Exchange
    fault: Fault
    mutant: Mutant

    def __str__(self) -> str:
        sent = self.exchange.sent
        return f"{self.scenario.name}-{self.position + 1}-{sent.method}{sent.path.replace('/', '-')}-{self.fault.name}"


def breakages(case: Case) -> list[Breakage]:
    """Every fault of the table for every distinct exchange in the case's recordings; none without recordings."""
    found: list[Breakage] = []
    seen: set[tuple[object, ...]] = set()
    for scenario in recorded_scenarios(case):
        for position, exchange in enumerate(read_cassette(cassette_of(case, scenario))):
            answer = (exchange.sent.question, exchange.received.status, exchange.received.body)
            if answer not in seen:
                seen.add(answer)
                found += _of(case, scenario, position, exchange)
    return found


def _of(case: Case, scenario: Scenario, position: int, exchange: Exchange) -> Iterator[Breakage]:
    for fault in FAULTS:
        if fault.with_tokens or not _fetches(case, exchange):
            mutant = fault.done_to(exchange.received, case.active)
            if mutant is not None:
                yield Breakage(scenario, position, exchange, fault, mutant)


def _fetches(case: Case, exchange: Exchange) -> bool:
    return isinstance(case.tokens, Tokens) and exchange.sent.path == case.tokens.path


@cache
def _unbroken(case: Case, scenario: Scenario) -> Said:
    """What the carrier says to the recording when nothing goes wrong."""
    said, stand = _run(case, scenario, None, AMPLE, Evidence())
    require_none(stand.unknown, f"{scenario.name}: asked on loopback, but never recorded")
    return said


def _run(
    case: Case, scenario: Scenario, broken: Break | None, timeout: float, evidence: Evidence
) -> tuple[Said, Stand]:
    line = line_of(case, scenario)
    with bench_of(case, clock=KitClock(line.moment), evidence=evidence) as bench:
        tokens = case.tokens if isinstance(case.tokens, Tokens) else None
        stand = Stand(read_cassette(cassette_of(case, scenario)), bench.scrubber(), broken, tokens)
        with standing(stand) as server, closed_network(server.port), collected(evidence):
            carrier = bench.birth(bench.at(dict.fromkeys(case.base_urls, server.port)))
            said = ask(carrier, shipments_of(case, scenario, line), timeout)
            note(evidence, carrier, said)
    return said, stand


def a_fault_is_told_as_what_it_is(bench: Bench, breakage: Breakage | None) -> None:
    """The right kind, within the timeout, not asked again and again, other services unharmed, no secret told.

    A carrier without recordings proves instead that it sends nothing that could go wrong.
    """
    if breakage is None:
        it_sends_nothing(bench)
        return
    case, scenario, fault = bench.case, breakage.scenario, breakage.fault
    timeout = case.timeout if fault.waits else AMPLE
    stands: list[Stand] = []

    def attempt() -> Said:
        broken = Break(breakage.position, fault, breakage.mutant)
        said, stand = _run(case, scenario, broken, timeout, bench.evidence)
        stands.append(stand)
        return said

    said = best_of(attempt, timeout)
    require(said.seconds <= timeout + GRACE, words_for(said.seconds, timeout))
    require_none(unaccounted(said, scenario.asked, case.active), f"{fault.happens}: an answer is not whole")
    require_none(_wrong(case, breakage, said), f"{fault.happens}: told as something else")
    require_none(stands[-1].too_often(), f"{fault.happens}: asked again and again")
    require(not stands[-1].followed, "it followed a redirect, credentials and all")
    require_none(_told(bench, stands[-1]), f"{fault.happens}: secrets can be read in logs, errors, answers or reprs")


def _wrong(case: Case, breakage: Breakage, said: Said) -> Iterator[str]:
    """Services that neither are as without the fault nor tell it rightly."""
    live = not _asks_in_background(case)
    plain = _parts(_unbroken(case, breakage.scenario), live=live)
    now = _parts(said, live=live)
    changed = {key for key in plain if not _same(plain[key], now.get(key))}
    allowed = _allowed(case, breakage)
    for key in sorted(changed):
        part = now.get(key)
        came = outcome(part) if part is not None else "nothing"
        if came not in allowed:
            yield f"{' '.join(key)}: {came} came, {' or '.join(sorted(allowed)) or 'what came before'} is right"
        elif isinstance(part, Failure) and _says_when(breakage, came) and part.retry_after != RETRY_AFTER:
            yield f"{' '.join(key)}: to be tried again in {RETRY_AFTER} s, the failure says {part.retry_after}"
    yield from _harmed(breakage, changed)
    if not changed and _must_show(case, breakage, plain):
        yield "every service answers as if nothing had happened"


def _says_when(breakage: Breakage, came: str) -> bool:
    """Whether the answer itself said when to try again; a carrier that keeps a limit of its own counts otherwise."""
    return came == FailureKind.THROTTLED and came in breakage.fault.allowed


def _harmed(breakage: Breakage, changed: Collection[tuple[str, str]]) -> Iterator[str]:
    touched = breakage.mutant.touched
    if touched is None:
        return
    services = {service for _, service in changed}
    if touched and services - set(touched):
        yield f"only {' and '.join(touched)} was touched, yet {' and '.join(sorted(services - set(touched)))} changed"
    if not touched and len(services) > 1:
        yield f"one entry was touched, yet {' and '.join(sorted(services))} changed"


def _parts(said: Said, *, live: bool) -> dict[tuple[str, str], Part]:
    parts = ((answer.shipment_id, part) for answer in said.answers for part in parts_of(answer))
    return {(shipment, part.service): part if live else _without_extras(part) for shipment, part in parts}


def _without_extras(part: Part) -> Part:
    """A rate without what an instant carrier learns in the background: the price may never hang on that."""
    return part.model_copy(update={"pickup_points": (), "notes": ()}) if isinstance(part, Rate) else part


@cache
def _asks_in_background(case: Case) -> bool:
    with bench_of(case) as bench:
        return is_instant(bench)


def _same(before: Part, after: Part | None) -> bool:
    if isinstance(before, Rate) and isinstance(after, Rate):
        return before == after
    return after is not None and outcome(before) == outcome(after)


def _allowed(case: Case, breakage: Breakage) -> Collection[Outcome]:
    told = case.told(breakage.fault.name, breakage.exchange.sent.path)
    if told is not None:
        return told.kinds
    if _gets_over_it(case, breakage):
        return ()
    if breakage.exchange.received.status >= 400 and breakage.mutant.reply.status == breakage.exchange.received.status:
        return ANY_FAILURE  # an error made worse is still an error
    return breakage.fault.allowed


def _gets_over_it(case: Case, breakage: Breakage) -> bool:
    over = breakage.fault.shows is Shows.AFTER_A_NEW_TOKEN_NEVER
    return over and isinstance(case.tokens, Tokens) and not _fetches(case, breakage.exchange)


def _must_show(case: Case, breakage: Breakage, plain: Mapping[tuple[str, str], Part]) -> bool:
    """Whether silence would be a lie: a rate hangs on this answer, and the fault leaves nothing of it."""
    touched = breakage.mutant.touched or case.active
    rated = any(isinstance(part, Rate) for (_, service), part in plain.items() if service in touched)
    good = breakage.exchange.received.status < 400
    excepted = case.told(breakage.fault.name, breakage.exchange.sent.path) is not None
    live = not _asks_in_background(case)
    return live and rated and good and not excepted and breakage.fault.shows is Shows.ALWAYS


def _told(bench: Bench, stand: Stand) -> Iterator[str]:
    names = bench.secrets()
    names |= dict.fromkeys(stand.tokens_given, "a token")
    yield from (names[secret] for secret in leaks(bench.evidence.text, names))


__all__ = ["Breakage", "a_fault_is_told_as_what_it_is", "breakages"]
