"""Delivery times: days, the latest date, calendars, and what counts from when."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest
from correios_stubs import SEDEX, TIMES, Quoting, tampered

from portes.calendars import business_calendar
from portes.contract import Rate, RefusalKind, Shipment
from portes_correios_br.sandbox import Sandbox
from portes_testing import Case, carrier_under_test


def timed(**fields: Any) -> type[Sandbox]:
    """A simulator whose delivery times have these fields; None takes a field out."""

    def change(entries: list[dict[str, Any]]) -> object:
        return [{key: value for key, value in {**entry, **fields}.items() if value is not None} for entry in entries]

    return tampered(TIMES, change)


def told(quoting: Quoting, *shipments: Shipment, service: Any = SEDEX, settings: Any = None, **fields: Any) -> Rate:
    """The only rate, where the delivery time has these fields."""
    (rate,) = quoting(*shipments, services=[service], sandbox=timed(**fields), **settings or {}).answers[0].rates
    return cast(Rate, rate)


def test_the_latest_day_counts_from_the_dispatch_though_correios_counts_from_today(quoting: Quoting) -> None:
    """Asked on Monday, 23 November, dispatched on Tuesday: three days of Correios' end on Friday."""
    (rate,) = quoting().answers[0].rates

    assert (rate.transit.min, rate.transit.max, rate.transit.promised) == (3, 3, date(2026, 11, 27))


def test_with_dates_the_promise_counts_from_the_dispatch_date(quoting: Quoting, to: Quoting) -> None:
    later = to("70002900").model_copy(update={"dispatch_date": date(2026, 12, 4)})
    (rate,) = quoting(later, event_date="dash").answers[0].rates

    assert rate.transit.promised == date(2026, 12, 9)


@pytest.mark.parametrize(
    ("latest", "most"),
    [
        ("2026-11-24", 3),  # the days say more
        ("2026-11-26", 3),
        ("2026-11-27", 4),
        ("2026-11-28", 5),  # a Saturday: Monday is the first business day that is not too early
        ("2026-11-30", 5),
        ("2026-12-20", 20),
    ],
)
def test_a_latest_day_beyond_the_days_bounds_the_time(quoting: Quoting, latest: str, most: int) -> None:
    transit = told(quoting, prazoEntrega=3, dataMaxima=f"{latest}T23:58:00").transit
    promised = business_calendar("BR-SP").after(date(2026, 11, 23), transit.max)

    assert (transit.min, transit.max) == (3, most)
    assert promised >= date.fromisoformat(latest)


def test_where_the_dispatch_is_told_the_latest_day_counts_from_it(quoting: Quoting, to: Quoting) -> None:
    later = to("70002900").model_copy(update={"dispatch_date": date(2026, 12, 4)})
    rate = told(quoting, later, settings={"event_date": "dash"}, prazoEntrega=3, dataMaxima="2026-12-14T23:58:00")

    assert (rate.transit.min, rate.transit.max, rate.transit.promised) == (3, 6, date(2026, 12, 14))


@pytest.mark.parametrize(
    ("settings", "latest"),
    [
        ({}, "2026-11-20T23:58:00"),
        ({}, "2023-09-27T23:58:00"),
        ({}, "9999-12-31T23:58:00"),
        ({"event_date": "dash"}, "2026-11-23T23:58:00"),  # the dispatch is a day later
    ],
)
def test_a_latest_day_that_cannot_be_is_dropped_with_a_note(
    quoting: Quoting, settings: dict[str, str], latest: str
) -> None:
    rate = told(quoting, settings=settings, prazoEntrega=3, dataMaxima=latest)

    assert (rate.transit.min, rate.transit.max, rate.transit.promised) == (3, 3, None)
    assert [note.kind for note in rate.notes] == ["promise_dropped"]
    assert latest[:10] in rate.notes[0].text


def test_a_latest_day_that_is_today_for_correios_is_kept_for_a_later_dispatch(quoting: Quoting, to: Quoting) -> None:
    later = to("70002900").model_copy(update={"dispatch_date": date(2026, 12, 4)})
    rate = told(quoting, later, prazoEntrega=3, dataMaxima="2026-11-26T23:58:00")

    assert (rate.transit.max, rate.transit.promised, rate.notes) == (3, date(2026, 12, 9), ())


@pytest.mark.parametrize(
    ("code", "latest", "days", "notes"),
    [
        ("03220", "2026-11-23T23:58:00", 0, []),  # the day of posting is the latest day
        ("03204", None, 0, []),  # SEDEX HOJE: today by its name
        ("03220", None, 1, ["no_days"]),
        ("03220", "2026-11-24T23:58:00", 1, ["no_days"]),
        ("03158", None, 1, ["no_days"]),  # SEDEX 10 is the morning after
    ],
)
def test_no_days_are_told_only_where_the_same_day_is_promised(
    quoting: Quoting, to: Quoting, code: str, latest: str | None, days: int, notes: list[str]
) -> None:
    service = {"code": code, "delivery": "super_express"}
    rate = told(quoting, to("01002000"), service=service, prazoEntrega=0, dataMaxima=latest)

    assert (rate.transit.min, rate.transit.max) == (days, days)
    assert [note.kind for note in rate.notes] == notes


@pytest.mark.parametrize(
    ("choice", "kinds"),
    [("note", ["collect_at_office", "notice"]), ("offer", ["notice"]), ("refuse", [])],
)
def test_what_is_collected_at_an_office_is_noted_offered_or_refused(
    quoting: Quoting, to: Quoting, choice: str, kinds: list[str]
) -> None:
    office, door = quoting(to("69930000"), to("70002900", name="door"), collect_at_office=choice).answers

    assert [note.kind for rate in office.rates for note in rate.notes] == kinds
    assert [refusal.kind for refusal in office.refusals] == (
        [RefusalKind.SERVICE_UNAVAILABLE] if choice == "refuse" else []
    )
    assert len(door.rates) == 1


@pytest.mark.parametrize(
    ("days", "business"), [(0, 1), (1, 1), (4, 4), (5, 5), (6, 5), (7, 5), (8, 6), (10, 8), (14, 10), (30, 22)]
)
def test_calendar_days_become_the_most_business_days_they_can_hold(quoting: Quoting, days: int, business: int) -> None:
    rate = told(quoting, settings={"prazo_unit": "calendar"}, prazoEntrega=days, dataMaxima=None)

    assert (rate.transit.min, rate.transit.max) == (business, business)


@pytest.mark.parametrize(("settings", "calendar"), [({}, "BR-SP"), ({"calendar": "BR"}, "BR")])
def test_business_days_are_the_stores_unless_the_settings_say_whose(
    quoting: Quoting, settings: dict[str, str], calendar: str
) -> None:
    assert quoting(**settings).answers[0].rates[0].transit.calendar == calendar


def test_abilities_say_dated_only_where_dates_are_sent(case_of: Callable[..., Case]) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test:
        plain = under_test.new_carrier(under_test.public()).abilities
        dated = under_test.new_carrier(under_test.public(), settings={"event_date": "slash"}).abilities

    assert (plain.dated, dated.dated) == (False, True)
    assert plain.batch == 10
    assert (plain.measure, plain.price_source, plain.time_source) == ("parcels", "live", "live")
    assert plain.countries == frozenset({"BR"})
