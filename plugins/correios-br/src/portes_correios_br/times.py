"""How long a lane takes, made of what Correios says of days and of the latest date; it knows no wire and no price."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from portes.calendars import BusinessCalendar
from portes.contract import Note, TransitTime
from portes_correios_br.services import Product
from portes_correios_br.wire import Time

LATEST: Final = 365
"""Days from the start after which a latest date is no promise but a mistake."""
_DROPPED: Final = "Correios names {} as the latest day, which cannot be: it counts from {}"
_NO_DAYS: Final = "Correios names no day on the way and not the day itself: told as one day"


class Start(NamedTuple):
    """Where days begin."""

    asked: date
    """The day that Correios counts from: its own today, or the dispatch date where that is sent."""
    dispatch: date


class Days(NamedTuple):
    """How Correios' days are understood."""

    unit: str
    """Either `business` or `calendar` days."""
    calendar: BusinessCalendar

    def transit(self, time: Time, product: Product, start: Start) -> TransitTime:
        """Business days, as many as it takes up to the latest date; the promise counts from the dispatch date."""
        promised = self._latest(time, start)
        bound = 0 if promised is None else self._up_to(promised, start.asked)
        days = self._business(time.days)
        if not days and not _is_same_day(time, product, start):
            days = 1
        most = max(days, bound)
        if promised is not None and start.asked != start.dispatch:
            promised = self.calendar.after(start.dispatch, bound)
        return TransitTime(min=days, max=most, calendar=self.calendar.name, promised=promised)

    def notes(self, time: Time, product: Product, start: Start) -> Iterator[Note]:
        """What of a time was not taken at its word."""
        if time.promised is not None and self._latest(time, start) is None:
            yield Note(kind="promise_dropped", text=_DROPPED.format(time.promised, start.asked))
        if not self._business(time.days) and not _is_same_day(time, product, start):
            yield Note(kind="no_days", text=_NO_DAYS)

    def _business(self, days: int) -> int:
        """Business days; `calendar` days become as many as they can hold at most."""
        return days if self.unit == "business" else 5 * (days // 7) + min(days % 7, 5)

    def _latest(self, time: Time, start: Start) -> date | None:
        """The latest date, unless it lies before the start or a year behind it."""
        if time.promised is None or not 0 <= (time.promised - start.asked).days <= LATEST:
            return None
        return time.promised

    def _up_to(self, day: date, asked: date) -> int:
        """The fewest business days after which it is that day or later."""
        return self.calendar.count(asked, day - timedelta(days=1)) + 1 if day > asked else 0


def _is_same_day(time: Time, product: Product, start: Start) -> bool:
    """Whether the carrier promises the day of posting: by date, or by the product's published name."""
    return product.same_day or time.promised == start.asked


__all__ = ["Days", "Start"]
