"""The promise: from a hand-over day and a carrier's transit time to dates, and to the business days that are told."""

from datetime import date
from functools import lru_cache

from portes.calendars import business_calendar
from portes.contract import LeadTime, TransitTime


def lead_time(asked: date, leaves: date, transit: TransitTime, extra_days: int, asker: str) -> LeadTime:
    """The promise of one rate of a shipment that the carrier gets on the day it `leaves`.

    `asked` is the day of asking by the store's clock, and `asker` names the calendar in which whoever asked counts.
    """
    spans = transit.min + extra_days, transit.max + extra_days
    return _promised(asked, leaves, spans, transit.calendar, asker)


@lru_cache(maxsize=4096)
def _promised(asked: date, leaves: date, spans: tuple[int, int], carrier: str, asker: str) -> LeadTime:
    # an origin whose clock is behind the store's may hand over on a day that is over where it was asked
    earliest, latest = (max(asked, _arrival(leaves, days, carrier)) for days in spans)
    return LeadTime(
        min=_days_until(earliest, asked, asker),
        max=_days_until(latest, asked, asker),
        calendar=asker,
        earliest=earliest,
        latest=latest,
    )


def _arrival(leaves: date, days: int, carrier: str) -> date:
    """The day at the door, counted from the hand-over, or from the next day on which the carrier works."""
    calendar = business_calendar(carrier)
    return calendar.open_day(leaves, days)


def _days_until(day: date, asked: date, asker: str) -> int:
    """The fewest business days after the asking day that reach a day: one on which nobody works rounds up."""
    calendar = business_calendar(asker)
    return calendar.count(asked, day if day == asked else calendar.on_or_after(day))
