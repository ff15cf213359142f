"""Jamef for the plugin's own tests: a carrier with the settings of the moment, asked on its simulator."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portes.carrier import Deadline
from portes.contract import Answer, Origin, Outcome, Parcel, Place, Shipment
from portes.toolbox import HttpResponse, TokenCache
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


def case_of(
    settings: Mapping[str, Any], services: Sequence[Mapping[str, Any]], origins: Sequence[int | Origin] = (1,)
) -> Case:
    codes = [str(service["code"]) for service in services if service.get("active", True)]
    sent = [sent_to("20040020", origin=origin) for origin in reversed(origins)]  # the kit tells the last one first
    return Case(
        plugin="jamef",
        settings={**SETTINGS, **settings},
        services=services,
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
        moment=MOMENT,
        served=Scenario("served", sent, dict.fromkeys(codes, RATE)),
        unserved=OTHERS,
        too_heavy=OTHERS,
        several=OTHERS,
        tokens=Tokens("/auth/v1/login", ("accessToken", "refreshToken"), timedelta(hours=1)),
        base_urls=("base_url", "qa_url"),
        cassettes=Path(__file__).parents[3] / "cassettes" / "jamef",
    )


def origin_of(number: int, cep: str = "01001000") -> Origin:
    return Origin(id=number, place=Place(country="BR", postal_code=cep), calendar="BR-SP")


def sent_to(cep: str, *parcels: Parcel, origin: int | Origin = 1, day: date = TUESDAY, country: str = "BR") -> Shipment:
    here = origin if isinstance(origin, Origin) else origin_of(origin)
    return shipment("there", *(parcels or (BOX,)), origin=here, to=Place(country=country, postal_code=cep), on=day)


@pytest.fixture
def to() -> Callable[..., Shipment]:
    """A shipment from São Paulo on the day after the moment, to a CEP."""
    return sent_to


@contextmanager
def in_sandbox(
    *moods: str,
    services: Sequence[Mapping[str, Any]] = (ROAD, AIR),
    origins: Sequence[int | Origin] = (1,),
    **settings: Any,
) -> Iterator[tuple[CarrierUnderTest, ServedSandbox]]:
    """`origins` are the store's, by their number where their CEP does not matter."""
    case = case_of(settings, services, origins)
    with carrier_under_test(case) as under_test, served_sandbox(under_test, moods) as sandbox:
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
        origins = [each.origin for each in shipments or [sent_to("20040020")]]
        with in_sandbox(*moods, services=services, origins=origins, **settings) as (under_test, sandbox):
            said = ask(sandbox.new_carrier(), shipments or [sent_to("20040020")])
            return Told(said.answers, tuple(under_test.sent), under_test.output.text)

    return quote


@pytest.fixture(scope="module")
def answered() -> Iterator[Callable[..., Outcome]]:
    """What becomes of the road for a shipment that Jamef answers with a status and a body in its envelope."""
    enveloped = {"situacao": 200, "idCorrelacao": "6a2dc000-b812-11ef-9cb7-0c37964d58aa"}
    with in_sandbox(services=(ROAD,)) as (under_test, sandbox):
        assert sandbox.tap
        under_test.tool_overrides = {"tokens": TokenCache(None, under_test.clock)}  # one login for all of them

        def outcome(status: int, body: Mapping[str, Any], **settings: Any) -> Outcome:
            assert sandbox.tap
            carrier: Any = sandbox.new_carrier(settings=settings)
            sandbox.tap.forced_reply = None
            carrier.warm(Deadline(20))
            sandbox.tap.forced_reply = (status, json.dumps({**enveloped, "situacao": status, **body}).encode())
            (answer,) = ask(carrier, [sent_to("20040020")]).answers
            (one,) = answer.outcomes
            return one

        yield outcome


@pytest.fixture
def sample() -> Callable[..., HttpResponse]:
    """A published body, as it would be received."""

    def received(name: str, status: int = 200, **headers: str) -> HttpResponse:
        return HttpResponse(status, headers, (SAMPLES / name).read_bytes())

    return received
