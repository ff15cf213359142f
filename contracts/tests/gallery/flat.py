"""A carrier without HTTP that can do next to nothing, so that the suite has abilities to find absent."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import (
    Answer,
    Money,
    Origin,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
)
from portes.toolbox import Tools
from portes_testing import RATE, Absent, Case, Scenario, StoreProfile, parcel, shipment


class Flat:
    """One price for one parcel, wherever it goes and whatever it weighs."""

    Settings = CarrierSettings
    ServiceSettings = Service

    def __init__(self, settings: CarrierSettings, services: Sequence[Service], tools: Tools) -> None:
        self._settings = settings
        self._store = tools.store
        self.abilities = Abilities(services=tuple(services), instant=True, price_source="table", time_source="table")

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment; nothing waits, so the deadline does not matter."""
        del deadline
        return [self._answer(each) for each in shipments]

    def _answer(self, asked: Shipment) -> Answer:
        codes = [service.code for service in self.abilities.active if asked.asks(service.code)]
        if len({parcel.weight for parcel in asked.parcels}) > 1:
            return Answer.of(asked, [_one_parcel(code) for code in codes])
        return Answer.of(asked, [self._rate(code, asked.pieces) for code in codes])

    def _rate(self, code: str, pieces: int) -> Rate:
        cost = Money(minor=990 * pieces, currency=self._store.currency)
        transit = TransitTime(min=1, max=2, calendar=self._store.calendar)
        return Rate(service=code, cost=cost, transit=transit, source=Source.TABLE)


def _one_parcel(code: str) -> Refusal:
    return Refusal(service=code, kind=RefusalKind.OTHER, text="parcels of one kind only")


HERE = Origin(id=1, place=Place(country="ES", postal_code="28013"), calendar="ES-MD")
THERE = Place(country="ES", postal_code="08001")

FLAT = Case(
    plugin="flat",
    settings={},
    services=({"code": "flat", "delivery": "normal"},),
    store=StoreProfile(country="ES", currency="EUR", timezone="Europe/Madrid", calendar="ES-MD"),
    moment=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    served=Scenario(
        "served",
        shipment("served", parcel(500, 200, 150, 100), origin=HERE, to=THERE, on=date(2026, 11, 24)),
        {"flat": RATE},
    ),
    unserved=Absent("it goes everywhere"),
    too_heavy=Absent("it carries anything"),
    several=Absent("it takes parcels of one kind"),
    tokens=Absent("it asks nobody"),
    base_urls=(),
    carrier=Flat,
)
