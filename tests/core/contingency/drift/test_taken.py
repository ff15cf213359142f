"""How many answers were taken from the table, as receipts and a running service's history tell it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portes.contingency.drift.taken import TakenCounts, TakenTally, taken_of_service
from portes.receipts.offers import OfferedQuote


def window(name: str, seconds: float, answers: int, **discarded: int) -> dict[str, Any]:
    return {"name": name, "seconds": seconds, "answers": answers, "discarded": discarded}


def channel(*windows: dict[str, Any], store: str = "shop", name: str = "netshoes") -> dict[str, Any]:
    return {"store": store, "channel": name, "windows": list(windows)}


DAY = 86_400.0


def test_callers_that_nobody_could_sell_to_are_no_answers() -> None:
    told = channel(window("24h", DAY, 100, late=3, unknown=2, turned_away=1, unauthorized=10, bad_request=4))

    assert taken_of_service([told], "shop", 1) == {"netshoes": TakenCounts(86, 6)}


@pytest.mark.parametrize(("days", "answers"), [(1, 10), (2, 20), (30, 20)])
def test_the_shortest_window_that_covers_the_days_counts_else_the_longest(days: int, answers: int) -> None:
    told = channel(window("24h", DAY, 10), window("30d", 12 * DAY, 20), window("5m", 300, 1))

    assert taken_of_service([told], "shop", days)["netshoes"].answers == answers


def test_other_stores_of_the_service_are_left_out() -> None:
    assert taken_of_service([channel(window("24h", DAY, 10), store="elsewhere")], "shop", 1) == {}


def tallied(status: int | None, seconds: float = 0.1, asked_by: str = "netshoes") -> TakenTally:
    """What is counted of one quote, for a channel that waits 400 ms."""
    tally = TakenTally({"netshoes": 0.4})
    tally.add(OfferedQuote(datetime(2026, 3, 2, tzinfo=UTC), asked_by, status, seconds, {}, (), ()))
    return tally


@pytest.mark.parametrize(
    ("status", "seconds", "taken"),
    [(200, 0.4, 0), (200, 0.401, 1), (299, 0.1, 0), (300, 0.1, 1), (404, 0.1, 1), (503, 0.1, 1)],
)
def test_an_answer_that_came_late_or_with_another_status_than_success_is_taken_from_the_table(
    status: int, seconds: float, taken: int
) -> None:
    assert tallied(status, seconds).counts == {"netshoes": TakenCounts(1, taken)}


def test_a_quote_that_nobody_was_answered_is_counted_apart() -> None:
    told = tallied(None)

    assert (told.counts, told.unreplied) == ({}, 1)


def test_a_channel_that_the_store_does_not_have_is_not_counted() -> None:
    told = tallied(503, asked_by="gone")

    assert (told.counts, told.unreplied) == ({}, 0)
