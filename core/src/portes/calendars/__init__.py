"""Business days of named calendars, and the working week of an origin: when goods are ready and carriers fetch them."""

from portes.calendars.business import (
    BusinessCalendar,
    business_calendar,
    calendar_fault,
    calendar_in,
    calendar_names,
    dispatch_date,
    is_late,
    usual_weekdays,
)
from portes.calendars.fetching import Collection, Collections
from portes.calendars.week import Departure, Ready, WorkingWeek

__all__ = [
    "BusinessCalendar",
    "Collection",
    "Collections",
    "Departure",
    "Ready",
    "WorkingWeek",
    "business_calendar",
    "calendar_fault",
    "calendar_in",
    "calendar_names",
    "dispatch_date",
    "is_late",
    "usual_weekdays",
]
