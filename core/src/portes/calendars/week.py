"""The working week of one origin, worked out when a store is built; a question costs a binary search and no more."""

from collections import abc
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from portes.calendars.business import BusinessCalendar, business_calendar, is_late, usual_weekdays
from portes.calendars.fetching import Collection, Collections, longest_wait
from portes.contract import Origin


class Ready(NamedTuple):
    """When goods are ready to be fetched, and why not before."""

    asked: datetime
    """The moment of the order by the origin's own clock, aware."""
    late: bool
    """Whether it came after the cut-off of its day."""
    day: date
    """In time for every collection of this day, unless `after` says otherwise."""
    after: time | None
    """Of goods that are ordered and packed on this very day: its cut-off, before which nothing can be fetched."""


class Departure(NamedTuple):
    """When a carrier gets what is ready."""

    day: date
    collection: time | None
    """The local time at which it fetches; None for a carrier that gets things on the day on which they are ready."""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """When an origin works, and when carriers fetch there. Thread-safe."""

    origin: Origin
    timezone: ZoneInfo
    """Of its clock."""
    calendar: BusinessCalendar
    """Its open days, its own and the store's closed days out of it."""
    weekdays: frozenset[int]
    """On which it works by and large, Monday being 0."""
    collections: abc.Mapping[str, Collections] = field(default_factory=dict)
    """By the key of the carrier, for those that are named."""
    others: Collections | None = None
    """Of the carriers that are not named; None where they get things on the day on which they are ready."""

    @classmethod
    def of(
        cls,
        origin: Origin,
        timezone: ZoneInfo,
        *,
        closed_days: abc.Collection[date] = (),
        yearly: abc.Collection[tuple[int, int]] = (),
        open_days: abc.Collection[date] = (),
        open_weekdays: abc.Collection[int] = (),
        collections: abc.Iterable[Collection] = (),
    ) -> Self:
        """Work out the week of an origin; `timezone` is the store's. The days are those of `business_calendar`.

        Raises `SettingsError` for a calendar that nobody knows, and `ValueError` for a carrier that comes on no weekday
        on which the origin works.
        """
        calendar = business_calendar(
            origin.calendar, closed_days, yearly=yearly, open_days=open_days, open_weekdays=open_weekdays
        )
        listed = tuple(collections)
        shared = [one for one in listed if not one.carriers]
        keys = dict.fromkeys(key for one in listed for key in one.carriers)
        named = {key: [one for one in listed if key in one.carriers] for key in keys}
        weekdays = usual_weekdays(origin.calendar).union(open_weekdays)
        return cls(
            origin=origin,
            timezone=ZoneInfo(origin.timezone) if origin.timezone else timezone,
            calendar=calendar,
            weekdays=weekdays,
            collections={key: _met(key, Collections.of(own), weekdays) for key, own in named.items()},
            others=_met("everybody else", Collections.of(shared), weekdays) if shared else None,
        )

    def ready(self, moment: datetime, handling_days: int) -> Ready:
        """When goods are ready that are ordered at an aware moment, whatever its zone, and need so many days."""
        asked = moment if moment.tzinfo is self.timezone else moment.astimezone(self.timezone)
        today, calendar = asked.date(), self.calendar
        cut_off = self.origin.cut_off_on(today)
        late = is_late(asked, cut_off)
        # whoever orders late, or on a closed day, orders on the next open one
        day = calendar.after(today, handling_days + 1) if late else calendar.open_day(today, handling_days)
        return Ready(asked, late, day, cut_off if day == today else None)

    def fetched_by(self, carrier: str) -> Collections | None:
        """The collections of a carrier, by its key; None where it gets things on the day on which they are ready."""
        return self.collections.get(carrier, self.others)

    def departure(self, carrier: str, ready: Ready) -> Departure:
        """When a carrier, by its key, gets what is ready."""
        collections = self.fetched_by(carrier)
        if collections is None:
            return Departure(ready.day, None)
        day, fetched = ready.day, collections.on(ready.day.weekday(), ready.after)
        while fetched is None:
            day = self.calendar.after(day, 1)
            fetched = collections.on(day.weekday())
        return Departure(day, fetched)

    def leaves_same_day(self, carrier: str) -> bool:
        """Whether what a carrier is to fetch may leave on the day of its order, were there nothing to do to it."""
        collections, cut_offs = self.fetched_by(carrier), self.origin.cut_offs or (self.origin.cut_off,) * 7
        return collections is None or any(collections.on(day, cut_offs[day]) is not None for day in self.weekdays)

    def open_days_until(self, ready: Ready) -> int:
        """The days on which the origin works after the day of asking, up to the day on which goods are ready."""
        return self.calendar.count(ready.asked.date(), ready.day)

    def longest_wait(self, carrier: str) -> int:
        """The most days on which the origin works that ready goods wait for a carrier in a week without holidays."""
        collections = self.fetched_by(carrier)
        return longest_wait(collections.weekdays, self.weekdays) if collections else 0


def _met(carrier: str, collections: Collections, weekdays: frozenset[int]) -> Collections:
    """The collections, of which some are on days on which the origin works."""
    if not collections.weekdays & weekdays:
        msg = f"nothing is ever handed over to {carrier}"
        raise ValueError(msg)
    return collections
