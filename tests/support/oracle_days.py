"""Business days of 2026, walked one by one; nothing of the product is used."""

from datetime import date, timedelta
from typing import Final

_NATIONAL = frozenset(
    date(2026, month, day)
    for month, day in ((1, 1), (4, 3), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))
) | {date(2027, 1, 1)}
_HOLIDAYS = {
    "BR": _NATIONAL,
    "BR-SP": _NATIONAL | {date(2026, 7, 9)},
    "BR-RJ": _NATIONAL | {date(2026, 2, 17), date(2026, 4, 23)},
}
DAY: Final = timedelta(days=1)
LOCAL: Final = timedelta(hours=-3)  # São Paulo, in all of 2026


def works(day: date, calendar: str) -> bool:
    return day.weekday() < 5 and day not in _HOLIDAYS[calendar]


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
