"""A carrier far away, as a distribution of its own: one small HTTP call per shipment; it knows no real carrier.

It asks `POST URL` with `{"zip": "01512651", "grams": 500}`; the answer is `{"cents": 1500, "days": 3}`, or
`{"refused": "no such lane"}`.
"""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import BaseModel, Field, RootModel, SecretStr

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import Answer, Money, Outcome, Rate, Refusal, RefusalKind, Service, Shipment, Source, TransitTime
from portes.toolbox import Tools, check_status, read_model


class RemoteSettings(CarrierSettings):
    """Where it answers, and what it is shown."""

    url: str = Field(description="Where it answers.")
    key: SecretStr = Field(SecretStr(""), description="What it is shown with every call.")


class Priced(BaseModel):
    """A price in cents, and how many days it takes."""

    cents: int
    days: int


class Refused(BaseModel):
    """A no, and why."""

    refused: str


class Body(RootModel[Priced | Refused]):
    """The body of an answer."""


class Remote:
    """Prices a shipment by asking for it. Thread-safe."""

    Settings: ClassVar[type[CarrierSettings]] = RemoteSettings
    ServiceSettings: ClassVar[type[Service]] = Service

    def __init__(self, settings: RemoteSettings, services: Sequence[Service], tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self.abilities = Abilities(services=tuple(services))

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Ask for each shipment; all active services cost the same."""
        return [self._answer(shipment, self._ask(shipment, deadline)) for shipment in shipments]

    def _ask(self, shipment: Shipment, deadline: Deadline) -> Priced | Refused:
        body = {"zip": shipment.place.postal_code, "grams": shipment.weight}
        url, key = self._settings.url, self._settings.key
        received = self._tools.http.call("POST", url, json=body, bearer=key, deadline=deadline)
        check_status(received, "it", rejected="it does not know the key", throttled="it wants fewer calls")
        return read_model(received, Body, "the answer has another shape").root

    def _answer(self, shipment: Shipment, said: Priced | Refused) -> Answer:
        return Answer.of(shipment, [self._outcome(service.code, said) for service in self.abilities.active])

    def _outcome(self, code: str, said: Priced | Refused) -> Outcome:
        if isinstance(said, Refused):
            return Refusal(service=code, kind=RefusalKind.NOT_SERVED, text=said.refused)
        store = self._tools.store
        cost = Money(minor=said.cents, currency=store.currency)
        transit = TransitTime(min=said.days, max=said.days, calendar=store.calendar)
        return Rate(service=code, cost=cost, transit=transit, source=Source.LIVE)
