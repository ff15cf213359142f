"""The rounds of a quote whose next origins are asked: what is put, joined, waited for and remembered in each."""

from collections.abc import Sequence
from threading import current_thread, main_thread
from typing import Any

from shop import (
    EXPRESS,
    FrozenClock,
    ScriptedCarrier,
    item,
    member,
    open_quoter,
    origin,
    policy,
    rate,
    refusal,
    request,
    service,
)

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, FailureKind, Rate, Refusal, Shipment, Verdict
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.settings import CacheTtl

SERVICES = (service("n"), service("e", EXPRESS))
BOTH, NEITHER = (rate("n"), rate("e")), (refusal("n"), refusal("e"))
Said = Rate | Refusal | Failure


def shop(*members: Member, stock: dict[str, tuple[int, ...]], **more: Any) -> Policy:
    """A store of four origins, and which of them stock what."""
    catalogue = Catalogue({sku: CatalogueEntry(origins=own) for sku, own in stock.items()})
    return policy(*members, origins=[origin(1), origin(2), origin(3), origin(4)], catalogue=catalogue, **more)


def asked_of(one: Member) -> list[tuple[int, tuple[str, ...]]]:
    assert isinstance(one.carrier, ScriptedCarrier)
    return [(shipment.origin.id, shipment.services) for shipment in one.carrier.asked]


class WatchedClock(FrozenClock):
    """A clock that notes, whenever the quote's own thread reads it after a moment, how many calls are under way."""

    def __init__(self, after: float) -> None:
        super().__init__()
        self.after, self.seen = after, list[int]()
        self.quoter: Quoter | None = None

    def monotonic(self) -> float:
        if self.quoter is not None and self.seconds >= self.after and current_thread() is main_thread():
            calls = self.quoter.under_way()["a"]
            if self.seen or not calls:  # the first round is over
                self.seen.append(calls)
        return self.seconds


def test_where_no_time_is_left_no_call_is_begun_that_others_would_join() -> None:
    clock = WatchedClock(after=100)

    def says(shipment: Shipment) -> Sequence[Said]:
        clock.seconds += 10  # refusals of origin 1 are too old by then
        return NEITHER if shipment.origin.id == 1 else BOTH

    slow = member(
        "a", says, *SERVICES, instant=False, timeout=1000, ttl=CacheTtl(fresh=1000, refusals=6), abilities={"batch": 9}
    )
    with open_quoter(shop(slow, stock={"x": (1, 2), "z": (1, 2)}), clock=clock) as quoter:
        quoter.quote(request(item("z", weight=700)))  # memory has a rate from origin 2
        clock.seconds, clock.quoter = 95, quoter
        late = quoter.quote(request(item("x"), item("z", weight=700)), within=2)
        clock.quoter = None
        served = quoter.quote(request(item("x")))

    assert {one.failure.kind for line in late.lines for one in line.failures} == {FailureKind.LATE}
    assert set(clock.seen) == {0}, "a call was begun"
    assert served.verdict is Verdict.SERVED
