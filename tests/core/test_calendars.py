"""Business days, cut-off and dispatch, against dates that a person can look up."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.calendars import BusinessCalendar, business_calendar, calendar_names, dispatch_date
from portes.errors import SettingsError

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
CUT_OFF = time(14)
BEFORE = time(13, 59, 59)
SHARP = time(14)
AFTER = time(14, 0, 1)

names = st.sampled_from(["BR", "BR-SP", "ES", "ES-MD", "ES-CT"])
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
closed = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 1, 31)), max_size=12)
steps = st.integers(0, 400)


def ordered(day: str, at: time) -> datetime:
    return datetime.combine(date.fromisoformat(day), at, SAO_PAULO)


# Fridays, Saturdays and the days around them, with handling of 0 and 1 business days.
# 2026-11-13 is a Friday, 2026-11-20 (a Friday) is a holiday in the whole of Brazil since 2024.
@pytest.mark.parametrize(
    ("calendar", "day", "at", "handling", "leaves", "counted"),
    [
        # an ordinary Friday in Brazil
        ("BR", "2026-11-13", BEFORE, 0, "2026-11-13", 0),
        ("BR", "2026-11-13", BEFORE, 1, "2026-11-16", 1),
        ("BR", "2026-11-13", SHARP, 0, "2026-11-13", 0),
        ("BR", "2026-11-13", AFTER, 0, "2026-11-16", 1),
        ("BR", "2026-11-13", AFTER, 1, "2026-11-17", 2),
        # Saturday and Sunday: the hour does not matter
        ("BR", "2026-11-14", BEFORE, 0, "2026-11-16", 1),
        ("BR", "2026-11-14", AFTER, 0, "2026-11-16", 1),
        ("BR", "2026-11-14", BEFORE, 1, "2026-11-17", 2),
        ("BR", "2026-11-14", AFTER, 1, "2026-11-17", 2),
        ("BR", "2026-11-15", BEFORE, 0, "2026-11-16", 1),
        # the day of Black Awareness, national since 2024; before that a working day
        ("BR", "2026-11-20", BEFORE, 0, "2026-11-23", 1),
        ("BR", "2026-11-20", BEFORE, 1, "2026-11-24", 2),
        ("BR", "2026-11-20", AFTER, 0, "2026-11-23", 1),
        ("BR", "2026-11-20", AFTER, 1, "2026-11-24", 2),
        ("BR", "2026-11-19", BEFORE, 1, "2026-11-23", 1),
        ("BR", "2026-11-19", AFTER, 0, "2026-11-23", 1),
        ("BR", "2023-11-20", BEFORE, 0, "2023-11-20", 0),
        # Good Friday, 2026-04-03, moves with Easter
        ("BR", "2026-04-02", BEFORE, 1, "2026-04-06", 1),
        ("BR", "2026-04-03", BEFORE, 0, "2026-04-06", 1),
        ("BR", "2025-04-18", AFTER, 1, "2025-04-23", 2),  # and Tiradentes on the Monday after
        # 9 July is kept in the state of São Paulo alone
        ("BR-SP", "2026-07-09", BEFORE, 0, "2026-07-10", 1),
        ("BR-SP", "2026-07-08", BEFORE, 1, "2026-07-10", 1),
        ("BR", "2026-07-09", BEFORE, 0, "2026-07-09", 0),
        ("BR-RJ", "2026-07-09", BEFORE, 1, "2026-07-10", 1),
        # Spain: 6 January everywhere, 2 May (a Saturday in 2026, a Friday in 2025) in Madrid alone
        ("ES", "2026-01-06", BEFORE, 0, "2026-01-07", 1),
        ("ES", "2025-05-02", BEFORE, 0, "2025-05-02", 0),
        ("ES-MD", "2025-05-02", BEFORE, 0, "2025-05-05", 1),
        ("ES-MD", "2025-05-02", AFTER, 1, "2025-05-06", 2),
        ("ES-MD", "2025-04-30", AFTER, 0, "2025-05-05", 1),
        # Good Friday is kept in all of Spain, Easter Monday in Catalonia and not in Madrid
        ("ES", "2026-04-03", BEFORE, 0, "2026-04-06", 1),
        ("ES-MD", "2026-04-03", AFTER, 0, "2026-04-06", 1),
        ("ES-CT", "2026-04-03", BEFORE, 0, "2026-04-07", 1),
        # over the end of a year
        ("BR", "2025-12-31", BEFORE, 0, "2025-12-31", 0),
        ("BR", "2025-12-31", AFTER, 0, "2026-01-02", 1),
        ("BR", "2025-12-31", BEFORE, 1, "2026-01-02", 1),
        ("BR", "2026-12-31", AFTER, 1, "2027-01-05", 2),
        ("ES", "2026-12-31", BEFORE, 1, "2027-01-04", 1),
    ],
)
def test_an_order_leaves_on_the_day_a_person_would_name(
    calendar: str, day: str, at: time, handling: int, leaves: str, counted: int
) -> None:
    known = business_calendar(calendar)
    moment = ordered(day, at)
    leaving = dispatch_date(moment, handling, CUT_OFF, known)

    assert date.fromisoformat(leaves) == leaving
    assert counted == known.count(moment.date(), leaving)


def test_a_store_closed_on_friday_hands_over_on_monday() -> None:
    friday = date(2026, 11, 13)
    calendar = business_calendar("BR", [friday])

    assert date(2026, 11, 16) == dispatch_date(ordered("2026-11-13", BEFORE), 0, CUT_OFF, calendar)
    assert date(2026, 11, 17) == dispatch_date(ordered("2026-11-13", BEFORE), 1, CUT_OFF, calendar)
    assert not calendar.is_open(friday)
    assert business_calendar("BR").is_open(friday)


def test_collective_holidays_push_handling_into_the_next_year() -> None:
    closing = [date(2026, 12, 21) + timedelta(offset) for offset in range(21)]
    calendar = business_calendar("BR", closing)

    assert date(2027, 1, 11) == dispatch_date(ordered("2026-12-18", AFTER), 0, CUT_OFF, calendar)
    assert date(2027, 1, 12) == dispatch_date(ordered("2026-12-18", AFTER), 1, CUT_OFF, calendar)


def test_closing_on_a_holiday_costs_no_second_day() -> None:
    calendar = business_calendar("BR", [date(2026, 11, 20)])

    assert date(2026, 11, 23) == calendar.after(date(2026, 11, 19), 1)


def test_the_cut_off_is_read_in_the_zone_of_the_moment() -> None:
    calendar = business_calendar("BR")
    early_saturday_in_utc = datetime(2026, 11, 14, 1, tzinfo=UTC)

    assert date(2026, 11, 16) == dispatch_date(early_saturday_in_utc.astimezone(SAO_PAULO), 0, CUT_OFF, calendar)
    assert date(2026, 11, 13) == dispatch_date(early_saturday_in_utc.astimezone(SAO_PAULO), 0, time(23), calendar)


def test_a_cut_off_at_the_last_second_never_makes_an_order_late() -> None:
    last_moment = datetime(2026, 11, 13, 23, 59, 59, 999_999, tzinfo=SAO_PAULO)

    assert date(2026, 11, 13) == dispatch_date(last_moment, 0, time(23, 59, 59), business_calendar("BR"))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = ordered("2026-11-13", BEFORE).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        dispatch_date(naive, 0, CUT_OFF, business_calendar("BR"))


def test_zero_days_after_a_closed_day_is_that_day() -> None:
    sunday = date(2026, 11, 15)

    assert sunday == business_calendar("BR").after(sunday, 0)


def test_days_are_not_counted_forward_by_a_negative_number() -> None:
    with pytest.raises(ValueError, match="-1 business days"):
        business_calendar("BR").after(date(2026, 11, 13), -1)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 30), date(2100, 1, 1), date(9999, 12, 31)])
def test_a_year_nobody_knows_holidays_of_is_refused(day: date) -> None:
    calendar = business_calendar("BR")

    with pytest.raises(ValueError, match="outside the years 2000 to 2099"):
        calendar.count(date(2026, 11, 13), day)
    with pytest.raises(ValueError, match="outside the years 2000 to 2099"):
        calendar.is_open(day)


def test_more_days_than_the_calendar_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="outside the years 2000 to 2099"):
        business_calendar("BR").after(date(2026, 11, 13), 10**9)


def test_years_on_both_sides_are_added_when_somebody_asks_for_them() -> None:
    calendar = BusinessCalendar("BR")

    assert date(2050, 1, 3) == calendar.on_or_after(date(2050, 1, 1))
    assert date(2005, 1, 3) == calendar.on_or_after(date(2005, 1, 1))
    assert date(2026, 11, 23) == calendar.on_or_after(date(2026, 11, 20))


def test_threads_that_widen_one_calendar_at_once_all_count_right() -> None:
    calendar = BusinessCalendar("BR-SP")
    asked = [date(year, 7, 8) for year in range(2001, 2099)]
    right = [business_calendar("BR-SP").after(day, 3) for day in reversed(asked)]

    with ThreadPoolExecutor(8) as pool:
        assert right == list(pool.map(lambda day: calendar.after(day, 3), reversed(asked)))


def test_one_calendar_serves_all_who_ask_for_the_same() -> None:
    assert business_calendar("BR-SP") is business_calendar("BR-SP")
    assert business_calendar("BR", [date(2026, 1, 5)]) is business_calendar("BR", (date(2026, 1, 5),))
    assert business_calendar("BR", [date(2026, 1, 5)]) is not business_calendar("BR")


@pytest.mark.parametrize(
    ("name", "near"),
    [("br-sp", "BR-SP"), ("BR-SPX", "BR-SP"), ("ES-MAD", "ES-MD"), ("ES_MD", "ES-MD"), ("Brazil!", ""), ("", "BR-SP")],
)
def test_an_unknown_calendar_is_named_with_those_near_it(name: str, near: str) -> None:
    with pytest.raises(SettingsError) as caught:
        business_calendar(name)

    (problem,) = caught.value.problems
    assert name == problem.value
    assert near in problem.fix
    assert problem.fix.startswith("write ")


@pytest.mark.exhaustive
def test_every_named_calendar_can_be_built() -> None:
    assert {"BR", "BR-SP", "BR-RJ", "ES", "ES-MD", "ES-CT", "PT", "US-NY"} <= calendar_names()
    for name in calendar_names():
        assert business_calendar(name).count(date(2026, 1, 1), date(2026, 12, 31)) > 200


def test_the_documented_example_holds() -> None:
    page = Path(__file__).parents[2] / "docs" / "calendars.md"
    (example,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)

    assert not subprocess.run([sys.executable, "-c", example], check=True, capture_output=True).stdout


@given(names, closed, days, steps)
def test_counting_undoes_stepping(name: str, closing: frozenset[date], day: date, step: int) -> None:
    calendar = business_calendar(name, closing)

    assert step == calendar.count(day, calendar.after(day, step))


@given(names, closed, days, days)
def test_stepping_undoes_counting_between_a_day_and_an_open_day(
    name: str, closing: frozenset[date], one: date, other: date
) -> None:
    calendar = business_calendar(name, closing)
    start, end = min(one, other), calendar.on_or_after(max(one, other))

    assert end == calendar.after(start, calendar.count(start, end)) or start == end


@given(names, closed, days, days)
def test_counting_backwards_is_the_same_number_below_zero(
    name: str, closing: frozenset[date], one: date, other: date
) -> None:
    calendar = business_calendar(name, closing)

    assert calendar.count(one, other) == -calendar.count(other, one)


@given(names, closed, days, st.integers(0, 30), steps, st.integers(0, 30))
def test_later_days_and_more_days_never_end_earlier(
    name: str, closing: frozenset[date], day: date, later: int, step: int, more: int
) -> None:
    calendar = business_calendar(name, closing)

    assert calendar.after(day, step) <= calendar.after(day + timedelta(later), step + more)


@given(names, closed, days)
def test_the_next_open_day_is_open_and_its_own_next(name: str, closing: frozenset[date], day: date) -> None:
    calendar = business_calendar(name, closing)
    opening = calendar.on_or_after(day)

    assert calendar.is_open(opening)
    assert opening == calendar.on_or_after(opening)
    assert calendar.is_open(day) == (opening == day)


@given(names, closed, days, st.times(), st.times(), st.integers(0, 20))
def test_goods_leave_on_an_open_day_and_never_earlier_for_ordering_later(
    name: str, closing: frozenset[date], day: date, at: time, cut_off: time, handling: int
) -> None:
    calendar = business_calendar(name, closing)
    moment = datetime.combine(day, at, SAO_PAULO)
    leaving = dispatch_date(moment, handling, cut_off, calendar)

    assert calendar.is_open(leaving)
    assert leaving <= dispatch_date(moment + timedelta(hours=5), handling, cut_off, calendar)
    assert calendar.after(leaving, 1) == dispatch_date(moment, handling + 1, cut_off, calendar)
