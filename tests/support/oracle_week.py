"""When goods leave an origin, and what an asker is told of it, as `docs/calendars.md` tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from oracle_days import DAY, LOCAL, later, works
from written_store import WrittenCart, WrittenLine, WrittenOrigin, WrittenStore


class Load(NamedTuple):
    origin: WrittenOrigin
    positions: tuple[int, ...]
    leaves: date
    asked: date
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
    local = cart.moment.replace(tzinfo=None) + LOCAL
    leaves = _leaves(store, origin, local, origin.handling_days + slowest)
    return Load(origin, positions, leaves, local.date(), cart.calendar or "BR")


def _own_days(store: WrittenStore, line: WrittenLine) -> int:
    known = (store.catalogue or {}).get(line.sku)
    return (known.handling_days if known is not None else 0) + (store.pre_sale_days if line.pre_sale else 0)


def days_told(load: Load, arrives: date) -> int:
    """The fewest days after which an asker who counts them does not look out for the parcel too early."""
    return next(days for days in count() if later(load.asked, days, load.counts) >= arrives)


def _is_open(store: WrittenStore, origin: WrittenOrigin, day: date) -> bool:
    return works(day, origin.calendar) and day not in store.closed_days


def _leaves(store: WrittenStore, origin: WrittenOrigin, local: datetime, days: int) -> date:
    day, cut_off = local.date(), origin.cut_off
    if (local.hour, local.minute, local.second) > (cut_off.hour, cut_off.minute, cut_off.second):
        day += DAY
    while not _is_open(store, origin, day):
        day += DAY
    while days:
        day += DAY
        days -= _is_open(store, origin, day)
    return day
