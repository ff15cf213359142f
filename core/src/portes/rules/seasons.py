"""Days as rules name them: seasons of every year, weekdays, and spans of dates that can never come."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from portes.rules.lists import not_empty

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Their names in the order of `date.weekday`."""
WeekdayList = Annotated[tuple[Weekday, ...], AfterValidator(not_empty)]
"""A settings field that lists weekdays."""

_SEASON: Final = re.compile(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)", re.ASCII)
_LEAP: Final = 2000
_CYCLE: Final = 28 * 366
"""Days. In 28 years every day of the year falls on every weekday."""


def _checked(text: str) -> str:
    season_days(text)
    return text


SeasonText = Annotated[str, AfterValidator(_checked), Field(examples=["11-20..12-24", "12-20..01-06"])]
SeasonList = Annotated[tuple[SeasonText, ...], AfterValidator(not_empty)]
"""A settings field that lists seasons: `11-20..12-24` is from 20 November to 24 December, both with it, every year."""


def season_days(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last month and day of a season. Raises `ValueError` with what to write."""
    match = _SEASON.fullmatch(text)
    if match is None:
        raise ValueError('is no season; write month and day of its ends, such as "11-20..12-24"')
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    for month, day in (first, last):
        try:
            date(_LEAP, month, day)
        except ValueError:
            raise ValueError(f"names the day {month:02}-{day:02}, which no year has; write month and day") from None
    return first, last


def in_season(day: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether a day lies in a season; one whose end comes before its beginning goes over the turn of the year."""
    here = day.month, day.day
    return first <= here <= last if first <= last else here >= first or here <= last


class Days:
    """The days that dates, seasons and weekdays leave, all of which must agree."""

    __slots__ = ("_first", "_last", "_seasons", "_weekdays")

    def __init__(
        self, first: date | None, last: date | None, seasons: Sequence[str], weekdays: Collection[str]
    ) -> None:
        self._first, self._last = first, last
        self._seasons = tuple(map(season_days, seasons))
        self._weekdays = frozenset(WEEKDAYS.index(day) for day in WEEKDAYS if day in weekdays)

    def __contains__(self, day: date) -> bool:
        since = self._first is None or self._first <= day
        return since and (self._last is None or day <= self._last) and self.returns_on(day)

    def returns_on(self, day: date) -> bool:
        """Whether a day is in the seasons and among the weekdays, whatever the dates say."""
        on_weekday = not self._weekdays or day.weekday() in self._weekdays
        return on_weekday and (not self._seasons or any(in_season(day, *each) for each in self._seasons))


def first_day(several: Sequence[Days], since: date, until: date | None) -> date | None:
    """The first day from `since` on, up to and with `until`, that is in all of these; None where none ever is."""
    last = min(until or date.max, date.fromordinal(min(since.toordinal() + _CYCLE, date.max.toordinal())))
    return next((day for day in _days(since, last) if all(day in days for days in several)), None)


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
