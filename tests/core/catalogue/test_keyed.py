"""A catalogue that is asked by key: one query a cart, what is remembered, and what is told when the source is down."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import timedelta

import pytest
from shop import FrozenClock
from sku_shop import ScriptedSource, keyed

from portes.carrier import Deadline
from portes.catalogue import KnownGoods, Row
from portes.catalogue.keyed import MOST_WAITING, KeyedCatalogue
from portes.contract import FailureKind
from portes.errors import CatalogueError

DOWN = CatalogueError("unreachable", "no connection")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def source() -> ScriptedSource:
    source = ScriptedSource()
    source.put("a", 500)
    source.put("b", 700)
    return source


def passed(clock: FrozenClock, seconds: float) -> None:
    clock.moment += timedelta(seconds=seconds)
    clock.seconds += seconds


def asked(catalogue: KeyedCatalogue, *skus: str) -> KnownGoods:
    found = catalogue.ask(skus)
    return found.result(60) if isinstance(found, Future) else found


def weights(found: KnownGoods) -> dict[str, int | None]:
    return {sku: entry.weight for sku, entry in found.entries.items()}


def test_a_cart_is_one_query_for_each_of_its_skus_once(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock)

    found = asked(catalogue, "a", "b", "a", "none")
    assert (weights(found), found.failed, found.age) == ({"a": 500, "b": 700}, frozenset(), 0.0)
    assert source.asked == [("a", "b", "none")]


def test_what_is_remembered_is_told_at_once_and_only_the_rest_is_asked_for(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = keyed(source, clock)
    asked(catalogue, "a", "none")
    passed(clock, 10)

    assert isinstance(catalogue.ask(["a", "none"]), KnownGoods)
    assert asked(catalogue, "a", "b").age == 10.0
    assert source.asked == [("a", "none"), ("b",)]


def test_a_row_and_an_absence_are_remembered_each_for_its_time(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock, remember=300.0, remember_absent=30.0)
    asked(catalogue, "a", "new")
    source.put("new", 1)
    passed(clock, 30)
    assert weights(asked(catalogue, "a", "new")) == {"a": 500, "new": 1}
    passed(clock, 270)
    asked(catalogue, "a", "new")

    assert source.asked == [("a", "new"), ("new",), ("a",)]


def test_a_source_that_is_down_is_covered_by_the_last_rows_and_their_age_is_told(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = keyed(source, clock)
    asked(catalogue, "a")
    source.error = DOWN
    passed(clock, 4000)

    found = asked(catalogue, "a", "b")
    assert (weights(found), found.age, found.failed) == ({"a": 500}, 4000.0, frozenset({"b"}))
    assert (found.failure, found.kind) == ("no connection", FailureKind.UNREACHABLE)
    assert catalogue.state.failure == "no connection"


def test_an_absence_that_is_no_longer_fresh_is_not_told_while_the_source_is_down(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = keyed(source, clock)
    asked(catalogue, "new")
    source.error = DOWN
    passed(clock, 31)

    assert asked(catalogue, "new").failed == frozenset({"new"})


def test_rows_that_are_older_than_the_store_allows_cover_nothing(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock, most_age=3600.0)
    asked(catalogue, "a")
    source.error = DOWN
    passed(clock, 3601)

    assert asked(catalogue, "a").failed == frozenset({"a"})


def test_what_comes_too_late_is_a_failure_now_and_remembered_for_later(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = keyed(source, clock)
    source.go.clear()
    coming = catalogue.ask(["a"])
    assert isinstance(coming, Future)
    late = catalogue.wait(["a"], within=0.0)
    assert (late.failed, late.kind) == (frozenset({"a"}), FailureKind.LATE)
    source.go.set()
    coming.result(60)

    assert weights(catalogue.late(["a"])) == {"a": 500}
    assert source.asked == [("a",)]


def test_carts_that_want_the_same_sku_share_one_query(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock)
    source.go.clear()
    first, second = catalogue.ask(["a"]), catalogue.ask(["a", "b"])
    source.go.set()
    assert isinstance(first, Future)
    assert isinstance(second, Future)

    assert weights(first.result(60)) == {"a": 500}
    assert weights(second.result(60)) == {"a": 500, "b": 700}
    assert sorted(source.asked) == [("a",), ("b",)]


def test_carts_beyond_those_that_may_wait_are_told_that_we_are_busy(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock)
    source.go.clear()
    waiting = [catalogue.ask([str(number)]) for number in range(MOST_WAITING)]
    refused = asked(catalogue, "a")
    source.go.set()

    assert (refused.failed, refused.kind) == (frozenset({"a"}), FailureKind.BUSY)
    assert all(isinstance(one, Future) and not one.result(60).failed for one in waiting)
    assert weights(asked(catalogue, "a")) == {"a": 500}


def test_rows_that_nobody_asked_for_are_left_alone(clock: FrozenClock, source: ScriptedSource) -> None:
    source.stock["a"] = {**source.stock["b"]}
    catalogue = keyed(source, clock)

    assert weights(asked(catalogue, "a")) == {}
    assert catalogue.get("b") is None


def test_two_rows_of_a_sku_that_differ_are_known_to_be_doubtful(clock: FrozenClock) -> None:
    class Doubled(ScriptedSource):
        def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
            return [*super().fetch(skus, deadline), {"sku": "a", "weight_g": 1}]

    source = Doubled()
    source.put("a", 500)

    assert "twice" in asked(keyed(source, clock), "a").entries["a"].problem


def test_a_source_that_crashes_fails_its_own_skus_alone(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = keyed(source, clock)
    asked(catalogue, "a")
    source.error = RuntimeError("secret")
    found = asked(catalogue, "a", "b")

    assert (weights(found), found.failed, found.kind) == ({"a": 500}, frozenset({"b"}), FailureKind.CRASHED)
    assert "secret" not in found.failure


def test_a_closed_catalogue_asks_no_more_and_answers_what_it_remembers(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = keyed(source, clock)
    asked(catalogue, "a")
    catalogue.close()

    assert weights(asked(catalogue, "a")) == {"a": 500}
    assert asked(catalogue, "b").kind is FailureKind.BUSY
    assert source.closed
