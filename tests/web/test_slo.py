"""Windows over counts that only grow: shares, the time that most answers took, the pace of the error budget."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portes.web.monitoring.slo import (
    WINDOWS,
    Counts,
    History,
    Snapshot,
    Target,
    Window,
    is_met,
    measure_windows,
    quantile,
)

KEY = ("shop", "netshoes")
TARGET = Target(availability=0.99, limit=0.4)
BOUNDS = (0.1, 0.2, 0.4, float("inf"))


def counts(answers: int, *, late: int = 0, unknown: int = 0, **faults: int) -> Counts:
    """So many answers, all within 200 ms but the late ones."""
    discarded = {cause: count for cause, count in (("late", late), ("unknown", unknown)) if count}
    return Counts(answers, discarded, faults, (0, answers - late, answers - late, answers))


def over(*snapshots: tuple[float, Counts]) -> dict[str, Window]:
    """The windows at the last of some looks, by name."""
    history = History()
    *earlier, (at, now) = snapshots
    for when, then in earlier:
        history.keep(Snapshot(when, {KEY: then}))
    return {window.name: window for window in measure_windows(history, Snapshot(at, {KEY: now}), KEY, TARGET, BOUNDS)}


def test_a_window_counts_what_came_within_it_alone() -> None:
    found = over((0.0, counts(100, unknown=50)), (3000.0, counts(200, unknown=50)), (3600.0, counts(300, unknown=60)))

    assert (found["5m"].answers, found["5m"].availability) == (100, 0.9)
    assert (found["1h"].answers, found["1h"].availability) == (200, 0.95)


def test_a_window_longer_than_the_history_says_how_much_it_covers() -> None:
    found = over((0.0, Counts()), (90.0, counts(10)))

    assert {name: window.seconds for name, window in found.items()} == dict.fromkeys(WINDOWS, 90.0)


def test_late_answers_lower_both_shares_and_unknown_ones_only_the_availability() -> None:
    found = over((0.0, Counts()), (60.0, counts(100, late=10, unknown=20)))["5m"]

    assert (found.availability, found.in_time) == (0.7, 70 / 80)


def test_the_budget_is_used_up_at_pace_one_when_just_as_many_are_thrown_away_as_the_target_allows() -> None:
    found = over((0.0, Counts()), (60.0, counts(100, unknown=1)))["5m"]

    assert found.burn == pytest.approx(1.0)


def test_a_channel_that_nobody_asked_has_no_shares_and_meets_its_target() -> None:
    found = over((0.0, Counts()), (60.0, Counts()))

    assert (found["5m"].availability, found["5m"].in_time, found["5m"].p99, found["5m"].burn) == (None,) * 4
    assert is_met(found.values(), TARGET)


def test_one_window_below_the_target_misses_it() -> None:
    good = over((0.0, Counts()), (60.0, counts(100, unknown=1)))
    bad = over((0.0, Counts()), (60.0, counts(100, unknown=2)))

    assert (is_met(good.values(), TARGET), is_met(bad.values(), TARGET)) == (True, False)


def test_causes_and_faults_are_told_for_the_window_without_zeros() -> None:
    then = counts(10, unknown=3, jamef=3)
    found = over((0.0, Counts()), (1000.0, then), (1400.0, counts(20, unknown=3, jamef=3, correios=1)))

    assert (found["5m"].discarded, found["5m"].faults) == ({}, {"correios": 1})
    assert (found["1h"].discarded, found["1h"].faults) == ({"unknown": 3}, {"jamef": 3, "correios": 1})


def test_a_month_of_looks_stays_small_and_still_reaches_back_a_month() -> None:
    history = History()
    minutes = 45 * 24 * 60 + 300
    for minute in range(minutes):
        history.keep(Snapshot(minute * 60.0, {KEY: Counts(minute)}))
    now = Snapshot(minutes * 60.0, {KEY: Counts(minutes)})

    found = {window.name: window.answers for window in measure_windows(history, now, KEY, TARGET, ())}

    assert found["5m"] == 5
    assert found["24h"] == 24 * 60
    assert 30 * 24 * 60 <= found["30d"] <= 30 * 24 * 60 + 60


@example(0.75, [3, 1, 0, 0])  # the sum of two floats was a hair more than the bound
@given(st.floats(0.01, 1), st.lists(st.integers(0, 50), min_size=4, max_size=4))
def test_a_quantile_lies_in_the_bucket_that_holds_its_answer(share: float, answers: Sequence[int]) -> None:
    cumulative = [sum(answers[: number + 1]) for number in range(4)]

    found = quantile(share, BOUNDS, cumulative)

    if found is None:
        assert cumulative[-1] == 0 or share * cumulative[-1] > cumulative[-2]
    else:
        bucket = next(number for number, count in enumerate(cumulative) if count >= share * cumulative[-1])
        assert (0.0, *BOUNDS)[bucket] <= found <= BOUNDS[bucket]
