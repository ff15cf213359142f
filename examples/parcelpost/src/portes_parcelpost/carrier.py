"""Parcelpost, asked once for each shipment; it knows no word of its wire."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from portes.carrier import Abilities, CarrierSettings, Deadline, Finding
from portes.contract import Answer, ParcelLimits, Service, Shipment
from portes.errors import CarrierError
from portes.toolbox import HttpResponse, Tools

from . import diagnosis, wire
from .settings import ParcelpostSettings

LIMITS: Final = ParcelLimits(weight=30_000)
"""The heaviest parcel that Parcelpost takes, of every service, as its manual says."""


class Parcelpost:
    """Asks `POST /quotes`. Thread-safe, since it keeps nothing."""

    Settings: ClassVar[type[CarrierSettings]] = ParcelpostSettings
    ServiceSettings: ClassVar[type[Service]] = Service

    def __init__(self, settings: ParcelpostSettings, services: Sequence[Service], tools: Tools) -> None:
        self._url = f"{settings.base_url.rstrip('/')}/quotes"
        self._key = settings.key
        self._tools = tools
        self.abilities = Abilities(services=tuple(services), countries=frozenset({"BR"}), limits=LIMITS)

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment; the engine sends one at a time, since `batch` is 1."""
        return [self._answer(shipment, deadline) for shipment in shipments]

    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        """Ask about a small box from every origin of the store, and say each finding as soon as it is known."""
        for origin in self._tools.store.origins:
            try:
                entries = wire.entries(self._asked(diagnosis.small_box(origin, self._tools.today()), deadline))
            except CarrierError as problem:
                yield diagnosis.of_error(problem)
            else:
                yield from diagnosis.of_entries(entries, origin)

    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        store, codes = self._tools.store, self._codes(shipment)
        return wire.answer(self._asked(shipment, deadline), shipment, codes, store.currency, store.calendar)

    def _codes(self, shipment: Shipment) -> list[str]:
        return [service.code for service in self.abilities.active if shipment.asks(service.code)]

    def _asked(self, shipment: Shipment, deadline: Deadline) -> HttpResponse:
        return self._tools.http.call(
            "POST",
            self._url,
            json=wire.question(shipment, self._codes(shipment)),
            headers={"X-Key": self._key.get_secret_value()},
            deadline=deadline,
        )
