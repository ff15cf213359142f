"""Checks that nothing is lost from an answer and nothing doubled."""

from collections.abc import Iterator, Sequence

from portes.carrier import Carrier
from portes.contract import Shipment
from portes_testing.case import Scenario
from portes_testing.harness.calls import CallResult, ask, kinds_by_service
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require_none
from portes_testing.harness.sandbox import served_sandbox


def played(under_test: CarrierUnderTest) -> Iterator[tuple[Scenario, Carrier, CallResult]]:
    """Every scenario that the sandbox can play, and what came of it."""
    for scenario in under_test.case.scenarios:
        if scenario.published is None:
            with served_sandbox(under_test, scenario.moods) as sandbox:
                carrier = sandbox.new_carrier()
                yield scenario, carrier, ask(carrier, scenario.shipments)


def unaccounted(result: CallResult, shipments: Sequence[Shipment], active: Sequence[str]) -> Iterator[str]:
    """What is lost, doubled or too much in what the carrier gave, before the guard puts it right."""
    if len(result.given) != len(shipments):
        yield f"{len(result.given)} answers to {len(shipments)} shipments"
    for answer in result.given:
        found = kinds_by_service(answer)
        yield from (f"{answer.shipment_id}: nothing about {code}" for code in active if code not in found)
        yield from (f"{answer.shipment_id}: {code}, which is not active" for code in found if code not in active)
        yield from (f"{answer.shipment_id}: {code} {len(each)} times" for code, each in found.items() if len(each) > 1)


def every_active_service_is_accounted_for(under_test: CarrierUnderTest) -> None:
    """Each active service stands in exactly one of rates, refusals and failures, in every scenario."""
    found = [
        f"{scenario.name}: {problem}"
        for scenario, _, result in played(under_test)
        for problem in unaccounted(result, scenario.shipments, under_test.case.active)
    ]
    require_none(found, "a lost service looks like a failure, a doubled one like two offers")


def an_inactive_service_is_absent(under_test: CarrierUnderTest) -> None:
    """A service that an operator switches off is neither asked nor answered."""
    off, *others = under_test.case.active
    services = [
        {**each, "active": each.get("active", True) and each["code"] != off} for each in under_test.case.services
    ]
    with served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(services=services), under_test.case.served.shipments)
    require_none(unaccounted(result, under_test.case.served.shipments, others), f"{off} is switched off")


__all__ = ["an_inactive_service_is_absent", "every_active_service_is_accounted_for", "played", "unaccounted"]
