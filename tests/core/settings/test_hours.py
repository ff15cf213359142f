"""Spans of the day in the settings."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.settings import BulkSection, HourSpan

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["8-20", "08:00", "24:00-06:00", "08:60-09:00", "08:00-08:00", "08:00 - 20:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no span of hours"):
        BulkSection.model_validate({"busy": [text]})


@given(first=st.times(), end=st.times(), clock=st.times())
def test_a_moment_is_within_a_span_or_within_the_one_that_is_its_opposite(first: time, end: time, clock: time) -> None:
    first, end = first.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    moment = datetime.combine(MIDNIGHT, clock, UTC)
    inside, outside = (HourSpan(*ends).over_at(moment) for ends in ((first, end), (end, first)))

    if first != end:
        assert (inside is None) != (outside is None)
    for over, last in ((inside, end), (outside, first)):
        assert over is None or (over.time() == last and 0 < (over - moment).total_seconds() <= 86_400)
