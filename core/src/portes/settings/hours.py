"""Spans of the day as the settings write them, `08:00-20:00`."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Final, NamedTuple, Self

from pydantic import AfterValidator

from portes.settings.messages import unfit

_FORM: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY: Final = timedelta(days=1)


class HourSpan(NamedTuple):
    """A span of every day; one whose end is before its beginning goes on past midnight."""

    first: time
    end: time
    """The first moment that is no part of it."""

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read `08:00-20:00`; None for what is no span."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        first, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        return None if first == end else cls(first, end)

    def holds(self, clock: time) -> bool:
        """Whether a time of the day is part of the span."""
        if self.first < self.end:
            return self.first <= clock < self.end
        return clock >= self.first or clock < self.end

    def over_at(self, moment: datetime) -> datetime | None:
        """When the span that holds a moment of the store's day is over; None where none does."""
        clock = moment.time()
        if not self.holds(clock):
            return None
        over = moment.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return _shown(over + _DAY if self.end <= clock else over)

    def begins_after(self, moment: datetime) -> datetime:
        """When the span begins next, behind a moment of the store's day."""
        begin = moment.replace(hour=self.first.hour, minute=self.first.minute, second=0, microsecond=0)
        return _shown(begin if begin > moment else begin + _DAY)


def _shown(moment: datetime) -> datetime:
    """The moment as clocks show it: one that is left out when they are put forward is shown an hour later."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def _known_hours(text: str) -> str:
    if HourSpan.of(text) is None:
        raise unfit("is no span of hours", 'write two times of the day, such as "08:00-20:00"')
    return text


def _some_left(spans: Sequence[str]) -> Sequence[str]:
    read = [span for text in spans if (span := HourSpan.of(text)) is not None]
    if read and all(any(other.holds(span.end) for other in read) for span in read):
        fix = 'leave hours out in which it may be asked: ["08:00-20:00"]'
        cause = f"holds all hours of every day with {', '.join(spans)}, so that a table would be waited for without end"
        raise unfit(cause, fix)
    return spans


Hours = Annotated[str, AfterValidator(_known_hours)]
"""A settings field that reads a span of the day in the store's time zone."""
BusyHours = Annotated[tuple[Hours, ...], AfterValidator(_some_left)]
"""A settings field of several such spans, which leave a part of the day."""
