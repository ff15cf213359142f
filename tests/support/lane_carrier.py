"""A carrier that is asked over HTTP, several shipments a call, and the simulator that answers it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from pydantic import Field
from terminal import install

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import (
    Answer,
    Failure,
    FailureKind,
    Money,
    Note,
    Outcome,
    ParcelLimits,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
)
from portes.errors import RejectedCredentialsError, ThrottledError, UnreachableError
from portes.toolbox import Tools

ENTRY_POINTS = "[portes.carriers]\nlanes = lane_carrier:LaneCarrier\n"


class LaneSettings(CarrierSettings):
    base_url: str = Field(description="Where the simulator is.")
    batch: int = Field(default=5, description="Most shipments a call.")
    dated: bool = Field(default=False, description="Whether the hand-over day may change a price.")
    longest_side: int | None = Field(default=None, description="Millimetres.")
    hops: int = Field(default=1, description="How often a question is sent; the last reply counts.")


class LaneCarrier:
    Settings: ClassVar = LaneSettings
    ServiceSettings: ClassVar = Service

    def __init__(self, settings: LaneSettings, services: Sequence[Service], tools: Tools) -> None:
        self._settings, self._tools = settings, tools
        self._services = [service for service in services if service.active]
        self.abilities = Abilities(
            services=tuple(services),
            batch=settings.batch,
            dated=settings.dated,
            limits=ParcelLimits(longest_side=settings.longest_side),
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        asked = [
            {
                "to": shipment.place.postal_code,
                "grams": shipment.weight,
                "mm3": shipment.volume,
                "sides": shipment.parcels[0].size.sides,
                "value": None if shipment.value is None else shipment.value.minor,
                "day": shipment.dispatch_date.isoformat(),
                "pieces": shipment.pieces,
                "seconds_left": round(deadline.remaining()),
                "service": service.code,
            }
            for shipment in shipments
            for service in self._services
        ]
        for _ in range(self._settings.hops):
            reply = self._tools.http.call("POST", self._settings.base_url, deadline=deadline, json=asked)
        if reply.status == 401:
            raise RejectedCredentialsError("the key is not accepted")
        if reply.status == 429:
            raise ThrottledError("slower, please", retry_after=int(reply.headers.get("Retry-After", 0)) or None)
        if reply.status != 200:
            raise UnreachableError(f"status {reply.status}")
        said = iter(json.loads(reply.body))
        return [
            Answer.of(each, [_outcome(service.code, next(said)) for service in self._services]) for each in shipments
        ]


def _outcome(code: str, said: dict[str, Any]) -> Outcome:
    if "no" in said:
        return Refusal(service=code, kind=RefusalKind.NOT_SERVED, text=said["no"])
    if "failed" in said:
        return Failure(service=code, kind=FailureKind(said["failed"]))
    return Rate(
        service=code,
        cost=Money(minor=said["cents"], currency="BRL"),
        transit=TransitTime(min=said["days"], max=said["days"] + 1, calendar="BR"),
        source=Source.LIVE,
        notes=tuple(Note(kind=kind, text="a note") for kind in said.get("notes", ())),
    )


def by_weight(asked: dict[str, Any]) -> dict[str, Any]:
    """Ten reais and one for each started kilogram; twice as much for express, one day less."""
    cents = 1000 + 100 * -(-asked["grams"] // 1000)
    return {"cents": cents * 2, "days": 2} if asked["service"] == "x" else {"cents": cents, "days": 3}


class LaneSimulator:
    """A WSGI application that remembers every question."""

    def __init__(self, price: Callable[[dict[str, Any]], dict[str, Any]] = by_weight) -> None:
        self.price = price
        self.calls = 0
        self.questions: Counter[tuple[str, int]] = Counter()
        """How often each postal code and weight was asked about, whichever service."""
        self.asked: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        """What the next calls get in place of an answer."""
        self.headers: dict[str, str] = {}
        self.on_call: Callable[[], None] = lambda: None
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = json.loads(environ["wsgi.input"].read())
        with self._lock:
            self.calls += 1
            status = self.statuses.pop(0) if self.statuses else 200
            if status == 200:
                self.asked += asked
                self.questions.update({(each["to"], each["grams"]) for each in asked})
            self.on_call()
        start_response(f"{status} Simulated", [*self.headers.items()])
        return [json.dumps([self.price(each) for each in asked]).encode() if status == 200 else b""]


def install_lane_carrier(folder: Path) -> None:
    """Install the carrier in a folder of the path, for this process or another one."""
    install(folder, "lane-carrier-here", ENTRY_POINTS)
