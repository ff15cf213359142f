"""The database of receipts: for its owner only, shared by processes, sound after a kill, and swept of what is old."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from keeping import VERSIONS, desk, found, ids, locked, records, wait_until
from shop import FrozenClock

from portes.receipts.codec import Entry, entry
from portes.receipts.database import Page, ReceiptDatabase, ReceiptDatabaseError

SUPPORT: Final = Path(__file__).parents[2] / "support"
DAY: Final = 86_400_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "receipts.sqlite"


def entries(count: int, at: int = 0) -> list[Entry]:
    return [entry("shop", record, None)._replace(moment=datetime.fromtimestamp(at, UTC)) for record in records(count)]


def page(kept: Sequence[Entry], store: str = "shop", days: int = 30) -> Page:
    return Page(store, days, VERSIONS, kept)


def write(path: Path, *pages: Page) -> None:
    with closing(ReceiptDatabase(path)) as database:
        database.write(pages)


@contextmanager
def quoting(path: Path, store: str, most: int) -> Iterator["subprocess.Popen[str]"]:
    """A process that keeps receipts; killed at the end of the block if it still runs."""
    command = [sys.executable, str(SUPPORT / "quoting_forever.py"), str(path), store, str(most)]
    environ = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()
            assert process.stdout is not None
            process.stdout.close()


def test_nobody_but_its_owner_can_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        with desk(path.parents[1]) as kept:
            kept.recorder.buffer.add(records(1)[0])
            wait_until(lambda: len(ids(path)) == 1)
            modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(["receipts.sqlite", "receipts.sqlite-wal", "receipts.sqlite-shm"], 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)

    write(path, page(entries(1)))

    assert path.stat().st_mode & 0o777 == 0o600


def test_who_reads_does_not_wait_for_who_writes(path: Path) -> None:
    (kept,) = entries(1)
    write(path, page([kept]))

    with locked(path):
        assert [receipt.quote.id for receipt in found(path, kept.id)] == [kept.id]


def test_who_reads_makes_no_database(path: Path) -> None:
    assert found(path, "q-1") == []
    assert not path.parent.exists()


def test_a_file_without_tables_holds_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.touch()

    assert found(path, "q-1") == []


def test_pages_are_written_all_or_none(path: Path) -> None:
    good = entries(2)
    bad = [good[0]._replace(line="no bytes")]  # type: ignore[arg-type] # what no caller may hand over

    with closing(ReceiptDatabase(path)) as database, pytest.raises(TypeError):
        database.write([page(good), page(bad)])

    assert ids(path) == []


def test_many_processes_write_to_one_database(path: Path) -> None:
    with quoting(path, "one", 200) as one, quoting(path, "two", 200) as two:
        told = [process.communicate(timeout=60)[0].split() for process in (one, two)]

    assert sorted(ids(path)) == sorted(told[0] + told[1])
    assert {receipt.store for each in told for receipt in found(path, each[-1])} == {"one", "two"}


def test_a_killed_process_loses_only_what_it_had_not_written(path: Path) -> None:
    with quoting(path, "shop", 1_000_000) as process:
        wait_until(lambda: len(ids(path)) >= 50)
        process.kill()
        process.wait()
        assert process.stdout is not None
        told = process.stdout.read().split()

    after = ids(path)
    assert 50 <= len(after) <= len(told)
    assert after == told[: len(after)]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    assert found(path, after[-1])[0].quote.id == after[-1]
    write(path, page(entries(1)))
    assert len(ids(path)) == len(after) + 1


def test_receipts_older_than_their_days_are_deleted_and_younger_ones_stay(tmp_path: Path) -> None:
    clock = FrozenClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    with desk(tmp_path, interval=3600, days=30, clock=clock) as kept:
        old = kept.quote()
        kept.recorder.turn()
        kept.recorder.turn()
        clock.moment += timedelta(days=29)
        young = kept.quote()
        for _ in range(2):
            kept.recorder.turn()
        assert ids(kept.path) == [old.id, young.id]

        clock.moment += timedelta(days=1, seconds=1)
        clock.seconds += 3600
        kept.recorder.turn()

        assert ids(kept.path) == [young.id]
        assert (kept.find(old.id), len(kept.find(young.id))) == ([], 1)


def test_a_few_pages_are_deleted_at_a_time(path: Path) -> None:
    write(path, *(page(entries(1), days=1) for _ in range(5)))

    with closing(ReceiptDatabase(path)) as database:
        told = [database.forget("shop", 2 * DAY, 1, most=2) for _ in range(3)]

    assert told == [True, True, False]
    assert ids(path) == []


def test_shorter_days_hold_for_what_is_kept_already(path: Path) -> None:
    write(path, page(entries(1), days=365))

    with closing(ReceiptDatabase(path)) as database:
        database.forget("shop", 31 * DAY, 30)

    assert ids(path) == []


def test_the_receipts_of_another_store_keep_their_own_days(path: Path) -> None:
    long, short = entries(1), entries(1)
    write(path, page(long, store="long", days=90), page(short, store="gone", days=10))

    with closing(ReceiptDatabase(path)) as database:
        database.forget("shop", 31 * DAY, 30)

    assert ids(path) == [long[0].id]


def test_the_versions_of_many_pages_are_kept_once(path: Path) -> None:
    write(path, page(entries(1)), page(entries(1)), Page("shop", 30, {"portes": "2"}, entries(1)))

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select count(*) from versions").fetchone() == (2,)


def test_a_receipt_of_another_version_is_said_to_be_unreadable(path: Path) -> None:
    (kept,) = entries(1)
    write(path, page([kept._replace(line=b'{"quote": "in other words"}')]))

    with pytest.raises(ReceiptDatabaseError, match=f"receipt {kept.id} was written by another version of portes"):
        found(path, kept.id)


def moments(path: Path, since: int, until: int, store: str = "shop") -> list[bytes]:
    """The lines of a store between two moments, in seconds since 1970."""
    with closing(ReceiptDatabase(path)) as database:
        return list(database.lines(store, since * 1000, until * 1000))


def test_receipts_of_a_time_come_oldest_first_however_many_pages_they_are_on(path: Path) -> None:
    (one,) = entries(1)
    pages = [
        page([one._replace(moment=datetime.fromtimestamp(hour * 3600, UTC), line=b"%d" % hour)]) for hour in range(50)
    ]
    write(path, *reversed(pages))

    assert moments(path, 10 * 3600, 40 * 3600) == [b"%d" % hour for hour in range(10, 41)]


def test_pages_of_one_moment_are_each_read_once(path: Path) -> None:
    (one,) = entries(1)
    write(path, *(page([one._replace(line=b"%d" % number)]) for number in range(40)))

    assert moments(path, 0, 10) == [b"%d" % number for number in range(40)]


def test_receipts_of_a_page_that_began_shortly_before_come_too(path: Path) -> None:
    first, last = entries(2)
    write(path, page([first, last._replace(moment=datetime.fromtimestamp(30, UTC))]))

    assert moments(path, 20, 40) == [first.line, last.line]
    assert moments(path, 90, 100) == []


def test_only_a_store_s_own_receipts_come_and_none_where_there_is_no_database(path: Path) -> None:
    assert moments(path, 0, 10) == []

    write(path, page(entries(1), "other"))

    assert moments(path, 0, 10) == []
    assert len(moments(path, 0, 10, "other")) == 1


def test_a_page_that_cannot_be_read_is_named_with_its_file(path: Path) -> None:
    write(path, page(entries(1)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update pages set body = x'00'")

    with pytest.raises(ReceiptDatabaseError, match=f"{path} holds a page that cannot be read"):
        moments(path, 0, 10)


def test_reading_many_holds_up_nobody_who_writes(path: Path) -> None:
    (one,) = entries(1)
    write(path, *(page([one]) for _ in range(20)))

    with closing(ReceiptDatabase(path)) as database:
        reading = database.lines("shop", 0, 10_000)
        next(reading)
        with locked(path):
            next(reading)
        write(path, page([one]))
        assert len(list(reading)) == 19
