"""A carrier far away, as a distribution of its own: one small HTTP call per shipment; it knows no real carrier.

It asks `POST URL` with `{"zip": "01512651", "grams": 500}`; the answer is `{"cents": 1500, "days": 3}`, or
`{"refused": "no such lane"}`.
"""

import json
from collections.abc import Callable, Sequence
from typing import ClassVar

from pydantic import Field, SecretStr

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import Answer, Money, Rate, Refusal, RefusalKind, Service, Shipment, Source, TransitTime
from portes.errors import CarrierError, GarbledError, RejectedCredentialsError, ThrottledError, UnreachableError
from portes.toolbox import HttpResponse, Tools


class RemoteSettings(CarrierSettings):
    """Where it answers, and what it is shown."""

    url: str = Field(description="Where it answers.")
    key: SecretStr = Field(SecretStr(""), description="What it is shown with every call.")


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

    def _ask(self, shipment: Shipment, deadline: Deadline) -> HttpResponse:
        body = {"zip": shipment.place.postal_code, "grams": shipment.weight}
        headers = {"Authorization": f"Bearer {self._settings.key.get_secret_value()}"}
        received = self._tools.http.call("POST", self._settings.url, json=body, headers=headers, deadline=deadline)
        if received.status != 200:
            raise _problem(received)
        return received

    def _answer(self, shipment: Shipment, received: HttpResponse) -> Answer:
        try:
            say = _understood(json.loads(received.body), self._tools)
        except (ValueError, KeyError, TypeError):
            raise GarbledError("the answer has another shape") from None
        said = [say(service.code) for service in self.abilities.active]
        return Answer(
            shipment_id=shipment.id,
            rates=tuple(one for one in said if isinstance(one, Rate)),
            refusals=tuple(one for one in said if isinstance(one, Refusal)),
        )


def _understood(answer: dict[str, object], tools: Tools) -> Callable[[str], Rate | Refusal]:
    if "refused" in answer:
        return lambda code: Refusal(service=code, kind=RefusalKind.NOT_SERVED, text=str(answer["refused"]))
    days = int(str(answer["days"]))
    cost = Money(minor=int(str(answer["cents"])), currency=tools.store.currency)
    transit = TransitTime(min=days, max=days, calendar=tools.store.calendar)
    return lambda code: Rate(service=code, cost=cost, transit=transit, source=Source.LIVE)


def _problem(received: HttpResponse) -> CarrierError:
    if received.status == 401:
        return RejectedCredentialsError("it does not know the key")
    if received.status == 429:
        return ThrottledError("it wants fewer calls", retry_after=int(received.headers.get("Retry-After", 1)))
    return UnreachableError(f"it answered {received.status}")
