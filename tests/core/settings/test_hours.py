"""Spans of the day in the settings."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_text import WHOLE, problems_of

from portes.settings import BulkSection, HourSpan

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["8-20", "08:00", "24:00-06:00", "08:60-09:00", "08:00-08:00", "08:00 - 20:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no span of hours"):
        BulkSection.model_validate({"busy": [text]})


@pytest.mark.parametrize(
    ("busy", "refused"),
    [
        (["00:00-12:00", "12:00-00:00"], True),
        (["08:00-20:00", "19:00-07:00", "06:59-08:01"], True),
        (["22:00-21:00", "20:30-22:30"], True),
        (["00:00-23:59"], False),
        (["00:00-12:00", "12:01-00:00"], False),
        (["08:00-20:00", "08:00-20:00"], False),
    ],
)
def test_busy_hours_that_leave_no_moment_of_the_day_are_refused(busy: list[str], *, refused: bool) -> None:
    with pytest.raises(ValueError, match="holds all hours of every day") if refused else pytest.MonkeyPatch.context():
        BulkSection.model_validate({"busy": busy})


def test_a_store_is_told_which_carrier_is_busy_all_day_and_what_to_write(tmp_path: Path) -> None:
    """Its build would wait for ever, and say nothing."""
    bulk = '[carriers.road.bulk]\nbusy = ["00:00-13:00", "12:00-00:00"]\n'

    problem = problems_of(tmp_path, WHOLE + bulk)["carriers.road.bulk.busy"]

    assert problem.cause.startswith("holds all hours of every day with 00:00-13:00, 12:00-00:00")
    assert problem.fix == 'leave hours out in which it may be asked: ["08:00-20:00"]'


@given(first=st.times(), end=st.times(), clock=st.times())
def test_a_moment_is_within_a_span_or_within_the_one_that_is_its_opposite(first: time, end: time, clock: time) -> None:
    first, end = first.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    moment = datetime.combine(MIDNIGHT, clock, UTC)
    inside, outside = (HourSpan(*ends).over_at(moment) for ends in ((first, end), (end, first)))

    if first != end:
        assert (inside is None) != (outside is None)
    for over, last in ((inside, end), (outside, first)):
        assert over is None or (over.time() == last and 0 < (over - moment).total_seconds() <= 86_400)
