"""Checks that nothing is lost from an answer and nothing doubled."""

from collections.abc import Iterator, Sequence

from portes.carrier import Carrier
from portes.contract import Shipment
from portes_testing.case import Scenario
from portes_testing.harness.calls import Said, ask, outcomes
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require_none
from portes_testing.harness.sandbox import staged


def played(bench: Bench) -> Iterator[tuple[Scenario, Carrier, Said]]:
    """Every scenario that the sandbox can play, and what was said."""
    for scenario in bench.case.scenarios:
        if scenario.published is None:
            with staged(bench, scenario.moods) as stage:
                carrier = stage.birth()
                yield scenario, carrier, ask(carrier, scenario.asked)


def unaccounted(said: Said, shipments: Sequence[Shipment], active: Sequence[str]) -> Iterator[str]:
    """What is lost, doubled or too much in an answer."""
    if len(said.answers) != len(shipments):
        yield f"{len(said.answers)} answers to {len(shipments)} shipments"
    for answer in said.answers:
        found = outcomes(answer)
        yield from (f"{answer.shipment_id}: nothing about {code}" for code in active if code not in found)
        yield from (f"{answer.shipment_id}: {code}, which is not active" for code in found if code not in active)
        yield from (f"{answer.shipment_id}: {code} {len(each)} times" for code, each in found.items() if len(each) > 1)


def every_active_service_is_accounted_for(bench: Bench) -> None:
    """Each active service stands in exactly one of rates, refusals and failures, in every scenario."""
    found = [
        f"{scenario.name}: {problem}"
        for scenario, _, said in played(bench)
        for problem in unaccounted(said, scenario.asked, bench.case.active)
    ]
    require_none(found, "a lost service looks like a failure, a doubled one like two offers")


def an_inactive_service_is_absent(bench: Bench) -> None:
    """A service that an operator switches off is neither asked nor answered."""
    off, *others = bench.case.active
    services = [{**each, "active": each.get("active", True) and each["code"] != off} for each in bench.case.services]
    with staged(bench) as stage:
        said = ask(stage.birth(services=services), bench.case.served.asked)
    require_none(unaccounted(said, bench.case.served.asked, others), f"{off} is switched off")


__all__ = ["an_inactive_service_is_absent", "every_active_service_is_accounted_for", "played", "unaccounted"]
