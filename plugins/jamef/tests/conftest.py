"""Jamef for the plugin's own tests: a carrier with the settings of the moment, asked on its simulator."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portes.contract import Answer, Origin, Parcel, Place, Shipment
from portes.toolbox import HttpResponse
from portes_testing import (
    RATE,
    Absent,
    CarrierUnderTest,
    Case,
    Scenario,
    SentRequest,
    ServedSandbox,
    StoreProfile,
    Tokens,
    ask,
    carrier_under_test,
    parcel,
    served_sandbox,
    shipment,
)

SAMPLES = Path(__file__).parent / "samples"
MOMENT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Brasília."""
TUESDAY = date(2026, 11, 24)
BOX = parcel(7500, 400, 300, 250, value="899.90 BRL")
ROAD = {"code": "1", "delivery": "normal"}
AIR = {"code": "2", "delivery": "express"}
SETTINGS = {
    "user": "integracao@example.com",
    "password": "canary-password-4711",
    "qa_password": "canary-portal-0815",
    "payer": "11222333000181",
    "branch": "07",
}
OTHERS = Absent("this test is about something else")


@dataclass(frozen=True)
class Told:
    """What was answered, what was asked over the wire for it, and what was logged meanwhile."""

    answers: Sequence[Answer]
    calls: Sequence[SentRequest]
    log: str = field(repr=False, default="")

    @property
    def questions(self) -> list[Any]:
        """The bodies of the questions for prices, in the order of the services."""
        bodies = [call.json for call in self.calls if call.path.endswith("/cotacao")]
        return sorted(bodies, key=lambda body: str(body["tipoTransporte"]))


def case_of(settings: Mapping[str, Any], services: Sequence[Mapping[str, Any]]) -> Case:
    codes = [str(service["code"]) for service in services if service.get("active", True)]
    return Case(
        plugin="jamef",
        settings={**SETTINGS, **settings},
        services=services,
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
        moment=MOMENT,
        served=Scenario("served", sent_to("20040020"), dict.fromkeys(codes, RATE)),
        unserved=OTHERS,
        too_heavy=OTHERS,
        several=OTHERS,
        tokens=Tokens("/auth/v1/login", ("accessToken", "refreshToken"), timedelta(hours=1)),
        base_urls=("base_url", "qa_url"),
        cassettes=Path(__file__).parents[3] / "cassettes" / "jamef",
    )


def sent_to(cep: str, *parcels: Parcel, origin: int = 1, day: date = TUESDAY, country: str = "BR") -> Shipment:
    here = Origin(id=origin, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    return shipment("there", *(parcels or (BOX,)), origin=here, to=Place(country=country, postal_code=cep), on=day)


@pytest.fixture
def to() -> Callable[..., Shipment]:
    """A shipment from São Paulo on the day after the moment, to a CEP."""
    return sent_to


@contextmanager
def in_sandbox(
    *moods: str, services: Sequence[Mapping[str, Any]] = (ROAD, AIR), **settings: Any
) -> Iterator[tuple[CarrierUnderTest, ServedSandbox]]:
    with carrier_under_test(case_of(settings, services)) as under_test, served_sandbox(under_test, moods) as sandbox:
        yield under_test, sandbox


@pytest.fixture
def simulating() -> Callable[..., Any]:
    """The plugin under test and the simulator in some moods, as a context manager."""
    return in_sandbox


@pytest.fixture
def without_sandbox() -> Iterator[CarrierUnderTest]:
    """The plugin under test without a simulator, until the test ends."""
    with carrier_under_test(case_of({}, (ROAD, AIR))) as under_test:
        yield under_test


@pytest.fixture
def quoting() -> Callable[..., Told]:
    """Ask once, with the services and settings of the test."""

    def quote(
        *shipments: Shipment,
        moods: Sequence[str] = (),
        services: Sequence[Mapping[str, Any]] = (ROAD,),
        **settings: Any,
    ) -> Told:
        with in_sandbox(*moods, services=services, **settings) as (under_test, sandbox):
            said = ask(sandbox.new_carrier(), shipments or [sent_to("20040020")])
            return Told(said.answers, tuple(under_test.sent), under_test.output.text)

    return quote


@pytest.fixture
def sample() -> Callable[..., HttpResponse]:
    """A published body, as it would be received."""

    def received(name: str, status: int = 200, **headers: str) -> HttpResponse:
        return HttpResponse(status, headers, (SAMPLES / name).read_bytes())

    return received
