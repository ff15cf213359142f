"""A carrier whose answers stand in the store's file, and that remembers what it was asked."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import (
    Answer,
    Failure,
    FailureKind,
    Money,
    Note,
    ParcelLimits,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
)
from portes.toolbox import Tools


class ScriptedSettings(CarrierSettings):
    remote: bool = Field(default=False, description="Whether it is asked in threads.")
    batch: int = Field(default=1, description="Most shipments a call.")
    calendar: str = Field(default="BR", description="Whose business days its transit times are.")
    most_grams: int | None = Field(default=None, description="Weight at which packers split.")
    most_value: int | None = Field(default=None, description="The most cents that can be declared of a parcel.")


class ScriptedService(Service):
    outcomes: tuple[str, ...]
    """What it says, as `rate CENTS MIN MAX` and kinds of notes behind it, `no 0 0 0` or `failed 0 0 0`."""


class Scripted:
    """Answers each service with the outcome that the origin's number and the shipment's grams choose.

    Equal shipments get equal answers, so that it does not matter whether memory answers the second one.
    """

    Settings: ClassVar = ScriptedSettings
    ServiceSettings: ClassVar = ScriptedService

    def __init__(self, settings: ScriptedSettings, services: Sequence[ScriptedService], tools: Tools) -> None:
        self.abilities = Abilities(
            services=tuple(services),
            instant=not settings.remote,
            batch=settings.batch,
            limits=ParcelLimits(weight=settings.most_grams, value=settings.most_value),
        )
        self._calendar = settings.calendar
        self._services = [service for service in services if service.active]
        self.asked: list[Shipment] = []

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.asked.extend(shipments)
        return [self._answer(shipment) for shipment in shipments]

    def _answer(self, shipment: Shipment) -> Answer:
        asked = [service for service in self._services if shipment.asks(service.code)]
        return Answer.of(shipment, [_said(service, shipment, self._calendar) for service in asked])


def _said(service: ScriptedService, shipment: Shipment, calendar: str) -> Rate | Refusal | Failure:
    number = (shipment.origin.id + shipment.weight) % len(service.outcomes)
    word, cost, shortest, longest, *kinds = service.outcomes[number].split()
    if word == "no":
        return Refusal(service=service.code, kind=RefusalKind.TOO_HEAVY, code="no")
    if word == "failed":
        return Failure(service=service.code, kind=FailureKind.UNREACHABLE)
    transit = TransitTime(min=int(shortest), max=int(longest), calendar=calendar)
    return Rate(
        service=service.code,
        cost=Money(minor=int(cost), currency="BRL"),
        transit=transit,
        source=Source.TABLE,
        notes=tuple(Note(kind=kind, text=f"{kind} of {service.code}") for kind in kinds),
    )
