"""A promise put off by whole business days, its dates with it."""

from datetime import date

from portes.calendars import BusinessCalendar, business_calendar
from portes.contract import LeadTime


def later(promise: LeadTime, least: int, most: int) -> LeadTime:
    """The promise whose first day comes `least` business days later and whose last one `most`, by its own calendar.

    A day on which nobody works counts as the next one on which somebody does, as it is told. Raises `ValueError`
    where the days would run backwards or beyond all calendars.
    """
    calendar = business_calendar(promise.calendar)
    return LeadTime(
        min=promise.min + least,
        max=promise.max + most,
        calendar=promise.calendar,
        earliest=_moved(promise.earliest, least, calendar),
        latest=_moved(promise.latest, most, calendar),
    )


def _moved(day: date, days: int, calendar: BusinessCalendar) -> date:
    return calendar.after(calendar.on_or_after(day), days) if days else day
