"""What a build shows of how it gets on."""

from datetime import UTC, datetime, timedelta

import pytest

from portes.cli.render.build_progress import time_left

NOW = datetime(2026, 3, 2, 22, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(seconds=-5), "about 0 min left, until 22:00"),
        (timedelta(seconds=61), "about 2 min left, until 22:01"),
        (timedelta(minutes=59, seconds=20), "about 1 h 00 min left, until 22:59"),
        (timedelta(minutes=125), "about 2 h 05 min left, until 00:05 on 03 Mar"),
        (timedelta(hours=50), "about 50 h 00 min left, until 00:00 on 05 Mar"),
    ],
)
def test_the_time_left_is_told_with_the_moment_at_which_it_ends(left: timedelta, told: str) -> None:
    assert time_left(NOW + left, NOW) == told
