"""Business days of named calendars, and the day an order is handed over.

Holidays come from the `holidays` package (public holidays only) and are worked out once per calendar and
year, so that a question costs a binary search and nothing more.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

import holidays
from pydantic import TypeAdapter, ValidationError

from portes.clock import SystemClock
from portes.contract.suggestions import nearest
from portes.contract.timing import CalendarName
from portes.errors import Problem, SettingsError

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
"""Nobody knows the holidays of later years, and a carrier's "never" (0001-01-01, 9999-12-31) is no business day."""

_HALF_A_YEAR: Final = 26
"""Weeks."""
_NAME: Final = TypeAdapter(CalendarName)
_UNKNOWN: Final = "is no calendar we know"
_PARTING: Final = re.compile(r"[\s_/.]+")


class _OwnDays(NamedTuple):
    """What sets the days of a store apart from those of a calendar."""

    closed: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    """Month and day of what is closed every year."""
    open: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset()
    """Weekdays that are open besides, Monday being 0."""

    def among(self, name: str, year: int) -> list[int]:
        """The open days of one year of a calendar, as proleptic ordinals in order."""
        if not any(self):
            return list(_open_days(name, year))
        days = {date.fromordinal(day) for day in _open_days(name, year)}
        days |= {day for day in _no_holidays(name, year) if day.weekday() in self.weekdays} if self.weekdays else set()
        days = {day for day in days - self.closed if (day.month, day.day) not in self.yearly}
        return sorted(day.toordinal() for day in days | {day for day in self.open if day.year == year})


class _Years(NamedTuple):
    """A run of whole years; days are proleptic ordinals."""

    eve: int
    """The day before the first one."""
    last: int
    open_days: list[int]


class BusinessCalendar:
    """The open days of a country or region, less and more those of a store of its own. Thread-safe.

    Every method takes days of the years 2000 to 2099 and raises `ValueError` beyond them.
    """

    __slots__ = ("_own", "_span", "name")

    def __init__(self, name: str, own: _OwnDays = _OwnDays()) -> None:  # noqa: B008 — an immutable one
        self.name = name
        """`BR`, `BR-SP`; a store's own days do not show in it."""
        self._own = own
        this_year = min(max(SystemClock().now().year, FIRST_YEAR), LAST_YEAR - 1)
        self._span = self._years(this_year, this_year + 1)  # others are added when a question reaches into them

    def __repr__(self) -> str:
        own = self._own
        return f"BusinessCalendar({self.name!r}, {len(own.closed | own.yearly)} closed days)"

    def is_open(self, day: date) -> bool:
        """The answer whether a day is a business day of this calendar."""
        ordinal = day.toordinal()
        open_days = self._covering(ordinal, ordinal).open_days
        index = bisect_left(open_days, ordinal)
        return index < len(open_days) and open_days[index] == ordinal

    def on_or_after(self, day: date) -> date:
        """The day itself when it is open, otherwise the next open one."""
        return self.open_day(day, 0)

    def open_day(self, day: date, days: int) -> date:
        """The open day that lies so many business days after the day, or after the next open one where it is closed."""
        return self._after(day.toordinal() - 1, days + 1)

    def after(self, day: date, days: int) -> date:
        """The day that lies so many business days later; zero days later is the day itself, open or not.

        Raises `ValueError` for a negative number of days.
        """
        if days < 0:
            msg = f"{days} business days cannot be counted forward"
            raise ValueError(msg)
        return self._after(day.toordinal(), days) if days else day

    def count(self, start: date, end: date) -> int:
        """Business days after `start`, up to and with `end`; negative when `end` is the earlier one."""
        low, high = start.toordinal(), end.toordinal()
        open_days = self._covering(min(low, high), max(low, high)).open_days
        return bisect_right(open_days, high) - bisect_right(open_days, low)

    def _after(self, ordinal: int, days: int) -> date:
        span = self._covering(ordinal, ordinal)
        while (index := bisect_right(span.open_days, ordinal) + days - 1) >= len(span.open_days):
            span = self._covering(ordinal, span.last + 1)
        return date.fromordinal(span.open_days[index])

    def _covering(self, low: int, high: int) -> _Years:
        span = self._span
        return span if span.eve <= low and high <= span.last else self._widened(low, high)

    def _widened(self, low: int, high: int) -> _Years:
        known = self._span  # no lock, which a fork could leave held: at worst two threads look up the same years
        first = min(_year(low), _year(known.eve + 1))
        last = max(_year(high), _year(known.last))
        self._span = span = self._years(first, last)
        return span

    def _years(self, first: int, last: int) -> _Years:
        open_days = [day for year in range(first, last + 1) for day in self._own.among(self.name, year)]
        return _Years(date(first, 1, 1).toordinal() - 1, date(last, 12, 31).toordinal(), open_days)


def _year(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = f"{day} is outside the years {FIRST_YEAR} to {LAST_YEAR} that calendars know"
        raise ValueError(msg)
    return day.year


@lru_cache(maxsize=1024)
def _open_days(name: str, year: int) -> tuple[int, ...]:
    known = _holidays(name, year)
    return tuple(day.toordinal() for day in _days_of(year) if known.is_working_day(day))


@lru_cache(maxsize=256)
def _no_holidays(name: str, year: int) -> tuple[date, ...]:
    """The days of a year that are no holiday, those of the weekend too."""
    known = _holidays(name, year)
    return tuple(day for day in _days_of(year) if day not in known)


def _holidays(name: str, year: int) -> holidays.HolidayBase:
    country, _, region = name.partition("-")
    return holidays.country_holidays(country, subdiv=region or None, years=year, expand=False)


def _days_of(year: int) -> Iterator[date]:
    return map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))


@lru_cache(maxsize=256)
def _calendar(name: str, own: _OwnDays) -> BusinessCalendar:
    if name not in calendar_names():
        raise SettingsError(Problem("calendar", name, _UNKNOWN, _fix(name)))
    return BusinessCalendar(name, own)


def business_calendar(
    name: str,
    closed_days: Collection[date] = (),
    *,
    yearly: Collection[tuple[int, int]] = (),
    open_days: Collection[date] = (),
    open_weekdays: Collection[int] = (),
) -> BusinessCalendar:
    """The calendar of a country (`BR`) or of one of its regions (`BR-SP`), built once for many askers.

    The others are a store's own. The nearest word counts: a day in `open_days` is open whatever else is said of it; one
    in `closed_days`, or whose month and day are in `yearly`, is closed; and `open_weekdays` (Monday is 0) open the
    weekend, holidays aside. Raises `SettingsError` for an unknown name, with the ones near it.
    """
    own = _OwnDays(frozenset(closed_days), frozenset(yearly), frozenset(open_days), frozenset(open_weekdays))
    return _calendar(name, own)


@lru_cache(maxsize=256)
def usual_weekdays(name: str) -> frozenset[int]:
    """The weekdays on which a calendar works by and large, Monday being 0; a working Saturday or two makes none."""
    year = min(max(SystemClock().now().year, FIRST_YEAR), LAST_YEAR)
    worked = Counter(date.fromordinal(day).weekday() for day in _open_days(name, year))
    return frozenset(weekday for weekday, days in worked.items() if days > _HALF_A_YEAR)


def calendar_in(country: str, name: str) -> str:
    """The calendar of a country (ISO 3166-1) that is meant by a name: `MG` in `BR` is `BR-MG`, `BR-SP` is itself.

    A name of another country that is no region of this one becomes the country's own calendar.
    """
    wanted = _plain(name)
    if wanted.partition("-")[0] == country:
        return wanted
    regions = (f"{country}-{wanted}", f"{country}-{wanted.removeprefix(country)}")
    return next((region for region in regions if region in calendar_names()), country)


def calendar_fault(name: str, country: str) -> tuple[str, str] | None:
    """The cause and the fix of a name that is no calendar of a country (ISO 3166-1); None when it is one of them."""
    names, meant = calendar_names(), calendar_in(country, name)
    if name in names:
        foreign = f"is a calendar of another country than {country}"
        return None if meant == name else (foreign, f"write {meant}")
    if meant not in names:
        return _UNKNOWN, _fix(meant)
    if meant == country != _plain(name):
        regions = sorted(known for known in names if known.startswith(f"{country}-"))
        return _UNKNOWN, f"write {country}" + (f", or a region of it such as {regions[0]}" if regions else "")
    return _UNKNOWN, f"write {meant}"


@lru_cache(maxsize=1)
def calendar_names() -> frozenset[str]:
    """Every name that `business_calendar` takes: countries by ISO 3166-1, regions by ISO 3166-2 code."""
    supported = holidays.list_supported_countries(include_aliases=False)
    regions = (f"{country}-{region}" for country, codes in supported.items() for region in codes)
    return frozenset(supported) | frozenset(filter(_is_name, regions))


def _is_name(text: str) -> bool:
    # the package also knows towns and school zones by their written-out names ("São Paulo Capital")
    try:
        _NAME.validate_python(text)
    except ValidationError:
        return False
    return True


def _plain(name: str) -> str:
    return _PARTING.sub("-", name.strip().upper())


def _fix(name: str) -> str:
    wanted = _plain(name)
    country = wanted.partition("-")[0]
    names = sorted(calendar_names())
    own = [known for known in names if known.partition("-")[0] == country]
    near = nearest(wanted, own or names, most=5, likeness=50)
    return f"write one of {', '.join(near)}" if near else "write a country such as BR, or a region such as BR-SP"


def is_late(moment: datetime, cut_off: time) -> bool:
    """Whether an order of this moment came after the cut-off of its day, by the clock of the moment's own zone.

    Compared to the second: at 14:00:00 sharp it is in time. Where the clock is put back and shows an hour twice, a
    cut-off in that hour is its first one. Raises `ValueError` for a moment that knows no zone.
    """
    if moment.tzinfo is None:
        msg = "the moment of an order needs its time zone"
        raise ValueError(msg)
    if moment.time().replace(microsecond=0) > cut_off:
        return True
    if not moment.fold:
        return False
    first = datetime.combine(moment.date(), cut_off, moment.tzinfo)
    return moment.replace(microsecond=0).astimezone(UTC) > first.astimezone(UTC)


def dispatch_date(moment: datetime, handling_days: int, cut_off: time, calendar: BusinessCalendar) -> date:
    """The day on which what is ordered at this moment is ready for the carrier.

    Handling starts today when today is open and the order is not late (`is_late`), otherwise on the next open day; then
    `handling_days` business days pass. `moment` is aware and in the origin's time zone. Raises `ValueError` for a naive
    one.
    """
    today = moment.date()
    start = calendar.after(today, 1) if is_late(moment, cut_off) else calendar.on_or_after(today)
    return calendar.after(start, handling_days)


__all__ = [
    "BusinessCalendar",
    "business_calendar",
    "calendar_fault",
    "calendar_in",
    "calendar_names",
    "dispatch_date",
    "is_late",
    "usual_weekdays",
]
