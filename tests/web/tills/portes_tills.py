"""A stage prop as a distribution of its own: a carrier whose tariff is a file, and who wants a password."""

import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import parent_process
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import Answer, Money, Rate, Service, Shipment, Source, TransitTime
from portes.errors import Problem, RejectedCredentialsError, SettingsError
from portes.toolbox import Tools

PASSWORD = "open sesame"


class TillSettings(CarrierSettings):
    tariff: str
    password: SecretStr = SecretStr(PASSWORD)
    seconds: float = 0.0
    diary: str = ""
    """The name, without `.txt`, of a file in which each call is noted and each warming.

    A name in full would have the service watch it, and take each note for a change of the settings.
    """
    hesitant: str = ""
    """What a folder begins with: the one worker of a service that can make it takes two seconds longer to be made."""


class Till:
    """Carries everywhere for what its tariff says: one price in cents, read when it is made."""

    Settings: ClassVar[type[CarrierSettings]] = TillSettings
    ServiceSettings: ClassVar[type[Service]] = Service

    def __init__(self, settings: TillSettings, services: Sequence[Service], tools: Tools) -> None:
        self._settings = settings
        self._store = tools.store
        self._cents = _price(tools, settings.tariff)
        if settings.hesitant and (parent := parent_process()) is not None:
            _hesitate(tools.store.folder / f"{settings.hesitant}-{parent.pid}.d")
        self.abilities = Abilities(services=tuple(services), instant=not settings.seconds, version=str(self._cents))

    def warm(self, deadline: Deadline) -> None:
        self._note("warmed")
        self._unlock()

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self._note("asked")
        time.sleep(self._settings.seconds)
        self._unlock()
        return [Answer(shipment_id=one.id, rates=tuple(map(self._rate, self.abilities.active))) for one in shipments]

    def _note(self, what: str) -> None:
        if self._settings.diary:
            with (self._store.folder / f"{self._settings.diary}.txt").open("a") as diary:
                diary.write(f"{what}\n")

    def _unlock(self) -> None:
        if self._settings.password.get_secret_value() != PASSWORD:
            raise RejectedCredentialsError("the till stays closed")

    def _rate(self, service: Service) -> Rate:
        return Rate(
            service=service.code,
            cost=Money(minor=self._cents, currency=self._store.currency),
            transit=TransitTime(min=2, max=4, calendar=self._store.calendar),
            source=Source.LIVE,
        )


def _hesitate(folder: Path) -> None:
    with suppress(FileExistsError):
        folder.mkdir()
        time.sleep(2)


def _price(tools: Tools, name: str) -> int:
    try:
        return int((tools.store.folder / name).read_text())
    except (OSError, ValueError):
        raise SettingsError(Problem("settings.tariff", name, "holds no price", "write a number of cents")) from None
