"""Correios for the plugin's own tests: a carrier with the settings of the moment, asked on its simulator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portes.contract import Answer, Origin, Parcel, Place, Shipment
from portes_testing import (
    RATE,
    Absent,
    Case,
    Scenario,
    SentRequest,
    StoreProfile,
    ask,
    carrier_under_test,
    parcel,
    served_sandbox,
    shipment,
)

MOMENT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Brasília."""
SAO_PAULO = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BOX = parcel(250, 200, 150, 40, value="90.00 BRL")
SEDEX = {"code": "03220", "delivery": "express"}
SETTINGS = {"user": "00000000000191", "access_code": "canary-access-code-4711", "posting_card": "0012345678"}


@dataclass(frozen=True)
class Told:
    """What was answered, and what was asked over the wire for it."""

    answers: Sequence[Answer]
    calls: Sequence[SentRequest]

    def bodies(self, path: str) -> list[Any]:
        """The bodies of the calls of one path, in the order in which they stand in the question."""
        return [call.json for call in self.calls if call.path == path]

    def entries(self, path: str) -> list[Any]:
        """Every entry of the calls of one path."""
        return [entry for body in self.bodies(path) for name in body if name != "idLote" for entry in body[name]]


def made_case(
    services: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], sandbox: Callable[..., Any] | None = None
) -> Case:
    codes = [service["code"] for service in services if service.get("active", True)]
    there = sent_to("70002900", BOX)
    return Case(
        plugin="correios-br",
        settings={**SETTINGS, **settings},
        services=services,
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
        moment=MOMENT,
        served=Scenario("served", there, dict.fromkeys(codes, RATE)),
        unserved=Absent("this test is about something else"),
        too_heavy=Absent("this test is about something else"),
        several=Absent("this test is about something else"),
        tokens=Absent("this test is about something else"),
        sandbox=sandbox,
        cassettes=Path(__file__).parents[3] / "cassettes" / "correios-br",
    )


def sent_to(postal_code: str, *parcels: Parcel, name: str = "there") -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *(parcels or (BOX,)), origin=SAO_PAULO, to=place, on=date(2026, 11, 24))


@pytest.fixture
def to() -> Callable[..., Shipment]:
    """A shipment from São Paulo on the day after the moment, to a CEP."""
    return sent_to


@pytest.fixture
def case_of() -> Callable[..., Case]:
    """A case with these services and settings, for tests that need more than one answer."""
    return made_case


@pytest.fixture
def quoting() -> Callable[..., Told]:
    """Ask once, with the services and settings of the test."""

    def quote(
        *shipments: Shipment,
        services: Sequence[Mapping[str, Any]] = (SEDEX,),
        moods: Sequence[str] = (),
        sandbox: Callable[..., Any] | None = None,
        **settings: Any,
    ) -> Told:
        case = made_case(services, settings, sandbox)
        with carrier_under_test(case) as under_test, served_sandbox(under_test, moods) as served:
            said = ask(served.new_carrier(), shipments or case.served.shipments)
            return Told(said.answers, tuple(under_test.sent))

    return quote
