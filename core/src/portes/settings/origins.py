"""Origins of a store's file, and the working week of each: made from their tables, or every problem of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portes.calendars import Collection, WorkingWeek, calendar_fault, calendar_in, usual_weekdays
from portes.contract import Origin, Place
from portes.contract.suggestions import did_you_mean
from portes.errors import Problems, RequestError
from portes.settings.origin_section import (
    WEEKDAYS,
    CollectionSection,
    CutOffs,
    OriginSection,
    weekday_numbers,
    yearly,
)
from portes.settings.sections import StoreSection
from portes.settings.validate import value_words


class OriginDraft(NamedTuple):
    """An origin as its table says it."""

    origin: Origin
    section: OriginSection
    week: WorkingWeek | None
    """None where something of it is wrong."""


class OriginReader:
    """Makes the origins of a store; what is wrong goes into its file's problems.

    `fallbacks` says of each carrier, by its NAME, whether it is a fallback.
    """

    def __init__(self, store: StoreSection, fallbacks: Mapping[str, bool], problems: Problems) -> None:
        self._store = store
        self._fallbacks = fallbacks
        self._problems = problems

    def read(self, section: OriginSection, where: str) -> OriginDraft | None:
        """The origin of a table that stands at a place of the file; None where its own place cannot be read."""
        place = self._place(section, where)
        if place is None:
            return None
        before = self._problems.count
        calendar = self._calendar(section, place, where)
        origin = Origin(
            id=section.id,
            place=place,
            handling_days=section.handling_days,
            cut_off=section.cut_off.other if isinstance(section.cut_off, CutOffs) else section.cut_off,
            cut_offs=tuple(map(section.cut_off.on, WEEKDAYS)) if isinstance(section.cut_off, CutOffs) else (),
            timezone=section.timezone or "",
            calendar=calendar,
        )
        _WeekCheck(section, self._store, origin, where, self._problems).run(self._fallbacks)
        return OriginDraft(origin, section, self._week(section, origin) if self._problems.count == before else None)

    def _place(self, section: OriginSection, where: str) -> Place | None:
        try:
            return Place.parse(section.postal_code, section.country or self._store.country)
        except RequestError as error:
            bad = error.problems[0]
            self._problems.add(f"{where}.postal_code", bad.value, bad.cause, bad.fix)
            return None

    def _calendar(self, section: OriginSection, place: Place, where: str) -> str:
        calendar, store = section.calendar, self._store
        if calendar is not None:
            fault = calendar_fault(calendar, place.country)
            if fault:
                self._problems.add(f"{where}.calendar", calendar, *fault)
            return place.country if fault else calendar
        if place.country != store.country and calendar_in(place.country, store.calendar) != store.calendar:
            cause = f"is the store's calendar, and of another country than the origin's ({place.country})"
            fix = f'add calendar = "{calendar_in(place.country, store.calendar)}"'
            self._problems.add(f"{where}.calendar", store.calendar, cause, fix)
            return place.country
        return store.calendar

    def _week(self, section: OriginSection, origin: Origin) -> WorkingWeek:
        every = usual_weekdays(origin.calendar) | weekday_numbers(section.open_days)
        every |= {day.weekday() for day in _dates(section.open_days)}
        return WorkingWeek.of(
            origin,
            ZoneInfo(self._store.timezone),
            closed_days=(*self._store.closed_days, *section.closed_days, *_dates(section.holidays)),
            yearly=tuple(on for day in section.holidays if (on := yearly(day))),
            open_days=tuple(_dates(section.open_days)),
            open_weekdays=weekday_numbers(section.open_days),
            collections=[
                Collection(one.carriers, weekday_numbers(one.days) or every, one.times) for one in section.collections
            ],
        )


class _WeekCheck:
    """What the keys of one origin's working week demand of each other, and of the rest of the file."""

    def __init__(
        self, section: OriginSection, store: StoreSection, origin: Origin, where: str, problems: Problems
    ) -> None:
        self._section = section
        self._store = store
        self._calendar = origin.calendar
        self._where = where
        self._problems = problems
        self._usual = usual_weekdays(origin.calendar) | weekday_numbers(section.open_days)
        self._ever = self._usual | {day.weekday() for day in _dates(section.open_days)}

    def run(self, fallbacks: Mapping[str, bool]) -> None:
        """Note every problem of the week."""
        self._check_open_days()
        self._check_cut_offs()
        for number, collection in enumerate(self._section.collections):
            self._check_collection(collection, f"{self._where}.collections.{number}", fallbacks)
        self._check_meetings(fallbacks)

    def _check_open_days(self) -> None:
        closed = dict.fromkeys(self._store.closed_days, "the store's closed_days")
        closed |= dict.fromkeys(_dates(self._section.holidays), f"{self._where}.holidays")
        closed |= dict.fromkeys(self._section.closed_days, f"{self._where}.closed_days")
        for number, day in enumerate(self._section.open_days):
            where = f"{self._where}.open_days.{number}"
            if isinstance(day, date) and day in closed:
                self._problems.add(
                    where, value_words(day), f"is closed by {closed[day]}", "remove it from one of the two"
                )
            elif day in WEEKDAYS and WEEKDAYS.index(day) in usual_weekdays(self._calendar):
                cause = f"is a day on which {self._calendar} works anyway"
                self._problems.add(where, day, cause, "remove it; to work on a holiday, write its day")

    def _check_cut_offs(self) -> None:
        cut_off = self._section.cut_off
        if isinstance(cut_off, CutOffs):
            for weekday in WEEKDAYS:
                if weekday in cut_off.model_fields_set:
                    self._check_weekday(weekday, f"{self._where}.cut_off.{weekday}")

    def _check_collection(self, collection: CollectionSection, where: str, fallbacks: Mapping[str, bool]) -> None:
        for number, key in enumerate(collection.carriers):
            if key not in fallbacks:
                known = [name for name, fallback in fallbacks.items() if not fallback]
                fix = did_you_mean(key, known) or f"write one of {', '.join(known) or 'the carriers of this file'}"
                self._problems.add(f"{where}.carriers.{number}", key, "is no carrier of this store", fix)
            elif fallbacks[key]:
                cause = "is a fallback: its parcels are fetched by the carrier that it stands in for"
                self._problems.add(f"{where}.carriers.{number}", key, cause, "name that carrier, or remove it")
        for number, weekday in enumerate(collection.days):
            self._check_weekday(weekday, f"{where}.days.{number}")

    def _check_weekday(self, weekday: str, where: str) -> None:
        if WEEKDAYS.index(weekday) not in self._ever:
            fix = f'remove it, or write open_days = ["{weekday}"]'
            self._problems.add(where, weekday, "is a day on which nobody ever works here", fix)

    def _check_meetings(self, fallbacks: Mapping[str, bool]) -> None:
        """Refuse a carrier that comes on no weekday on which the origin works by and large."""
        collections = self._section.collections
        named = dict.fromkeys(key for one in collections for key in one.carriers if key in fallbacks)
        for key in named:
            self._check_meeting(key, [one for one in collections if key in one.carriers])
        shared = [one for one in collections if not one.carriers]
        if shared:
            self._check_meeting("all other carriers", shared)

    def _check_meeting(self, key: str, own: list[CollectionSection]) -> None:
        met = [weekday_numbers(one.days) & self._usual if one.days else self._usual for one in own]
        told = all(WEEKDAYS.index(day) not in self._ever for one in own for day in one.days)
        if not any(met) and not (told and all(one.days for one in own)):
            days = ", ".join(dict.fromkeys(day for one in own for day in one.days))
            works = ", ".join(WEEKDAYS[number] for number in sorted(self._usual))
            cause = f"nothing is ever handed over to {key}: it is fetched on {days}, and work is on {works}"
            fix = f'add a day on which work is, or write the weekday in open_days, such as open_days = ["{days[:3]}"]'
            self._problems.add(f"{self._where}.collections", days, cause, fix)


def _dates(values: tuple[object, ...]) -> Iterator[date]:
    return (value for value in values if isinstance(value, date))
