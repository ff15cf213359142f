"""How many answers were taken from the table, as a running service's history tells it."""

from typing import Any

import pytest

from portes.contingency.drift.taken import TakenCounts, taken_of_service


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
