"""When goods leave an origin, and what an asker is told of it, as `docs/calendars.md` tells it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import NamedTuple

from oracle_days import DAY, by_clock, is_holiday, later, works
from written_store import WrittenCart, WrittenLine, WrittenOrigin, WrittenStore

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_END_OF_DAY = time(23, 59, 59)


class Load(NamedTuple):
    """Lines that leave an origin together, whoever carries them."""

    origin: WrittenOrigin
    positions: tuple[int, ...]
    ordered: datetime
    """By the clock of the origin."""
    ready: date
    asked: date
    """By the clock of the store."""
    counts: str
    """Whose business days the asker counts."""


def load_of(
    store: WrittenStore,
    cart: WrittenCart,
    lines: Sequence[WrittenLine],
    origin: WrittenOrigin,
    positions: tuple[int, ...],
) -> Load:
    slowest = max(_own_days(store, lines[position]) for position in positions)
    ordered = by_clock(cart.moment, origin.timezone)
    ready = _ready(store, origin, ordered, origin.handling_days + slowest)
    return Load(origin, positions, ordered, ready, by_clock(cart.moment).date(), cart.calendar or "BR")


def _own_days(store: WrittenStore, line: WrittenLine) -> int:
    known = (store.catalogue or {}).get(line.sku)
    return (known.handling_days if known is not None else 0) + (store.pre_sale_days if line.pre_sale else 0)


def days_told(load: Load, arrives: date) -> int:
    """The fewest days after which an asker who counts them does not look out for the parcel too early."""
    return next(days for days in count() if later(load.asked, days, load.counts) >= arrives)


def _is_open(store: WrittenStore, origin: WrittenOrigin, day: date) -> bool:
    """The nearest word counts: a day that is named, then a yearly one, then the weekday, then the calendar."""
    calendar = origin.calendar or "BR-SP"
    if day in origin.open_days:
        return True
    if day in {*origin.closed_days, *origin.holidays, *store.closed_days} or f"{day:%m-%d}" in origin.holidays:
        return False
    return works(day, calendar) or (_WEEK[day.weekday()] in origin.open_days and not is_holiday(day, calendar))


def _ready(store: WrittenStore, origin: WrittenOrigin, ordered: datetime, days: int) -> date:
    day = ordered.date()
    if ordered.time().replace(microsecond=0) > _cut_off(origin, day):
        day += DAY
    while not _is_open(store, origin, day):
        day += DAY
    while days:
        day += DAY
        days -= _is_open(store, origin, day)
    return day


def _cut_off(origin: WrittenOrigin, day: date) -> time:
    if isinstance(origin.cut_off, Mapping):
        return origin.cut_off.get(_WEEK[day.weekday()], origin.cut_off.get("other", _END_OF_DAY))
    return origin.cut_off or _END_OF_DAY


def leaves(store: WrittenStore, load: Load, carrier: str) -> date:
    """The day of the first collection by a carrier, by its key, that is not before the goods are ready."""
    origin = load.origin
    named = [one for one in origin.collections if carrier in one.carriers]
    mine = named or [one for one in origin.collections if not one.carriers]
    if not mine:
        return load.ready
    day = load.ready
    while True:
        weekday = _WEEK[day.weekday()]
        times = [at for one in mine if weekday in (one.days or _WEEK) for at in one.times]
        if day == load.ordered.date():
            times = [at for at in times if at > _cut_off(origin, day)]
        if times and _is_open(store, origin, day):
            return day
        day += DAY
