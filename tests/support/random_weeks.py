"""Hypothesis strategies for the working weeks of origins that an oracle can follow; see `random_stores`."""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache

from hypothesis import strategies as st
from written_store import WrittenCollection, WrittenOrigin

CALENDARS = ("BR", "BR-SP", "BR-RJ")
_WORKING = ("mon", "tue", "wed", "thu", "fri")
_DAYS = (
    date(2026, 3, 4),
    date(2026, 3, 6),  # a Friday
    date(2026, 3, 7),
    date(2026, 4, 2),  # before Good Friday
    date(2026, 4, 22),  # before a holiday of Rio de Janeiro alone
    date(2026, 7, 8),  # before a holiday of São Paulo alone
    date(2026, 9, 4),
    date(2026, 11, 19),
    date(2026, 12, 23),
    date(2026, 12, 24),
)
asking_days = st.shared(st.sampled_from(_DAYS), key="the day of asking")
"""The day on which a cart is asked for: the days that its store names are near it, or they would seldom count."""
near_days = st.tuples(asking_days, st.integers(0, 5)).map(lambda one: one[0] + timedelta(days=one[1]))
_yearly = near_days.map(lambda day: f"{day:%m-%d}")
_times = st.sampled_from([time(14), time(10), time(11, 30), time(16), time(0, 30)])
_cut_offs = st.sampled_from([time(14), time(14), time(10), time(23, 59, 59), None])
_zones = st.sampled_from(["America/Manaus", None, "America/Manaus", "America/Noronha", "Europe/Lisbon"])


def some_days(most: int) -> st.SearchStrategy[list[date]]:
    """Days near that of asking."""
    return st.lists(near_days, max_size=most, unique=True)


@cache
def _by_weekday(weekdays: tuple[str, ...]) -> st.SearchStrategy[dict[str, time]]:
    return st.dictionaries(st.sampled_from(weekdays), _times, min_size=1, max_size=3)


@cache
def _collections(keys: tuple[str, ...], weekdays: tuple[str, ...]) -> st.SearchStrategy[tuple[WrittenCollection, ...]]:
    one = st.builds(
        WrittenCollection,
        carriers=st.just(()) | st.lists(st.sampled_from(keys), max_size=2, unique=True).map(tuple),
        days=st.just(()) | st.lists(st.sampled_from(weekdays), max_size=2, unique=True).map(tuple),
        times=st.lists(_times, min_size=1, max_size=3, unique=True).map(tuple),
    )
    everybody = one.map(lambda drawn: replace(drawn, carriers=(), days=()))
    return (st.lists(one, max_size=3) | st.lists(everybody, min_size=2, max_size=3)).map(tuple)


@st.composite
def origins_of(
    draw: st.DrawFn, number: int, keys: tuple[str, ...], closed_everywhere: tuple[date, ...]
) -> WrittenOrigin:
    """An origin of a store at which these carriers may fetch; two of three have a week of their own."""
    origin = WrittenOrigin(
        number=number,
        handling_days=draw(st.sampled_from([0, 0, 0, 1, 2])),
        cut_off=draw(_cut_offs),
        calendar=draw(st.sampled_from([*CALENDARS, None])),
    )
    if draw(st.sampled_from([True, False, False])):
        return origin
    closed = draw(some_days(3))
    town = draw(st.lists(near_days | _yearly, max_size=2, unique=True))
    shut = {*closed, *town, *closed_everywhere}
    opened = [day for day in draw(some_days(3)) if day not in shut]
    weekdays = draw(st.sampled_from([(), ("sat",), ("sat",), ("sun",), ("sat", "sun")]))
    return WrittenOrigin(
        number=number,
        handling_days=origin.handling_days,
        cut_off=draw(_by_weekday((*_WORKING, *weekdays, "other"))) if draw(st.booleans()) else origin.cut_off,
        calendar=origin.calendar,
        timezone=draw(_zones),
        closed_days=tuple(closed),
        holidays=tuple(town),
        open_days=(*weekdays, *opened),
        collections=draw(_collections(keys, (*_WORKING, *weekdays))),
    )
