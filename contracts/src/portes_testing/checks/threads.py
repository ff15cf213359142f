"""Check that many threads may ask one carrier."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from portes.carrier import Carrier
from portes.contract import Answer, Shipment
from portes_testing.checks.order import plain_shipments
from portes_testing.checks.tokens import at_once
from portes_testing.harness.calls import ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require_none
from portes_testing.harness.sandbox import served_sandbox

ROUNDS: Final = 5
_HASTY: Final = 1e-5
"""Seconds between switches of threads, so that what can go wrong does."""


def many_threads_get_the_answers_of_one(under_test: CarrierUnderTest) -> None:
    """Different questions asked at once come to what each comes to alone; nobody gets another's price."""
    shipments = plain_shipments(under_test)
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        alone = {shipment.id: _answer(carrier, shipment) for shipment in shipments}
        with _hasty():
            crowd = at_once([partial(_answer, carrier, shipment) for shipment in shipments * ROUNDS])
    wrong = [
        f"{shipment.id}: {answer} in a crowd, {alone[shipment.id]} alone"
        for shipment, answer in zip(shipments * ROUNDS, crowd, strict=True)
        if answer != alone[shipment.id]
    ]
    require_none(wrong, "asked from many threads, it mixes its answers up")


def _answer(carrier: Carrier, shipment: Shipment) -> Answer | None:
    answers = ask(carrier, [shipment]).answers
    return answers[0] if answers else None


@contextmanager
def _hasty() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_HASTY)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


__all__ = ["many_threads_get_the_answers_of_one"]
