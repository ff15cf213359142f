"""The hand-over day belongs to the question: what each carrier is asked, remembered by and promised from."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
from shop import (
    SAO_PAULO,
    FrozenClock,
    ScriptedCarrier,
    brl,
    failure,
    item,
    member,
    open_quoter,
    origin,
    policy,
    rate,
    request,
    service,
)

from portes.calendars import Collection, WorkingWeek
from portes.carrier import Abilities
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Offer, Origin, Shipment, TransitTime
from portes.engine.policy import Member, Policy
from portes.settings import CacheTtl

MONDAY = datetime(2026, 3, 2, 9, tzinfo=SAO_PAULO)
TUE, THU, SAT = 1, 3, 5


def fetched(*days: int, by: tuple[str, ...] = (), at: time = time(16)) -> Collection:
    return Collection(by, frozenset(days), (at,))


def shop(*members: Member, here: Origin | None = None, week: dict[str, Any] | None = None, **more: Any) -> Policy:
    """A store of these members with one origin, whose working week has these keys."""
    place = here or origin()
    return policy(*members, origins=[place], weeks={1: WorkingWeek.of(place, SAO_PAULO, **(week or {}))}, **more)


def offers(store: Policy, moment: datetime = MONDAY) -> Sequence[Offer]:
    with open_quoter(store, clock=FrozenClock(moment)) as quoter:
        return quoter.quote(request()).lines[0].offers


def asked_of(one: Member) -> list[Shipment]:
    carrier = one.carrier
    assert isinstance(carrier, ScriptedCarrier)
    return carrier.asked


def takes(days: int, calendar: str = "BR", cost: int = 1000) -> Any:
    transit = TransitTime(min=days, max=days, calendar=calendar)
    return lambda _: [rate(cost=cost).model_copy(update={"transit": transit})]


def test_two_carriers_that_fetch_on_different_days_are_asked_and_promised_from_their_own() -> None:
    slow, quick = member("slow", takes(1)), member("quick", takes(1, cost=2000))
    store = shop(slow, quick, week={"collections": [fetched(THU, by=("slow",))]})

    promised = {offer.carrier: offer.lead_time for offer in offers(store)}

    assert [shipment.dispatch_date for shipment in asked_of(slow)] == [date(2026, 3, 5)]
    assert [shipment.dispatch_date for shipment in asked_of(quick)] == [date(2026, 3, 2)]
    assert (promised["slow"].latest, promised["slow"].max) == (date(2026, 3, 6), 4)
    assert (promised["quick"].latest, promised["quick"].max) == (date(2026, 3, 3), 1)


def test_an_open_saturday_of_ours_is_no_business_day_of_the_carriers_nor_of_the_askers() -> None:
    """Ordered on Friday after the cut-off: it leaves on Saturday, the carrier's first day after Monday is Tuesday."""
    friday = datetime(2026, 3, 6, 15, tzinfo=SAO_PAULO)
    with_saturday = shop(member("a", takes(1)), week={"open_weekdays": {SAT}})

    (offer,) = offers(with_saturday, friday)

    assert asked_of(with_saturday.members[0])[0].dispatch_date == date(2026, 3, 7)
    assert (offer.lead_time.latest, offer.lead_time.max) == (date(2026, 3, 10), 2)


def test_a_day_of_handling_on_an_open_saturday_saves_monday() -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=SAO_PAULO)
    here = origin(handling_days=2)

    (usual,) = offers(shop(member("a", takes(1)), here=here), friday)
    (saved,) = offers(shop(member("a", takes(1)), here=here, week={"open_weekdays": {SAT}}), friday)

    assert (usual.lead_time.latest, usual.lead_time.max) == (date(2026, 3, 11), 3)
    assert (saved.lead_time.latest, saved.lead_time.max) == (date(2026, 3, 10), 2)


def test_a_holiday_in_one_origin_does_not_hold_up_the_other() -> None:
    """Both are in one state; 8 December is a holiday of the town of the first alone."""
    first, second = origin(1), origin(2)
    weeks = {
        1: WorkingWeek.of(first, SAO_PAULO, yearly=[(12, 8)]),
        2: WorkingWeek.of(second, SAO_PAULO),
    }
    stock = Catalogue({"x": CatalogueEntry(origins=(1,)), "y": CatalogueEntry(origins=(2,))})
    one = member("a", takes(1))
    tuesday = datetime(2026, 12, 8, 9, tzinfo=SAO_PAULO)

    with open_quoter(
        policy(one, origins=[first, second], weeks=weeks, catalogue=stock), clock=FrozenClock(tuesday)
    ) as q:
        lines = q.quote(request(item("x"), item("y"))).lines

    assert [shipment.dispatch_date.day for shipment in asked_of(one)] == [9, 8]
    assert [line.offers[0].lead_time.latest.day for line in lines] == [10, 9]


def test_an_origin_behind_the_clock_of_its_store_promises_no_day_that_is_over() -> None:
    """Just after midnight on Tuesday in São Paulo it is Monday in Manaus, from where it still leaves."""
    midnight = datetime(2026, 3, 3, 0, 10, tzinfo=SAO_PAULO)
    store = shop(member("a", takes(0)), here=origin(cut_off=time(23, 59, 59), timezone="America/Manaus"))

    (offer,) = offers(store, midnight)

    assert asked_of(store.members[0])[0].dispatch_date == date(2026, 3, 2)
    assert (offer.lead_time.earliest, offer.lead_time.min, offer.lead_time.max) == (date(2026, 3, 3), 0, 0)


@pytest.mark.parametrize(("dated", "calls"), [(True, 2), (False, 1)])
def test_a_dated_carrier_is_asked_anew_where_another_collection_day_comes_of_the_next_order(
    *, dated: bool, calls: int
) -> None:
    """Two orders of a week, before and after the cut-off of the day on which it fetches."""
    abilities = Abilities(services=(service(),), dated=dated, time_source="live", price_source="live")
    one = ScriptedCarrier(takes(1), abilities)
    remote = member("a", carrier=one, ttl=CacheTtl(fresh=1e6))
    clock = FrozenClock(MONDAY)

    with open_quoter(shop(remote, week={"collections": [fetched(TUE, THU)]}), clock=clock) as quoter:
        for moment in ("2026-03-02T09:00", "2026-03-02T15:00", "2026-03-03T13:00", "2026-03-03T15:00"):
            clock.moment = datetime.fromisoformat(moment).replace(tzinfo=SAO_PAULO)
            quoter.quote(request())
            assert quoter.idle(60)  # what another day's answer bridges is asked behind the answer

    assert one.calls == calls
    assert sorted({shipment.dispatch_date.day for shipment in one.asked}) == [3, 5][:calls]


def test_a_fallback_is_asked_about_the_day_on_which_the_carrier_it_stands_in_for_fetches() -> None:
    table = member("table", lambda _: [rate("t", 700, (1, 1))], service("t"), fallback_only=True)
    live = member("live", lambda _: [failure()], fallback="table")
    store = shop(live, week={"collections": [fetched(THU, by=("live",))]}, fallbacks={"table": table})

    (offer,) = offers(store)

    assert asked_of(table)[0].dispatch_date == asked_of(live)[0].dispatch_date == date(2026, 3, 5)
    assert (offer.carrier, offer.price, offer.lead_time.latest) == ("live", brl(700), date(2026, 3, 6))
