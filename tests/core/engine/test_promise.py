"""The promise: a date, and the business days after which whoever counts them looks out for the parcel."""

from datetime import date, datetime, time
from typing import Any

import pytest
from offers import made
from shop import SAO_PAULO, member, origin, quoted, rate, request

from portes.calendars import business_calendar
from portes.contract import LeadTime, Quote, TransitTime
from portes.errors import RequestError
from portes.rules.not_slower_than import NotSlowerThan

HOLIDAYS = tuple(date(2026, 12, day) for day in (21, 22, 23, 24, 28, 29, 30, 31))
"""The collective holidays of a store, from 21 December to 1 January."""


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SAO_PAULO)


def quote_at(
    moment: datetime, days: tuple[int, int] = (2, 3), carrier: str = "BR", asker: str | None = None, **more: Any
) -> Quote:
    """What is answered at a moment by a carrier that takes so many days."""
    transit = TransitTime(min=days[0], max=days[1], calendar=carrier)
    taking = rate().model_copy(update={"transit": transit})
    return quoted(request(calendar=asker), member("a", lambda _: [taking]), moment=moment, **more)


def promise(moment: datetime, days: tuple[int, int] = (2, 3), **more: Any) -> LeadTime:
    (offer,) = quote_at(moment, days, **more).lines[0].offers
    return offer.lead_time


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        pytest.param(at(2026, 12, 18, 15), 12, id="on the last Friday, after the cut-off"),
        pytest.param(at(2026, 12, 19), 12, id="on the Saturday"),
        pytest.param(at(2026, 12, 22), 10, id="in the closed days"),
        pytest.param(at(2027, 1, 4), 3, id="on the day it opens again"),
    ],
)
def test_a_stores_closed_days_are_in_the_days_that_are_told(moment: datetime, told: int) -> None:
    """It leaves on 4 January and takes three days, so 7 January is honest, however the asker comes to it."""
    lead_time = promise(moment, closed_days=HOLIDAYS)

    assert lead_time.max == told
    assert business_calendar("BR").after(moment.date(), told) == date(2027, 1, 7)
    assert (lead_time.earliest, lead_time.latest) == (date(2027, 1, 6), date(2027, 1, 7))


def test_a_single_closed_day_before_christmas_is_a_day_more() -> None:
    eve = [date(2026, 12, 24)]

    assert promise(at(2026, 12, 23, 15)).max == 4
    assert promise(at(2026, 12, 23, 15), closed_days=eve).max == 5
    assert promise(at(2026, 12, 23, 15), closed_days=eve).latest == date(2026, 12, 31)


def test_a_holiday_of_the_origin_alone_is_a_day_that_the_asker_counts() -> None:
    """Asked on 8 July after the cut-off: 9 July is a holiday of São Paulo, of which Brazil knows nothing."""
    lead_time = promise(at(2026, 7, 8, 15), (1, 1), origins=[origin(cut_off=time(14), calendar="BR-SP")])

    assert (lead_time.latest, lead_time.max) == (date(2026, 7, 13), 3)


def test_transit_is_counted_in_the_carriers_own_calendar() -> None:
    assert promise(at(2026, 4, 22), (1, 1), carrier="BR").latest == date(2026, 4, 23)
    assert promise(at(2026, 4, 22), (1, 1), carrier="BR-RJ").latest == date(2026, 4, 24)


def test_a_carrier_begins_to_count_on_a_day_on_which_it_works() -> None:
    """Handed over on Thursday, 23 April, to one in Rio de Janeiro who has a holiday: its day 0 is Friday."""
    late = at(2026, 4, 22, 15)

    lead_time = promise(late, (0, 1), carrier="BR-RJ", origins=[origin(cut_off=time(14))])

    assert (lead_time.earliest, lead_time.latest) == (date(2026, 4, 24), date(2026, 4, 27))


def test_an_asker_who_names_a_calendar_is_told_its_days() -> None:
    """23 April is a holiday of Rio de Janeiro: one who counts there needs a day less to come to the 27th."""
    in_brazil, in_rio = (promise(at(2026, 4, 22), (3, 3), asker=asker) for asker in (None, "BR-RJ"))

    assert in_brazil.latest == in_rio.latest == date(2026, 4, 27)
    assert (in_brazil.max, in_brazil.calendar) == (3, "BR")
    assert (in_rio.max, in_rio.calendar) == (2, "BR-RJ")


def test_a_day_on_which_the_asker_does_not_work_rounds_up() -> None:
    """The carrier comes on 23 April; who counts in Rio de Janeiro has no such day, and the 24th is not too early."""
    lead_time = promise(at(2026, 4, 22), (1, 1), asker="BR-RJ")

    assert (lead_time.latest, lead_time.max) == (date(2026, 4, 23), 1)
    assert promise(at(2026, 4, 22), (0, 0)).max == 0


def test_an_asker_whose_calendar_nobody_knows_is_told_so() -> None:
    with pytest.raises(RequestError, match="calendar: is no calendar we know"):
        quote_at(at(2026, 3, 2), asker="BR-XX")


def test_a_slow_offer_is_dropped_by_the_days_to_its_date_and_not_by_those_of_an_open_store() -> None:
    slow = [made(NotSlowerThan, days=5)]

    assert len(quote_at(at(2026, 12, 22), shipment_rules=slow).lines[0].offers) == 1
    assert not quote_at(at(2026, 12, 22), closed_days=HOLIDAYS, shipment_rules=slow).lines[0].offers
