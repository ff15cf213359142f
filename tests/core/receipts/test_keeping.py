"""Keeping receipts behind the answers: what is lost is counted, nothing waits for the database, nothing breaks."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from keeping import Desk, desk, ids, locked, records, wait_until
from shop import FrozenClock
from sqlalchemy import Engine, event

from portes.receipts.database import MOST_ON_A_PAGE
from portes.receipts.recorder import RETRY_FOR
from portes.receipts.writer import Writer

SLEEPY = 3600.0
"""An interval in which nothing is written unless it must be."""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        yield opened


@contextmanager
def at_most(pages: int) -> Iterator[None]:
    """No database that is opened meanwhile may have more pages than so many."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def causes(opened: Desk) -> dict[str, int]:
    """What the watchers were told, added up."""
    told: dict[str, int] = {}
    for store, count, cause in opened.told.losses:
        assert store == "shop"
        told[cause] = told.get(cause, 0) + count
    return told


def waits(log: list[Any], cause: str = "") -> bool:
    """Whether the log says that receipts wait for the database, and why."""
    return any(line["event"] == "receipts wait" and cause in line["cause"] for line in log)


def test_nothing_is_written_by_whoever_answers(tmp_path: Path) -> None:
    with desk(tmp_path, interval=SLEEPY) as kept:
        for record in records(3):
            kept.recorder.buffer.add(record)

        assert not kept.path.parent.exists()


def test_closing_writes_what_waits(tmp_path: Path) -> None:
    quoted = records(300)
    with desk(tmp_path, interval=SLEEPY) as kept:
        for record in quoted:
            kept.recorder.buffer.add(record)

    assert ids(kept.path) == [record.quote.id for record in quoted]
    assert kept.recorder.lost == 0


def test_a_full_page_is_written_at_once(tmp_path: Path) -> None:
    with desk(tmp_path, interval=SLEEPY) as kept:
        for record in records(MOST_ON_A_PAGE + 1):
            kept.recorder.buffer.add(record)
            kept.recorder.buffer.add_reply(record.quote.id, 200, b"{}", 0.1)

        wait_until(lambda: len(ids(kept.path)) >= MOST_ON_A_PAGE)
        assert len(ids(kept.path)) >= MOST_ON_A_PAGE


def test_one_more_than_the_queue_holds_is_lost_and_counted(tmp_path: Path) -> None:
    with desk(tmp_path, interval=SLEEPY, queue=5) as kept:
        for record in records(8):
            kept.recorder.buffer.add(record)

    assert len(ids(kept.path)) == 5
    assert kept.recorder.lost == 3
    assert causes(kept) == {"queue_full": 3}


def test_more_bytes_than_may_wait_are_lost_and_counted_however_few_the_receipts_are(tmp_path: Path) -> None:
    with desk(tmp_path, interval=SLEEPY, queue_bytes=1_048_576) as kept:
        for record in records(5):
            kept.recorder.buffer.add(record)
            kept.recorder.buffer.add_reply(record.quote.id, 200, b"x" * 400_000, 0.1)

    assert len(ids(kept.path)) == 3
    assert causes(kept) == {"queue_full": 2}


def test_losses_stand_in_the_log_once_in_a_while_with_how_many(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as log, desk(tmp_path, interval=SLEEPY, queue=1) as kept:
        for record in records(4):
            kept.recorder.buffer.add(record)
        for _ in range(3):
            kept.recorder.turn()
        for record in records(3):
            kept.recorder.buffer.add(record)
        kept.recorder.turn()

        assert [line["count"] for line in log if line["event"] == "receipts lost"] == [3]

    (first, last) = [line for line in log if line["event"] == "receipts lost"]
    assert (first["store"], first["causes"]) == ("shop", {"queue_full": 3})
    assert last["count"] == 2


def test_a_locked_database_delays_receipts_and_loses_none(kept: Desk) -> None:
    first, second = records(2)
    kept.recorder.buffer.add(first)
    wait_until(lambda: ids(kept.path) == [first.quote.id])

    with structlog.testing.capture_logs() as log, locked(kept.path):
        kept.recorder.buffer.add(second)
        wait_until(lambda: waits(log))
        kept.recorder.buffer.add(replace(second, quote=second.quote.model_copy(update={"id": "third"})))
        assert ids(kept.path) == [first.quote.id]

    wait_until(lambda: len(ids(kept.path)) == 3)
    assert kept.recorder.lost == 0


def test_what_a_database_locked_for_too_long_keeps_waiting_is_lost_and_counted(kept: Desk) -> None:
    first, second, third = records(3)
    kept.recorder.buffer.add(first)
    wait_until(lambda: ids(kept.path) == [first.quote.id])

    with structlog.testing.capture_logs() as log, locked(kept.path):
        kept.recorder.buffer.add(second)
        wait_until(lambda: waits(log))
        kept.clock.seconds += RETRY_FOR
        wait_until(lambda: kept.recorder.lost == 1)

    kept.recorder.buffer.add(third)
    wait_until(lambda: ids(kept.path) == [first.quote.id, third.quote.id])
    assert causes(kept) == {"locked": 1}


def test_closing_waits_for_a_locked_database_no_longer_than_it_may(kept: Desk) -> None:
    first, second = records(2)
    kept.recorder.buffer.add(first)
    wait_until(lambda: ids(kept.path) == [first.quote.id])

    with locked(kept.path):
        kept.recorder.buffer.add(second)
        kept.recorder.close(0.2)
        assert kept.recorder.finished

    assert causes(kept) == {"locked": 1}


def test_a_full_disk_loses_receipts_counted_as_such_and_nothing_else(tmp_path: Path) -> None:
    many = records(400)
    with structlog.testing.capture_logs() as log, at_most(30), desk(tmp_path) as kept:
        kept.recorder.buffer.add(many[0])
        wait_until(lambda: ids(kept.path) == [many[0].quote.id])
        for record in many[1:]:
            unlike = record.quote.model_copy(update={"id": record.quote.id * 6})
            kept.recorder.buffer.add(replace(record, quote=unlike))
        wait_until(lambda: waits(log, "no room"))
        kept.clock.seconds += RETRY_FOR
        wait_until(lambda: kept.recorder.lost > 0)

    assert set(causes(kept)) == {"full"}
    assert len(ids(kept.path)) + kept.recorder.lost == len(many)


def test_a_file_that_is_no_database_loses_receipts_and_says_so(kept: Desk) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"a parrot" * 4096)
    (record,) = records(1)

    with structlog.testing.capture_logs() as log:
        kept.recorder.buffer.add(record)
        wait_until(lambda: waits(log, "not a database"))
        kept.clock.seconds += RETRY_FOR
        wait_until(lambda: kept.recorder.lost == 1)

    assert causes(kept) == {"broken": 1}
    assert kept.path.read_bytes()[:8] == b"a parrot"


def test_a_database_of_another_version_is_left_as_it_is(kept: Desk) -> None:
    kept.path.parent.mkdir()
    with sqlite3.connect(kept.path) as other:
        other.execute("pragma user_version = 99")
    other.close()
    (record,) = records(1)

    with structlog.testing.capture_logs() as log:
        kept.recorder.buffer.add(record)
        wait_until(lambda: waits(log, "another version of portes"))
        kept.clock.seconds += RETRY_FOR
        wait_until(lambda: kept.recorder.lost == 1)

    assert causes(kept) == {"broken": 1}


def test_a_state_folder_that_cannot_be_made_loses_receipts_and_no_answer(kept: Desk) -> None:
    kept.path.parent.write_text("a file where the folder should be")
    (record,) = records(1)

    with structlog.testing.capture_logs() as log:
        kept.recorder.buffer.add(record)
        wait_until(lambda: waits(log))
        kept.clock.seconds += RETRY_FOR
        wait_until(lambda: kept.recorder.lost == 1)

    assert causes(kept) == {"broken": 1}


def test_a_database_that_somebody_took_away_is_made_anew(kept: Desk) -> None:
    first, second = records(2)
    kept.recorder.buffer.add(first)
    wait_until(lambda: ids(kept.path) == [first.quote.id])

    for file in kept.path.parent.glob("receipts.sqlite*"):
        file.unlink()
    kept.recorder.buffer.add(second)

    wait_until(lambda: ids(kept.path) == [second.quote.id])
    assert ids(kept.path) == [second.quote.id]


def test_a_quote_that_cannot_be_written_costs_the_others_nothing(kept: Desk) -> None:
    good, bad, other = records(3)
    item = bad.plan.request.lines[0].model_copy(update={"sku": "\ud800"})
    request = bad.plan.request.model_copy(update={"lines": (item,)})
    for record in (good, replace(bad, plan=bad.plan._replace(request=request)), other):
        kept.recorder.buffer.add(record)

    kept.recorder.close()
    assert ids(kept.path) == [good.quote.id, other.quote.id]
    assert causes(kept) == {"unwritable": 1}


def test_a_reply_that_comes_a_moment_after_its_quote_is_waited_for(tmp_path: Path) -> None:
    with desk(tmp_path, interval=SLEEPY) as kept:
        (record,) = records(1)
        kept.recorder.buffer.add(record)
        kept.recorder.turn()
        kept.recorder.buffer.add_reply(record.quote.id, 200, b"{}", 0.1)
        kept.recorder.turn()

        (receipt,) = kept.find(record.quote.id)
    assert receipt.reply is not None


def test_quotes_of_many_threads_are_each_kept_once(kept: Desk) -> None:
    quoted = records(400)

    def hand_over(record: Any) -> None:
        kept.recorder.buffer.add(record)
        kept.recorder.buffer.add_reply(record.quote.id, 200, b"{}", 0.1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hand_over, quoted))
    kept.recorder.close()

    assert sorted(ids(kept.path)) == sorted(record.quote.id for record in quoted)
    assert all(kept.find(record.quote.id)[0].reply for record in quoted[::40])


def test_a_quote_after_the_closing_is_counted_as_lost(kept: Desk) -> None:
    first, second = records(2)
    kept.recorder.buffer.add(first)
    kept.recorder.close()

    kept.recorder.buffer.add(second)
    kept.recorder.close()

    assert ids(kept.path) == [first.quote.id]
    assert causes(kept) == {"closed": 1}


def test_closing_what_was_never_used_makes_no_database(tmp_path: Path) -> None:
    with desk(tmp_path) as kept:
        pass

    assert not kept.path.parent.exists()


def test_the_stores_of_a_process_share_one_thread_which_ends_with_them(tmp_path: Path) -> None:
    def writing() -> int:
        return sum(thread.name == "portes-receipts" for thread in threading.enumerate())

    writer, before = Writer(0.01), writing()
    with desk(tmp_path, writer=writer, store="one") as one, desk(tmp_path, writer=writer, store="two") as two:
        for record in records(20):
            one.recorder.buffer.add(record)
        for record in records(20):
            two.recorder.buffer.add(record)
        assert writing() - before == 1

    wait_until(lambda: writing() == before)
    assert len(ids(one.path)) == 40


def test_a_store_whose_database_is_locked_costs_another_store_nothing(tmp_path: Path) -> None:
    writer = Writer(0.01)
    first, second = records(2)
    with desk(tmp_path / "a", writer=writer) as stuck, desk(tmp_path / "b", writer=writer) as free:
        stuck.recorder.buffer.add(first)
        wait_until(lambda: len(ids(stuck.path)) == 1)
        with locked(stuck.path):
            stuck.recorder.buffer.add(second)
            free.recorder.buffer.add(first)
            wait_until(lambda: len(ids(free.path)) == 1)
            assert len(ids(stuck.path)) == 1

    assert len(ids(stuck.path)) == 2


def test_a_watcher_that_raises_does_not_end_the_writing(tmp_path: Path) -> None:
    with structlog.testing.capture_logs(), desk(tmp_path, interval=SLEEPY, queue=1, clock=FrozenClock()) as kept:
        kept.told.losses = None  # type: ignore[assignment] # so that being told of a loss raises
        for record in records(2):
            kept.recorder.buffer.add(record)
        kept.recorder.turn()

    assert len(ids(kept.path)) == 1
