"""Parcelpost, asked once for each shipment; it knows no word of its wire."""

from collections.abc import Sequence
from typing import ClassVar

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import Answer, Service, Shipment
from portes.toolbox import Tools

from . import wire
from .settings import ParcelpostSettings


class Parcelpost:
    """Asks `POST /quotes`. Thread-safe, since it keeps nothing."""

    Settings: ClassVar[type[CarrierSettings]] = ParcelpostSettings
    ServiceSettings: ClassVar[type[Service]] = Service

    def __init__(self, settings: ParcelpostSettings, services: Sequence[Service], tools: Tools) -> None:
        self._url = f"{settings.base_url.rstrip('/')}/quotes"
        self._key = settings.key
        self._tools = tools
        self.abilities = Abilities(services=tuple(services), countries=frozenset({"BR"}))

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment; the engine sends one at a time, since `batch` is 1."""
        return [self._answer(shipment, deadline) for shipment in shipments]

    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        codes = [service.code for service in self.abilities.active]
        received = self._tools.http.call(
            "POST",
            self._url,
            json=wire.question(shipment, codes),
            headers={"X-Key": self._key.get_secret_value()},
            deadline=deadline,
        )
        store = self._tools.store
        return wire.answer(received, shipment, codes, store.currency, store.calendar)
