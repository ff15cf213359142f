"""`[[origins]]`: every key of an origin and of its working week, its default and its sentence."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PlainValidator, Tag

from portes.contract.base import Day, Days, ShopNumber, TimeOfDay
from portes.contract.bounds import MOST_NAMED
from portes.contract.places import Country
from portes.contract.suggestions import did_you_mean
from portes.settings.messages import unfit
from portes.settings.sections import Section, TimezoneChoice

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)
"""From Monday on, as Python counts them."""

_EVENING: Final = time(23, 59, 59)
_YEARLY: Final = re.compile(r"(\d\d)-(\d\d)")
_LEAP_YEAR: Final = 2028


def _quoted_code(code: object) -> object:
    if isinstance(code, int):
        fix = 'write it in quotes with all its digits, such as "01001000" or "08001"'
        raise unfit("is a number, and leading zeros would be lost", fix)
    return code


def _day(value: object) -> date | None:
    """A day of TOML, or its ISO text; None for what is none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _weekday_or_day(value: object) -> object:
    day = value if value in WEEKDAYS else _day(value)
    if day is None:
        near = did_you_mean(value[:3].lower(), WEEKDAYS) if isinstance(value, str) else ""
        fix = f'{near} write "{WEEKDAYS[-2]}", or a day without quotes, such as 2026-12-24'.strip()
        raise unfit(f"is neither a day nor one of {', '.join(WEEKDAYS)}", fix)
    return day


def _yearly_or_day(value: object) -> object:
    day = value if yearly(value) else _day(value)
    if day is None:
        fix = 'write a day without quotes, such as 2026-01-25, or "01-25" for that of every year, the month first'
        raise unfit("is neither a day nor the month and day of every year", fix)
    return day


def yearly(value: object) -> tuple[int, int] | None:
    """Month and day of what comes every year, `"01-25"`; None for what is none."""
    found = _YEARLY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        day = date(_LEAP_YEAR, int(found[1]), int(found[2]))
    except ValueError:
        return None
    return day.month, day.day


def _some(times: tuple[time, ...]) -> tuple[time, ...]:
    if not times:  # a least length would also count times that could not be read
        raise unfit("is empty", 'write the times at which they fetch: ["16:00"]')
    return times


def _kind_of_cut_off(value: object) -> str:
    return "table" if isinstance(value, dict | CutOffs) else "time"


OpenDay = Annotated[date | str, PlainValidator(_weekday_or_day, json_schema_input_type=Weekday | date)]
TownHoliday = Annotated[date | str, PlainValidator(_yearly_or_day, json_schema_input_type=str | date)]


class CutOffs(Section):
    """`cut_off` of an origin as a table: a cut-off for each weekday that has one of its own."""

    mon: TimeOfDay | None = Field(None, description="On Mondays.")
    tue: TimeOfDay | None = Field(None, description="On Tuesdays.")
    wed: TimeOfDay | None = Field(None, description="On Wednesdays.")
    thu: TimeOfDay | None = Field(None, description="On Thursdays.")
    fri: TimeOfDay | None = Field(None, description="On Fridays.")
    sat: TimeOfDay | None = Field(None, description="On Saturdays.")
    sun: TimeOfDay | None = Field(None, description="On Sundays.")
    other: TimeOfDay = Field(_EVENING, description="On the days that are left out; the end of the day when not set.")

    def on(self, weekday: str) -> time:
        """The cut-off of a weekday: its own, or that of the days left out."""
        own: time | None = getattr(self, weekday)
        return self.other if own is None else own


CutOff = Annotated[
    Annotated[TimeOfDay, Tag("time")] | Annotated[CutOffs, Tag("table")], Discriminator(_kind_of_cut_off)
]


class CollectionSection(Section):
    """`[[origins.collections]]`: when carriers fetch at an origin."""

    carriers: tuple[str, ...] = Field(
        (),
        max_length=MOST_NAMED,
        description="NAMEs of the carriers that fetch then; when left out, all that no other collection of the origin "
        "names.",
    )
    days: tuple[Weekday, ...] = Field(
        (), description='Weekdays on which they fetch: `["mon", "thu"]`; every day that the origin works when left out.'
    )
    times: Annotated[tuple[TimeOfDay, ...], AfterValidator(_some)] = Field(
        max_length=MOST_NAMED,
        description='Times at which they fetch, by the origin\'s clock: `["16:00"]`.',
    )


class OriginSection(Section):
    """`[[origins]]`: where parcels leave from."""

    id: ShopNumber = Field(description="Your own number of this origin, told to marketplaces.")
    country: Country | None = Field(None, description="ISO 3166 code; the store's country when left out.")
    postal_code: Annotated[str, BeforeValidator(_quoted_code)] = Field(
        description="Postal code it leaves from, as text: `01001000`, `28013`."
    )
    handling_days: Days = Field(0, description="Days on which it works, from the order until it can be handed over.")
    timezone: TimezoneChoice | None = Field(
        None, description="Time zone of its clock, `America/Manaus`; the store's when left out."
    )
    cut_off: CutOff = Field(
        _EVENING,
        description='Local time after which today counts as tomorrow, `"14:00"`; or a table of times by weekday, '
        '`{ sat = "11:00", other = "14:00" }`.',
    )
    calendar: str | None = Field(None, description="Business calendar here; the store's when left out.")
    closed_days: tuple[Day, ...] = Field((), description="Days on which nothing leaves here, beside the store's.")
    holidays: tuple[TownHoliday, ...] = Field(
        (),
        max_length=MOST_NAMED,
        description="Holidays of its town that stand in no calendar: days, or "
        '`"01-25"`, month and day, for every year.',
    )
    open_days: tuple[OpenDay, ...] = Field(
        (),
        description='Days on which it works although its calendar does not: weekdays, `["sat"]`, holidays aside, and '
        "days without quotes.",
    )
    collections: tuple[CollectionSection, ...] = Field(
        (),
        max_length=MOST_NAMED,
        description="`[[origins.collections]]`: when carriers fetch here; when left out, everything is handed over on "
        "the day on which it is ready.",
    )


def weekday_numbers(names: Any) -> frozenset[int]:  # noqa: ANN401 — texts, days among them
    """The weekdays among some values, Monday being 0."""
    return frozenset(WEEKDAYS.index(name) for name in names if name in WEEKDAYS)
