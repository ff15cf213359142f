"""Business days of 2026, walked one by one, and the clocks of some places; nothing of the product is used."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

_NATIONAL = frozenset(
    date(2026, month, day)
    for month, day in ((1, 1), (4, 3), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))
) | {date(2027, 1, 1)}
_HOLIDAYS = {
    "BR": _NATIONAL,
    "BR-SP": _NATIONAL | {date(2026, 7, 9)},
    "BR-RJ": _NATIONAL | {date(2026, 2, 17), date(2026, 4, 23), date(2027, 2, 9)},
}
DAY: Final = timedelta(days=1)
_HOURS = {"America/Sao_Paulo": -3, "America/Manaus": -4, "America/Noronha": -2, "Europe/Lisbon": 0}
"""How far the clocks of a place are ahead of UTC, in winter."""
_SUMMER = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""The time of the year in which Lisbon's are an hour further; those of Brazil are never changed."""


def by_clock(moment: datetime, place: str | None = None) -> datetime:
    """What the clocks of a place say at a moment, the store's where none is named."""
    place = place or "America/Sao_Paulo"
    hours = _HOURS[place] + (place == "Europe/Lisbon" and _SUMMER[0] <= moment < _SUMMER[1])
    return moment.replace(tzinfo=None) + timedelta(hours=hours)


def is_holiday(day: date, calendar: str) -> bool:
    return day in _HOLIDAYS[calendar]


def works(day: date, calendar: str) -> bool:
    return day.weekday() < 5 and not is_holiday(day, calendar)


def later(day: date, days: int, calendar: str) -> date:
    while days:
        day += DAY
        days -= works(day, calendar)
    return day


def arrives(leaves: date, days: int, calendar: str) -> date:
    """So many business days after a day, or the next one on which somebody works."""
    while not works(leaves, calendar):
        leaves += DAY
    return later(leaves, days, calendar)
