"""Later promises: business days are added, and the dates move with them."""

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st
from offers import lead_time, made, occasion, offer
from shop import item, member, origin, quoted, rate, request

from portes.calendars import business_calendar
from portes.contract import LeadTime
from portes.rules.days import DaysRule
from portes.rules.later import later


def test_a_promise_is_put_off_by_business_days_and_its_dates_with_it() -> None:
    (after,) = made(DaysRule, more=2)([offer(days=(2, 3))], occasion())

    assert after.lead_time == lead_time(4, 5)
    assert (after.lead_time.earliest, after.lead_time.latest) == (date(2026, 3, 6), date(2026, 3, 9))


def test_a_promise_on_a_day_on_which_nobody_works_is_put_off_from_the_next() -> None:
    saturday = LeadTime(min=5, max=5, calendar="BR", earliest=date(2026, 3, 7), latest=date(2026, 3, 7))

    assert later(saturday, 1, 1).latest == date(2026, 3, 10)


def test_a_promise_of_the_saturday_of_asking_is_put_off_from_that_saturday() -> None:
    """Where the store is it is Saturday already; at its origin it is Friday, and the parcel is fetched and there."""
    manaus = origin(timezone="America/Manaus", cut_off=time(23, 59))
    quote = quoted(
        request(item()),
        member("a", lambda _: [rate(days=(0, 0))]),
        origins=[manaus],
        moment=datetime(2026, 3, 7, 3, 30, tzinfo=UTC),
        shipment_rules=[made(DaysRule, more=1)],
    )
    monday = date(2026, 3, 9)

    assert quote.lines[0].offers[0].lead_time == LeadTime(min=1, max=1, calendar="BR", earliest=monday, latest=monday)


def test_days_are_added_where_the_conditions_hold() -> None:
    rule = made(DaysRule, more=2, when={"regions": ["BR/interior"], "carriers": ["a"]})
    offers = [offer(carrier="a"), offer(carrier="b")]

    assert [one.lead_time.max for one in rule(offers, occasion(to="13010000"))] == [5, 3]
    assert [one.lead_time.max for one in rule(offers, occasion(to="01310100"))] == [3, 3]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_days_and_dates_of_a_later_promise_agree(first: int, more: int, least: int, extra: int) -> None:
    asked = date(2026, 3, 2)
    put_off = later(lead_time(first, first + more), least, least + extra)
    calendar = business_calendar("BR")

    assert calendar.count(asked, put_off.earliest) == put_off.min == first + least
    assert calendar.count(asked, put_off.latest) == put_off.max == first + more + least + extra
