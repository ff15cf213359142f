"""The engine as a store has it, with one carrier and a fallback for it, asked about a case's shipments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from portes.calendars import WorkingWeek
from portes.carrier import Abilities, Carrier, Deadline
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import (
    Answer,
    Item,
    Money,
    QuoteRequest,
    Rate,
    Service,
    Shipment,
    Source,
    TransitTime,
)
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.packing.protocol import PackedParcel, PackingTask
from portes.settings import CacheTtl, CarrierSection, StoreSection
from portes_testing.case import StoreProfile
from portes_testing.harness.calls import AMPLE, member
from portes_testing.harness.carrier_under_test import CarrierUnderTest, built

FALLBACK: Final = "fallback"
"""The fallback carrier's key in the engine's settings."""
LONG: Final = timedelta(days=365).total_seconds()
"""How long answers are remembered: a refusal that should not have been given never goes away."""


class Engine:
    """The engine of a store that ships just these shipments; it remembers and opens circuits as in real life.

    `before` is the engine whose place this one takes, as when an operator changes the settings.
    """

    def __init__(
        self,
        under_test: CarrierUnderTest,
        carrier: Carrier,
        shipments: Sequence[Shipment],
        before: "Engine | None" = None,
    ) -> None:
        self._carrier = carrier
        self._shipments = {shipment.id: shipment for shipment in shipments}
        self._currency = under_test.case.store.currency
        self._records: list[QuoteRecord] = []
        self.quoter: Quoter = Quoter(
            self._policy(under_test.case.store),
            clock=under_test.clock,
            record=self._records.append,
            before=before.quoter if before else None,
        )
        under_test.opened.append(self.quoter)

    def ask(self) -> list[QuoteRecord]:
        """Quote each shipment, again once the carrier's calls in the background are done: all it was made of."""
        records = self._asked()
        return self._asked() if built(self._carrier).background.run() else records

    def _asked(self) -> list[QuoteRecord]:
        self._records.clear()
        for shipment in self._shipments.values():
            self.quoter.quote(self._request(shipment))
        return [*self._records]

    def _request(self, shipment: Shipment) -> QuoteRequest:
        """A request that is packed into this very shipment."""
        first = shipment.parcels[0]
        item = Item(sku=shipment.id, quantity=1, weight=first.weight, size=first.size)
        return QuoteRequest(
            channel="contract", store="contract", destination=shipment.place, lines=(item,), currency=self._currency
        )

    def _packed(self, task: PackingTask) -> Sequence[PackedParcel]:
        return [PackedParcel(parcel) for parcel in self._shipments[task.lines[0].item.sku].parcels]

    def _policy(self, store: StoreProfile) -> Policy:
        facts = store.facts()
        origins = {shipment.origin.id: shipment.origin for shipment in self._shipments.values()}
        stocked = {shipment.id: CatalogueEntry(origins=(shipment.origin.id,)) for shipment in self._shipments.values()}
        return Policy(
            store="contract",
            settings=StoreSection(
                country=store.country, currency=store.currency, timezone=store.timezone, calendar=store.calendar
            ),
            timezone=facts.timezone,
            origins=tuple(origins.values()),
            weeks={number: WorkingWeek.of(origin, facts.timezone) for number, origin in origins.items()},
            members=(self._member(),),
            fallbacks={FALLBACK: self._fallback(store)},
            catalogue=Catalogue(stocked),
        )

    def _member(self) -> Member:
        settings = CarrierSection(
            use="contract",
            id=1,
            name="contract",
            timeout=AMPLE,
            fallback=FALLBACK,
            cache=CacheTtl(fresh=LONG, refusals=LONG),
        )
        plain = member(self._carrier, built(self._carrier).redactor)
        return replace(plain, settings=settings, packer=self._packed, identity=str(id(self._carrier)))

    def _fallback(self, store: StoreProfile) -> Member:
        deliveries = dict.fromkeys(service.delivery for service in self._carrier.abilities.active)
        services = tuple(Service(code=delivery.value, delivery=delivery) for delivery in deliveries)
        settings = CarrierSection(use=FALLBACK, id=2, name=FALLBACK, fallback_only=True)
        return Member(key=FALLBACK, settings=settings, carrier=Fallback(services, store), packer=self._packed)


def shipment_of(record: QuoteRecord) -> str:
    """The id that the case gave to the shipment of a quote; the engine gives it one of its own."""
    return record.plan.request.lines[0].sku


class Fallback:
    """An instant carrier with one price, wherever it goes."""

    def __init__(self, services: Sequence[Service], store: StoreProfile) -> None:
        self._store = store
        self.abilities = Abilities(services=tuple(services), instant=True, price_source="table", time_source="table")

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment; nothing waits, so the deadline does not matter."""
        del deadline
        return [
            Answer.of(shipment, [self._rate(each.code) for each in self.abilities.active]) for shipment in shipments
        ]

    def _rate(self, code: str) -> Rate:
        cost = Money(minor=990, currency=self._store.currency)
        transit = TransitTime(min=1, max=2, calendar=self._store.calendar)
        return Rate(service=code, cost=cost, transit=transit, source=Source.TABLE)


__all__ = ["FALLBACK", "Engine", "shipment_of"]
