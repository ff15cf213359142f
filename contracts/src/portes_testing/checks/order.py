"""Checks that asking changes nothing: the same answer again, in order, alone or among others."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from portes.contract import Shipment
from portes_testing.harness.calls import ask, ask_about
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require
from portes_testing.harness.sandbox import served_sandbox


def the_same_question_gets_the_same_answer(under_test: CarrierUnderTest) -> None:
    """Asked twice, and asked of another instance, a carrier says the same; otherwise no cache could be right."""
    with served_sandbox(under_test) as sandbox:
        first, second = sandbox.new_carrier(), sandbox.new_carrier()
        result = [ask(carrier, under_test.case.served.shipments).answers for carrier in (first, first, second)]
    require(result[0] == result[1], f"asked twice, it said {result[0]} and then {result[1]}")
    require(result[0] == result[2], f"two carriers with the same settings said {result[0]} and {result[2]}")


def plain_shipments(under_test: CarrierUnderTest) -> list[Shipment]:
    """One shipment of each scenario that needs no mood, all with ids of their own."""
    scenarios = [each for each in under_test.case.scenarios if not each.moods and each.published is None]
    return [
        shipment.model_copy(update={"id": f"{scenario.name}-{index}"})
        for scenario in scenarios
        for index, shipment in enumerate(scenario.shipments)
    ]


def answers_keep_the_order_of_the_shipments(under_test: CarrierUnderTest) -> None:
    """One answer per shipment, in order, with its id: the engine pairs them by both."""
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        for batch in _batches(plain_shipments(under_test), carrier.abilities.batch):
            ids = [shipment.id for shipment in batch]
            found = [answer.shipment_id for answer in ask(carrier, batch).given]
            require(found == ids, f"asked about {', '.join(ids)}, it answered about {', '.join(found)}")


def _batches(shipments: Sequence[Shipment], size: int) -> Iterator[Sequence[Shipment]]:
    return (shipments[start : start + size] for start in range(0, len(shipments), size))


def a_full_batch_is_answered_as_each_alone(under_test: CarrierUnderTest) -> None:
    """As many shipments in one call as its abilities say come to what each comes to alone."""
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        shipments = _filled(plain_shipments(under_test), carrier.abilities.batch)
        together = {answer.shipment_id: answer for answer in ask(carrier, shipments).answers}
        for shipment in shipments:
            alone = ask(carrier, [shipment]).answers[0]
            require(
                together.get(shipment.id) == alone,
                f"{shipment.id}: {together.get(shipment.id)} among others, {alone} alone",
            )


def _filled(shipments: Sequence[Shipment], size: int) -> list[Shipment]:
    return [
        shipments[index % len(shipments)].model_copy(update={"id": f"batch-{index}"}) for index in range(min(size, 50))
    ]


def shipments_are_left_as_they_were(under_test: CarrierUnderTest) -> None:
    """Other carriers are asked about the same shipment at the same time."""
    for scenario in under_test.case.scenarios:
        if scenario.published is None:
            shipments = deepcopy(scenario.shipments)
            before = deepcopy([_state(shipment) for shipment in shipments])
            with served_sandbox(under_test, scenario.moods) as sandbox:
                ask_about(sandbox.new_carrier(), shipments)
            after = [_state(shipment) for shipment in shipments]
            require(before == after, f"{scenario.name}: the shipment was {before} and is {after}")


def _state(thing: Any) -> Any:  # noqa: ANN401 — nouns, however deep
    """Every field of a noun, read past pydantic: a field set by force shows too."""
    if hasattr(thing, "model_fields_set"):
        names = type(thing).model_fields
        return {name: _state(thing.__dict__.get(name)) for name in names}
    if isinstance(thing, tuple | list):
        return [_state(each) for each in thing]
    return thing


__all__ = [
    "a_full_batch_is_answered_as_each_alone",
    "answers_keep_the_order_of_the_shipments",
    "plain_shipments",
    "shipments_are_left_as_they_were",
    "the_same_question_gets_the_same_answer",
]
