"""Small shops for tests: nouns with sensible parts, and carriers whose answers the test writes down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from portes.calendars import WorkingWeek
from portes.carrier import Abilities, Deadline
from portes.contract import (
    Answer,
    DeliveryType,
    Dimensions,
    Failure,
    FailureKind,
    Item,
    Money,
    Origin,
    Place,
    Quote,
    QuoteRequest,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
)
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.packing import single
from portes.settings import CarrierSection, StoreSection

NORMAL, EXPRESS, SUPER_EXPRESS = DeliveryType.NORMAL, DeliveryType.EXPRESS, DeliveryType.SUPER_EXPRESS
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY_MORNING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Nine o'clock in São Paulo, an open day with open days around it."""


@dataclass
class FrozenClock:
    """A clock that the test moves; the only thing tests replace."""

    moment: datetime = MONDAY_MORNING
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def item(sku: str = "sku-1", quantity: int = 1, weight: int = 500, **more: Any) -> Item:
    more.setdefault("size", Dimensions(length=250, width=100, height=100))
    return Item(sku=sku, quantity=quantity, weight=weight, **more)


def request(*items: Item, to: str = "01512651", **more: Any) -> QuoteRequest:
    place = Place(country="BR", postal_code=to)
    lines = items or (item(),)
    return QuoteRequest(id="q-1", channel="test", store="shop", destination=place, lines=lines, currency="BRL", **more)


def origin(number: int = 1, **more: Any) -> Origin:
    more.setdefault("place", Place(country="BR", postal_code="01001000"))
    more.setdefault("cut_off", time(14))
    more.setdefault("calendar", "BR-SP")
    return Origin(id=number, **more)


def service(code: str = "n", delivery: DeliveryType = NORMAL, **more: Any) -> Service:
    return Service(code=code, delivery=delivery, **more)


def rate(code: str = "n", cost: int = 1000, days: tuple[int, int] = (2, 3), **more: Any) -> Rate:
    transit = TransitTime(min=days[0], max=days[1], calendar="BR")
    return Rate(service=code, cost=brl(cost), transit=transit, source=Source.TABLE, **more)


def refusal(code: str = "n") -> Refusal:
    return Refusal(service=code, kind=RefusalKind.NOT_SERVED, text="no such lane")


def too_heavy(code: str = "n") -> Refusal:
    """A no to the goods, where `refusal` is one to the lane."""
    return Refusal(service=code, kind=RefusalKind.TOO_HEAVY, text="above 30 kg")


def failure(code: str = "n") -> Failure:
    return Failure(service=code, kind=FailureKind.UNREACHABLE, hint="no connection")


def answer(shipment: Shipment, *outcomes: Rate | Refusal | Failure) -> Answer:
    return Answer(
        shipment_id=shipment.id,
        rates=tuple(one for one in outcomes if isinstance(one, Rate)),
        refusals=tuple(one for one in outcomes if isinstance(one, Refusal)),
        failures=tuple(one for one in outcomes if isinstance(one, Failure)),
    )


Says = Callable[[Shipment], Sequence[Rate | Refusal | Failure]]


@dataclass
class ScriptedCarrier:
    """Answers each shipment with what the test says, and remembers what it was asked."""

    says: Says
    abilities: Abilities
    asked: list[Shipment] = field(default_factory=list)
    calls: int = 0

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.calls += 1
        self.asked.extend(shipments)
        return [
            answer(shipment, *[one for one in self.says(shipment) if shipment.asks(one.service)])
            for shipment in shipments
        ]


def rates_for(services: Sequence[Service]) -> Says:
    return lambda _: [rate(one.code) for one in services if one.active]


def _keys(section: type[BaseModel], more: dict[str, Any]) -> dict[str, Any]:
    """Take the keys of a section out of some arguments; where a file names a packer or a catalogue, tests give one."""
    return {key: more.pop(key) for key in section.model_fields.keys() - {"packer", "catalogue"} if key in more}


def member(key: str = "a", says: Says | None = None, *services: Service, **more: Any) -> Member:
    """A carrier of the store; `says` defaults to a rate for every service, and its settings' keys may be given too."""
    services = services or (service(),)
    abilities = Abilities(services=services, instant=more.pop("instant", True), **more.pop("abilities", {}))
    carrier = more.pop("carrier", None) or ScriptedCarrier(says or rates_for(services), abilities)
    more.setdefault("packer", single.pack)
    own: dict[str, Any] = {"use": "scripted", "id": 1, "name": key.title(), **_keys(CarrierSection, more)}
    if "ttl" in more:
        own["cache"] = more.pop("ttl")
    return Member(key=key, settings=CarrierSection(**own), carrier=carrier, **more)


def policy(*members: Member, origins: Sequence[Origin] = (), **more: Any) -> Policy:
    chosen = tuple(origins) or (origin(),)
    own: dict[str, Any] = {"country": "BR", "currency": "BRL", "timezone": SAO_PAULO.key, "calendar": "BR-SP"}
    own |= _keys(StoreSection, more)
    weeks: Mapping[int, WorkingWeek] = more.pop("weeks", {}) or {
        one.id: WorkingWeek.of(one, SAO_PAULO, closed_days=own.get("closed_days", ())) for one in chosen
    }
    return Policy(
        store="shop",
        settings=StoreSection(**own),
        timezone=SAO_PAULO,
        origins=chosen,
        weeks=weeks,
        members=members or (member(),),
        **more,
    )


@contextmanager
def open_quoter(shop: Policy, **more: Any) -> Iterator[Quoter]:
    quoter = Quoter(shop, clock=more.pop("clock", FrozenClock()), **more)
    try:
        yield quoter
    finally:
        quoter.close()


def quoted(asked: QuoteRequest, *members: Member, moment: datetime = MONDAY_MORNING, **more: Any) -> Quote:
    """What a store of these members answers to one question."""
    with open_quoter(policy(*members, **more), clock=FrozenClock(moment)) as quoter:
        return quoter.quote(asked)
