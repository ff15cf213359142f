"""Spans of business days."""

from typing import Annotated

from pydantic import Field

from portes.contract.base import Day, Natural, Noun

CalendarName = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""A calendar of `portes.calendars`: a country (`BR`) or one of its regions (`BR-SP`, `ES-MD`)."""


class _Span(Noun):
    min: Natural
    max: Natural
    calendar: CalendarName
    """Whose business days these are."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        if self.min > self.max:
            msg = f"min {self.min} is more than max {self.max}"
            raise ValueError(msg)


class TransitTime(_Span):
    """The carrier's part: business days from hand-over to door."""

    promised: Day | None = None
    """The day that the carrier itself promises, when it does."""


class LeadTime(_Span):
    """The promise to the shopper: business days from asking to door, handling and transit."""
