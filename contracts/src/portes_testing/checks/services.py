"""Checks that a shipment which names services gets word of these alone, and that nobody is asked about others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from portes.contract import Answer, Rate, Shipment
from portes.engine.guard import batches
from portes_testing.checks.order import plain_shipments
from portes_testing.harness.calls import ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require_none
from portes_testing.harness.sandbox import served_sandbox

_ALL_SETS: Final = 4
"""Up to so many services every set of them is named; of more only each alone, all but each, and all."""


def named_sets(active: Sequence[str]) -> list[tuple[str, ...]]:
    """The sets of services that shipments name, each in the order of the settings; 15 of four services."""
    most = len(active)
    sizes = range(1, most + 1) if most <= _ALL_SETS else (1, most - 1, most)
    return [named for size in sizes for named in combinations(active, size)]


def only_what_is_named_is_answered(under_test: CarrierUnderTest) -> None:
    """Services have parcels of their own: each named one is answered as among all, others are not, also in a batch."""
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        for shipment in plain_shipments(under_test):
            whole = next(iter(ask(carrier, [shipment]).given), None)
            named = [_naming(shipment, codes) for codes in named_sets(under_test.case.active)]
            for batch in batches(named, carrier.abilities.batch):
                given = {answer.shipment_id: answer for answer in ask(carrier, batch).given}
                found = [problem for each in batch for problem in _astray(each, given.get(each.id), whole)]
                require_none(found, "a service would be sold in parcels that were packed for another one")


def _naming(shipment: Shipment, codes: tuple[str, ...]) -> Shipment:
    return shipment.model_copy(update={"id": f"{shipment.id} {'+'.join(codes)}", "services": codes})


def _astray(shipment: Shipment, answer: Answer | None, whole: Answer | None) -> Iterator[str]:
    """What is too much in an answer, or not as it is where no services are named."""
    found, among_all = _by_service(answer), _by_service(whole)
    yield from (f"{shipment.id}: {code}, which it does not name" for code in found if code not in shipment.services)
    for code in shipment.services:
        if found.get(code) != among_all.get(code):
            told, known = (_words(each.get(code)) for each in (found, among_all))
            yield f"{shipment.id}: {code} is {told} where it is named, {known} among all"


def _by_service(answer: Answer | None) -> dict[str, list[object]]:
    """Codes of services with their rates, whole, and the kinds of their refusals and failures."""
    found: dict[str, list[object]] = {}
    for outcome in answer.outcomes if answer else ():
        found.setdefault(outcome.service, []).append(outcome if isinstance(outcome, Rate) else outcome.kind)
    return found


def _words(outcomes: Sequence[object] | None) -> str:
    return " and ".join(map(str, outcomes or ["nothing"]))


def nobody_is_asked_about_what_is_not_named(under_test: CarrierUnderTest) -> None:
    """What is asked for some services is what a carrier asks that has no others: their calls, and no call more."""
    for codes in named_sets(under_test.case.active):
        shipments = [each.model_copy(update={"services": codes}) for each in under_test.case.served.shipments]
        asked, alone = _questions(under_test, shipments), _questions(under_test, shipments, codes)
        more = [f"{question[0]} {question[1]} for {' and '.join(codes)}" for question in (asked - alone).elements()]
        require_none(more, "calls that a carrier without the other services does not make: their answers are of no use")


def _questions(
    under_test: CarrierUnderTest, shipments: Sequence[Shipment], codes: Sequence[str] | None = None
) -> Counter[tuple[object, ...]]:
    """The calls that a new sandbox gets, by what they ask; of a carrier with these services alone where given."""
    services = [
        {**each, "active": each.get("active", True) and (codes is None or each["code"] in codes)}
        for each in under_test.case.services
    ]
    with served_sandbox(under_test) as sandbox:
        ask(sandbox.new_carrier(services=services), shipments)
        return Counter(call.question for call in sandbox.calls)


__all__ = ["named_sets", "nobody_is_asked_about_what_is_not_named", "only_what_is_named_is_answered"]
