"""Spans of business days."""

from typing import Annotated

from pydantic import Field

from portes.contract.base import Day, Noun
from portes.contract.bounds import LONGEST_SPAN

CalendarName = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""A calendar of `portes.calendars`: a country (`BR`) or one of its regions (`BR-SP`, `ES-MD`)."""

Span = Annotated[int, Field(strict=True, ge=0, le=LONGEST_SPAN)]
"""Business days of a span, a hundred years of them at most."""


class _Span(Noun):
    min: Span
    max: Span
    calendar: CalendarName
    """Whose business days these are."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        if self.min > self.max:
            msg = f"min {self.min} is more than max {self.max}"
            raise ValueError(msg)


class TransitTime(_Span):
    """The carrier's part: business days from hand-over, or from the next day that its calendar has, to door."""

    promised: Day | None = None
    """The day that the carrier itself promises, when it does."""


class LeadTime(_Span):
    """The promise to the shopper: a date, told as business days of the asker's calendar too.

    `min` and `max` are the fewest after the asking day that reach `earliest` and `latest`: whoever counts them so never
    looks out for the parcel before the promise.
    """

    earliest: Day
    """The first day on which it may be at the door."""
    latest: Day
    """The last day on which it may be at the door: what is promised."""

    def model_post_init(self, context: object, /) -> None:
        """Check that days and dates run forward."""
        super().model_post_init(context)
        if self.earliest > self.latest:
            msg = f"earliest {self.earliest} is after latest {self.latest}"
            raise ValueError(msg)
