"""A carrier with remote areas, invented: zones by state and part of it, and dearer places scattered over the country.

It is a carrier by the seam and an oracle for sampling. A lane costs a base of its zone and so much for each step of
its ladder, whose steps are nobody else's. Some towns are remote: dearer, by an amount or a share, and slower. Some are
not served, some pay for risk above ten kilograms, and some larger towns have a district that is remote alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from random import Random
from typing import NamedTuple

from portes.carrier import Abilities, Deadline
from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice, PublicRange, public_ranges
from portes.contract import (
    Answer,
    DeliveryType,
    Money,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
)

STEPS = (300, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 7_000, 10_000, 13_000, 16_000, 20_000, 25_000, 30_000)
"""Upper borders of its ladder, in grams; above the last it carries nothing."""
RISKY_ABOVE, RISK = 10_000, 12_50
LARGE = 10_000
"""Codes of a town that may have a remote district."""


class ZonePrice(NamedTuple):
    base: int
    step: int
    days: int


class TownKind(NamedTuple):
    remote: int = 0
    """0 for none, 1 for an amount more, 2 for a share more."""
    served: bool = True
    risky: bool = False
    district: tuple[int, int] = (1, 0)
    """First and last code of a district that is remote, 1 and 0 for none."""


class RemoteAreas:
    """Prices by the seed, in cents of BRL."""

    def __init__(
        self, seed: int = 1, *, remote: float = 0.05, district: float = 0.1, spans: Sequence[int] = (1_000, 300)
    ) -> None:
        random = Random(seed)  # noqa: S311 — invented prices, no secret
        self.ranges = public_ranges("BR")
        self._firsts = [place.first for place in self.ranges]
        self._zones: dict[tuple[str, bool], ZonePrice] = {}
        for place in self.ranges:
            if place[:2] not in self._zones:
                more = 0 if place.capital else random.randint(100, 900)
                self._zones[place[:2]] = ZonePrice(
                    random.randint(900, 2800) + more, random.randint(90, 480), random.randint(2, 9)
                )
        self._kinds = [self._kind(place, random, remote, district, spans) for place in self.ranges]
        self.asked = 0

    @staticmethod
    def _kind(place: PublicRange, random: Random, remote: float, district: float, spans: Sequence[int]) -> TownKind:
        share = random.random()
        if place.capital:
            return TownKind()
        kind = TownKind(
            remote=random.choice((1, 2)) if share < remote else 0,
            served=not remote <= share < remote + 0.01,
            risky=random.random() < 0.02,
        )
        if place.size >= LARGE and random.random() < district:
            span = random.choice(tuple(spans))
            first = place.first + random.randrange(0, place.size - span, 100)
            kind = kind._replace(district=(first, first + span - 1))
        return kind

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        self.asked += len(points)
        return [self.answer(*point) for point in points]

    def answer(self, postal_code: str, weight: int) -> LaneAnswer:
        code = int(postal_code)
        at = bisect_right(self._firsts, code) - 1
        kind, zone = self._kinds[at], self._zones[self.ranges[at][:2]]
        step = bisect_left(STEPS, weight)
        if step == len(STEPS) or not kind.served:
            return {"normal": None, "express": None}
        remote = kind.remote or int(kind.district[0] <= code <= kind.district[1])
        price = zone.base + zone.step * step * (step + 3) // 4
        more = (0, 24_90, price * 3 // 10)[remote] + (RISK if kind.risky and weight > RISKY_ABOVE else 0)
        days = zone.days + 5 * bool(remote)
        return {
            "normal": LanePrice(price + more, days, days + 2),
            "express": None if remote else LanePrice(price * 9 // 5 + more, 1 + zone.days // 3, 1 + zone.days // 3),
        }

    @cached_property
    def abilities(self) -> Abilities:
        services = [Service(code=each.value, delivery=each) for each in (DeliveryType.NORMAL, DeliveryType.EXPRESS)]
        return Abilities(services=tuple(services), countries=frozenset(["BR"]), instant=True, batch=100)

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        return [self._quoted(shipment) for shipment in shipments]

    def _quoted(self, shipment: Shipment) -> Answer:
        said = self.answer(shipment.place.postal_code, shipment.weight)
        return Answer(
            shipment_id=shipment.id,
            rates=tuple(
                Rate(
                    service=service,
                    cost=Money(minor=price.price, currency="BRL"),
                    transit=TransitTime(min=price.days_min, max=price.days_max, calendar="BR"),
                    source=Source.LIVE,
                )
                for service, price in said.items()
                if price is not None
            ),
            refusals=tuple(
                Refusal(service=service, kind=RefusalKind.NOT_SERVED, code="not-served")
                for service, price in said.items()
                if price is None
            ),
        )
