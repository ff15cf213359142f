"""Checks that asking changes nothing: the same answer again, in order, alone or among others."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from portes.contract import Shipment
from portes_testing.harness.calls import ask, ask_about
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require
from portes_testing.harness.sandbox import staged


def the_same_question_gets_the_same_answer(bench: Bench) -> None:
    """Asked twice, and asked of another instance, a carrier says the same; otherwise no cache could be right."""
    with staged(bench) as stage:
        first, second = stage.birth(), stage.birth()
        said = [ask(carrier, bench.case.served.asked).answers for carrier in (first, first, second)]
    require(said[0] == said[1], f"asked twice, it said {said[0]} and then {said[1]}")
    require(said[0] == said[2], f"two carriers with the same settings said {said[0]} and {said[2]}")


def plain_shipments(bench: Bench) -> list[Shipment]:
    """One shipment of each scenario that needs no mood, all with ids of their own."""
    scenarios = [each for each in bench.case.scenarios if not each.moods and each.published is None]
    return [
        shipment.model_copy(update={"id": f"{scenario.name}-{index}"})
        for scenario in scenarios
        for index, shipment in enumerate(scenario.asked)
    ]


def answers_keep_the_order_of_the_shipments(bench: Bench) -> None:
    """One answer per shipment, in order, with its id: the engine pairs them by both."""
    with staged(bench) as stage:
        carrier = stage.birth()
        for batch in _batches(plain_shipments(bench), carrier.abilities.batch):
            ids = [shipment.id for shipment in batch]
            found = [answer.shipment_id for answer in ask(carrier, batch).answers]
            require(found == ids, f"asked about {', '.join(ids)}, it answered about {', '.join(found)}")


def _batches(shipments: Sequence[Shipment], size: int) -> Iterator[Sequence[Shipment]]:
    return (shipments[start : start + size] for start in range(0, len(shipments), size))


def a_full_batch_is_answered_as_each_alone(bench: Bench) -> None:
    """As many shipments in one call as its abilities say come to what each comes to alone."""
    with staged(bench) as stage:
        carrier = stage.birth()
        shipments = _filled(plain_shipments(bench), carrier.abilities.batch)
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


def shipments_are_left_as_they_were(bench: Bench) -> None:
    """Other carriers are asked about the same shipment at the same time."""
    for scenario in bench.case.scenarios:
        if scenario.published is None:
            shipments = deepcopy(scenario.asked)
            before = deepcopy([_state(shipment) for shipment in shipments])
            with staged(bench, scenario.moods) as stage:
                ask_about(stage.birth(), shipments)
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
