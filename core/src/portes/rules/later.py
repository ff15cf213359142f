"""A promise put off by whole business days, its dates with it."""

from datetime import date

from portes.calendars import BusinessCalendar, business_calendar
from portes.contract import LeadTime


def later(promise: LeadTime, least: int, most: int) -> LeadTime:
    """The promise whose first day comes `least` business days later and whose last one `most`, by its own calendar.

    A day on which nobody works counts as the next one on which somebody does, as it is told; but from the asking day
    itself days are counted as they are told, whether anybody works on it or not. Raises `ValueError` where the days
    would run backwards or beyond all calendars.
    """
    calendar = business_calendar(promise.calendar)
    return LeadTime(
        min=promise.min + least,
        max=promise.max + most,
        calendar=promise.calendar,
        earliest=_moved(promise.earliest, promise.min, least, calendar),
        latest=_moved(promise.latest, promise.max, most, calendar),
    )


def _moved(day: date, told: int, days: int, calendar: BusinessCalendar) -> date:
    # what is told as no days away is there on the asking day itself
    return calendar.after(calendar.on_or_after(day) if told else day, days) if days else day
