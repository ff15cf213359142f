"""A whole catalogue that is read again and again: when, by whom, and what is told while its source is down."""

from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from shop import FrozenClock
from sku_shop import ScriptedSource, live

from portes.catalogue import CatalogueEntry, KnownGoods
from portes.catalogue.live import LiveCatalogue
from portes.contract import Dimensions, FailureKind
from portes.errors import CatalogueError

SIZE = Dimensions(length=100, width=100, height=250)
DOWN = CatalogueError("unreachable", "no connection")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def source() -> ScriptedSource:
    source = ScriptedSource(by_key=False)
    source.put("a", 500)
    return source


def passed(clock: FrozenClock, seconds: float) -> None:
    clock.moment += timedelta(seconds=seconds)
    clock.seconds += seconds


def known(catalogue: LiveCatalogue, *skus: str) -> KnownGoods:
    found = catalogue.ask(skus)
    assert isinstance(found, KnownGoods)
    return found


def test_it_is_read_once_and_again_when_its_time_has_come(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = live(source, clock, refresh=900.0)
    catalogue.look()
    catalogue.look()
    source.put("a", 700)
    passed(clock, 899)
    catalogue.look()

    assert known(catalogue, "a", "b") == KnownGoods({"a": CatalogueEntry(weight=500, size=SIZE)}, 899.0)
    passed(clock, 1)
    catalogue.look()
    assert known(catalogue, "a").entries["a"].weight == 700
    assert len(source.asked) == 2


def test_a_clock_that_was_set_back_does_not_put_the_next_reading_off(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = live(source, clock)
    catalogue.look()
    clock.moment -= timedelta(days=1)
    catalogue.look()

    assert len(source.asked) == 2


def test_the_last_rows_answer_while_the_source_is_down_and_their_age_is_told(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    catalogue = live(source, clock, refresh=60.0)
    catalogue.look()
    source.error = DOWN
    passed(clock, 3600)
    catalogue.look()

    assert known(catalogue, "a").age == 3600.0
    assert known(catalogue, "a").failed == frozenset()
    assert (catalogue.state.skus, catalogue.state.age, catalogue.state.failure) == (1, 3600.0, "no connection")


def test_a_source_that_is_down_is_asked_again_after_a_while_and_not_at_each_look(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    source.error = DOWN
    catalogue = live(source, clock)
    catalogue.look()
    catalogue.look()
    assert len(source.asked) == 1
    passed(clock, 30)
    source.error = None
    catalogue.look()

    assert known(catalogue, "a").entries
    assert not catalogue.state.failure


def test_rows_that_are_older_than_the_store_allows_are_a_failure(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = live(source, clock, refresh=60.0, most_age=7200.0)
    catalogue.look()
    source.error = DOWN
    passed(clock, 7201)
    catalogue.look()

    found = known(catalogue, "a", "b")
    assert (found.entries, found.failed, found.kind) == ({}, frozenset({"a", "b"}), FailureKind.UNREACHABLE)
    assert "most_age" in found.failure


def test_without_any_rows_a_source_that_is_down_is_a_failure_that_says_so(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    source.error = CatalogueError("rejected_credentials", "correct the password")
    catalogue = live(source, clock)
    catalogue.look()

    found = known(catalogue, "a")
    assert (found.failed, found.failure, found.kind) == (
        frozenset({"a"}),
        "correct the password",
        FailureKind.REJECTED_CREDENTIALS,
    )


def test_a_source_that_crashes_is_a_failure_and_its_words_stay_in_the_log(
    clock: FrozenClock, source: ScriptedSource
) -> None:
    source.error = RuntimeError("secret")
    catalogue = live(source, clock)
    catalogue.look()

    found = known(catalogue, "a")
    assert (found.kind, "secret" in found.failure, "crashed" in found.failure) == (FailureKind.CRASHED, False, True)


def test_no_rows_at_all_are_not_taken_at_their_word(clock: FrozenClock, source: ScriptedSource) -> None:
    catalogue = live(source, clock, refresh=60.0)
    catalogue.look()
    source.stock.clear()
    passed(clock, 60)
    catalogue.look()

    assert known(catalogue, "a").entries
    assert catalogue.state.failure == "the catalogue has no rows"


def test_a_sku_in_two_rows_that_differ_is_known_to_be_doubtful(clock: FrozenClock, source: ScriptedSource) -> None:
    source.stock |= {"again": source.stock["a"], "other": {**source.stock["a"], "weight_g": 1}}
    source.put("b", 1)
    source.stock["b again"] = source.stock["b"]
    catalogue = live(source, clock)
    catalogue.look()

    assert "twice" in known(catalogue, "a").entries["a"].problem
    assert known(catalogue, "b").entries["b"].weight == 1
    assert (catalogue.state.skus, catalogue.state.faulty) == (2, 1)


def test_one_process_reads_and_the_others_take_over_what_it_wrote(
    clock: FrozenClock, source: ScriptedSource, tmp_path: Path
) -> None:
    other = ScriptedSource(by_key=False)
    first, second = live(source, clock, tmp_path), live(other, clock, tmp_path)
    first.look()
    second.look()
    assert known(second, "a") == known(first, "a") == KnownGoods({"a": CatalogueEntry(weight=500, size=SIZE)})
    source.put("a", 900)
    passed(clock, 900)
    second.look()
    first.look()
    second.look()

    assert known(second, "a").entries["a"].weight == 900
    assert not other.asked
    first.close()
    passed(clock, 900)
    other.put("a", 1)
    second.look()
    assert known(second, "a").entries["a"].weight == 1
    second.close()


def test_what_was_kept_answers_after_a_restart_with_its_age(
    clock: FrozenClock, source: ScriptedSource, tmp_path: Path
) -> None:
    before = live(source, clock, tmp_path)
    before.look()
    before.close()
    passed(clock, 5000)
    source.error = DOWN
    after = live(source, clock, tmp_path)
    after.look()

    assert known(after, "a").age == 5000.0
    after.close()


def test_a_question_that_comes_before_the_first_rows_waits_for_them(clock: FrozenClock, source: ScriptedSource) -> None:
    source.go.clear()
    catalogue = live(source, clock)
    catalogue._started = True
    asked = catalogue.ask(["a"])
    assert isinstance(asked, Future)
    assert not asked.done()
    assert catalogue.late(["a"]).kind is FailureKind.LATE
    source.go.set()
    catalogue.look()

    assert asked.result(60).entries["a"].weight == 500


def test_a_folder_that_takes_nothing_leaves_the_rows_in_memory(
    clock: FrozenClock, source: ScriptedSource, tmp_path: Path
) -> None:
    (tmp_path / "catalogue").write_text("in the way")
    catalogue = live(source, clock, tmp_path)
    catalogue.look()

    assert known(catalogue, "a").entries


def test_it_reads_in_a_thread_of_its_own_and_closes_its_source(source: ScriptedSource, clock: FrozenClock) -> None:
    catalogue = live(source, clock)
    catalogue.start()

    assert known(catalogue, "a").entries
    catalogue.close()
    assert source.closed
    assert known(catalogue, "a").entries
