"""The working week of an origin: when goods are ready, and when each carrier gets them, against days one can see."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.calendars import Collection, Departure, WorkingWeek, business_calendar, is_late, usual_weekdays
from portes.contract import Origin, Place

SAO_PAULO, MANAUS, MADRID = map(ZoneInfo, ("America/Sao_Paulo", "America/Manaus", "Europe/Madrid"))
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKDAYS = frozenset(range(5))
TWO_AND_FOUR = (time(14), time(16))


def week(cut_off: time = time(14), calendar: str = "BR-SP", zone: ZoneInfo = SAO_PAULO, **more: Any) -> WorkingWeek:
    """The week of an origin of a store whose clock is that of a zone."""
    own = {key: more.pop(key) for key in ("timezone", "cut_offs") if key in more}
    country = calendar[:2]
    place = Place.example(country)
    return WorkingWeek.of(Origin(id=1, place=place, cut_off=cut_off, calendar=calendar, **own), zone, **more)


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def fetched(days: Iterable[int], *times: time, by: tuple[str, ...] = ()) -> Collection:
    return Collection(by, frozenset(days), times)


def leaves(own: WorkingWeek, moment: datetime, handling: int = 0, carrier: str = "any") -> date:
    return own.departure(carrier, own.ready(moment, handling)).day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(at("2026-03-02T14:00:00"), date(2026, 3, 2), id="sharp"),
        pytest.param(at("2026-03-02T14:00:00.999999"), date(2026, 3, 2), id="within that second"),
        pytest.param(at("2026-03-02T14:00:01"), date(2026, 3, 3), id="a second later"),
    ],
)
def test_the_last_second_of_the_cut_off_is_in_time(moment: datetime, day: date) -> None:
    assert leaves(week(), moment) == day


def test_friday_night_in_manaus_is_still_friday_though_it_is_saturday_where_the_store_is() -> None:
    """Half past eleven on Friday there is half past midnight on Saturday in São Paulo."""
    moment = at("2026-03-07T00:30:00")
    late_shift: dict[str, Any] = {"cut_off": time(23, 45), "calendar": "BR-AM"}

    assert leaves(week(**late_shift, timezone="America/Manaus"), moment) == date(2026, 3, 6)
    assert leaves(week(**late_shift), moment) == date(2026, 3, 9)
    assert week(**late_shift, timezone="America/Manaus").ready(moment, 0).asked == at("2026-03-06T23:30:00", MANAUS)


def test_an_hour_after_the_cut_off_of_the_store_may_be_in_time_in_manaus() -> None:
    moment = at("2026-03-06T14:30:00")

    assert leaves(week(timezone="America/Manaus", calendar="BR-AM"), moment) == date(2026, 3, 6)
    assert leaves(week(calendar="BR-AM"), moment) == date(2026, 3, 9)


def test_a_cut_off_late_in_the_evening_is_one_of_its_own_day_and_not_of_that_in_utc() -> None:
    """22:30 in São Paulo is 1:30 of the next day in UTC."""
    own = week(time(22, 30))

    assert leaves(own, datetime(2026, 3, 3, 1, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert leaves(own, datetime(2026, 3, 3, 1, 30, 1, tzinfo=UTC)) == date(2026, 3, 3)


def test_an_open_saturday_takes_orders_until_its_own_cut_off() -> None:
    cut_offs = (*[time(14)] * 5, time(11), time(14))
    own = week(cut_offs=cut_offs, open_weekdays={SAT})

    assert leaves(own, at("2026-03-06T14:00:01")) == date(2026, 3, 7)
    assert leaves(own, at("2026-03-07T11:00:00")) == date(2026, 3, 7)
    assert leaves(own, at("2026-03-07T11:00:01")) == date(2026, 3, 9)
    assert leaves(own, at("2026-03-06T13:00:00"), handling=1) == date(2026, 3, 7)


def test_an_open_weekday_opens_no_holiday_and_an_open_day_does() -> None:
    """2 May 2026 is a Saturday, and a holiday of Madrid."""
    saturdays = business_calendar("ES-MD", open_weekdays={SAT})
    holiday = date(2026, 5, 2)

    assert [saturdays.is_open(holiday + timedelta(weeks=weeks)) for weeks in (-1, 0, 1)] == [True, False, True]
    assert business_calendar("ES-MD", open_days=[holiday]).is_open(holiday)
    assert not saturdays.is_open(date(2026, 5, 3))


def test_a_yearly_holiday_of_a_town_closes_it_in_every_year_and_an_open_day_counts_more() -> None:
    """25 January is that of the city of São Paulo: a Monday in 2027, a Tuesday in 2028, a Thursday in 2029."""
    town = business_calendar("BR-SP", yearly=[(1, 25)], open_days=[date(2029, 1, 25)])

    assert [town.is_open(date(year, 1, 25)) for year in (2027, 2028, 2029)] == [False, False, True]
    assert business_calendar("BR-SP").is_open(date(2027, 1, 25))


def test_a_closed_day_on_a_saturday_that_is_open_otherwise_stays_closed() -> None:
    own = business_calendar("BR", [date(2026, 3, 14)], open_weekdays={SAT})

    assert [own.is_open(date(2026, 3, day)) for day in (7, 14, 21)] == [True, False, True]


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        pytest.param("2026-03-29T01:29:00+00:00", True, id="put forward: 3:29 is after 2:30, an hour that is not"),
        pytest.param("2026-03-29T00:59:00+00:00", False, id="put forward: 1:59 is before it"),
        pytest.param("2026-10-25T00:30:00+00:00", False, id="put back: 2:30 for the first time"),
        pytest.param("2026-10-25T00:30:01+00:00", True, id="put back: a second later"),
        pytest.param("2026-10-25T01:15:00+00:00", True, id="put back: 2:15 for the second time"),
        pytest.param("2026-10-25T01:30:00+00:00", True, id="put back: 2:30 for the second time"),
    ],
)
def test_a_cut_off_in_the_hour_in_which_spain_changes_its_clock_comes_once(moment: str, *, late: bool) -> None:
    local = datetime.fromisoformat(moment).astimezone(MADRID)

    assert is_late(local, time(2, 30)) is late


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-03-27T13:00:00+00:00", date(2026, 3, 27), id="Friday before, 14:00"),
        pytest.param("2026-03-30T12:00:00+00:00", date(2026, 3, 30), id="Monday after it was put forward, 14:00"),
        pytest.param("2026-03-30T12:00:01+00:00", date(2026, 3, 31), id="a second later"),
        pytest.param("2026-10-23T12:00:00+00:00", date(2026, 10, 23), id="Friday before it is put back, 14:00"),
        pytest.param("2026-10-26T13:00:00+00:00", date(2026, 10, 26), id="Monday after it was put back, 14:00"),
        pytest.param("2026-10-26T13:00:01+00:00", date(2026, 10, 27), id="a second after that"),
    ],
)
def test_the_cut_off_of_spain_keeps_its_hour_on_both_sides_of_the_change(moment: str, day: date) -> None:
    assert leaves(week(calendar="ES", zone=MADRID), datetime.fromisoformat(moment)) == day


def test_two_carriers_that_fetch_on_different_days_get_the_same_goods_on_different_days() -> None:
    jamef, other = fetched([TUE, THU], time(10), by=("jamef",)), fetched(WORKDAYS, time(16))
    own = week(collections=[jamef, other])
    ready = own.ready(at("2026-03-02T09:00:00"), 0)

    assert own.departure("jamef", ready) == Departure(date(2026, 3, 3), time(10))
    assert own.departure("correios", ready) == Departure(date(2026, 3, 2), time(16))


def test_a_carrier_of_which_no_collection_speaks_gets_things_on_the_day_on_which_they_are_ready() -> None:
    own = week(collections=[fetched([TUE], time(10), by=("jamef",))])

    assert own.departure("correios", own.ready(at("2026-03-05T09:00:00"), 1)) == Departure(date(2026, 3, 6), None)


@pytest.mark.parametrize(
    ("moment", "handling", "departure"),
    [
        pytest.param("2026-03-02T14:00:00", 0, Departure(date(2026, 3, 2), time(16)), id="in time, after the cut-off"),
        pytest.param("2026-03-02T14:00:01", 0, Departure(date(2026, 3, 3), time(14)), id="late, the next day's first"),
        pytest.param("2026-03-02T09:00:00", 1, Departure(date(2026, 3, 3), time(14)), id="a day of handling"),
        pytest.param("2026-03-06T14:00:01", 0, Departure(date(2026, 3, 9), time(14)), id="over a weekend"),
    ],
)
def test_todays_goods_are_fetched_after_the_cut_off_alone_and_those_of_a_day_before_at_any_hour(
    moment: str, handling: int, departure: Departure
) -> None:
    own = week(collections=[fetched(WORKDAYS, *TWO_AND_FOUR)])

    assert own.departure("any", own.ready(at(moment), handling)) == departure


def test_a_collection_on_a_holiday_of_the_origin_is_that_of_the_next_week() -> None:
    """9 July 2026, a Thursday, is a holiday of São Paulo."""
    own = week(collections=[fetched([THU], time(16))])

    assert leaves(own, at("2026-07-07T09:00:00")) == date(2026, 7, 16)
    assert leaves(week(calendar="BR", collections=[fetched([THU], time(16))]), at("2026-07-07T09:00:00")) == date(
        2026, 7, 9
    )


def test_a_week_in_which_a_carrier_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match="ever handed over to jamef"):
        week(collections=[fetched([SAT], time(10), by=("jamef",))])


def test_saturdays_that_a_country_works_now_and_then_are_no_usual_ones() -> None:
    assert usual_weekdays("BR") == usual_weekdays("HU") == WORKDAYS


@pytest.mark.parametrize(
    ("days", "wait"), [([MON], 4), ([TUE, THU], 2), ([MON, TUE, WED, THU, FRI], 0), ([WED, SAT], 4)]
)
def test_the_longest_wait_is_that_of_what_is_ready_just_after_a_collection(days: list[int], wait: int) -> None:
    assert week(collections=[fetched(days, time(10))]).longest_wait("any") == wait
    assert week().longest_wait("any") == 0


days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
weekdays = st.frozensets(st.integers(0, 6), max_size=7)
hours = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[WorkingWeek, dict[str, Any]]:
    """A week, and what it is made of."""
    known: dict[str, Any] = {
        "closed_days": draw(st.frozensets(days_of_2026, max_size=20)),
        "yearly": draw(st.frozensets(days_of_2026.map(lambda day: (day.month, day.day)), max_size=5)),
        "open_days": draw(st.frozensets(days_of_2026, max_size=10)),
        "open_weekdays": draw(weekdays.map(lambda days: days - WORKDAYS)),
    }
    times = {day: draw(st.lists(hours, max_size=2)) for day in draw(weekdays)}
    collections = [Collection((), frozenset([day]), tuple(own)) for day, own in times.items() if own]
    if not {weekday for one in collections for weekday in one.weekdays} & WORKDAYS:
        collections = []
    cut_offs = tuple(draw(st.lists(hours, min_size=7, max_size=7)))
    return week(cut_offs=cut_offs, collections=collections, **known), {
        **known,
        "cut_offs": cut_offs,
        "collections": collections,
    }


def works(day: date, known: dict[str, Any]) -> bool:
    """Whether an origin works, word by word as the page on calendars says it."""
    plain = business_calendar("BR-SP")
    if day in known["open_days"]:
        return True
    if day in known["closed_days"] or (day.month, day.day) in known["yearly"]:
        return False
    holiday = not business_calendar("BR-SP", open_weekdays=range(7)).is_open(day)
    return plain.is_open(day) or (day.weekday() in known["open_weekdays"] and not holiday)


def found_by_walking(moment: datetime, handling: int, known: dict[str, Any]) -> Departure:
    """The departure of what is ordered at a moment, day by day and without any calendar's arithmetic."""
    today = day = moment.date()
    cut_off = known["cut_offs"][day.weekday()]
    if moment.time().replace(microsecond=0) > cut_off:
        day += timedelta(days=1)
    while not works(day, known) or handling:
        handling -= works(day, known)
        day += timedelta(days=1)
    while known["collections"]:
        hours = sorted(each for one in known["collections"] if day.weekday() in one.weekdays for each in one.times)
        hours = [each for each in hours if day != today or each > cut_off] if works(day, known) else []
        if hours:
            return Departure(day, hours[0])
        today, day = date.min, day + timedelta(days=1)
    return Departure(day, None)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=st.just(SAO_PAULO))  # noqa: DTZ001


@given(weeks(), moments, st.integers(0, 6))
def test_every_week_hands_over_when_somebody_who_walks_through_its_days_does(
    made: tuple[WorkingWeek, dict[str, Any]], moment: datetime, handling: int
) -> None:
    own, known = made

    assert own.departure("any", own.ready(moment, handling)) == found_by_walking(moment, handling, known)


@given(weeks(), moments, st.integers(0, 3), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_later_order_is_never_handed_over_earlier(
    made: tuple[WorkingWeek, dict[str, Any]], moment: datetime, handling: int, later: timedelta
) -> None:
    own, _ = made
    first, second = (own.departure("any", own.ready(each, handling)) for each in (moment, moment + later))

    assert (first.day, first.collection or time.min) <= (second.day, second.collection or time.min)


@given(st.datetimes(datetime(2026, 10, 25, 0), datetime(2026, 10, 25, 5), timezones=st.just(UTC)), hours)  # noqa: DTZ001
def test_what_was_late_stays_late_while_the_clock_is_put_back(moment: datetime, cut_off: time) -> None:
    earlier, later = (each.astimezone(MADRID) for each in (moment, moment + timedelta(minutes=40)))

    if earlier.date() == later.date() and is_late(earlier, cut_off):
        assert is_late(later, cut_off)
