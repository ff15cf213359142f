"""Versions put in force and rolled back: whole, or not at all, and never behind the back of a running service."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from version_tables import NOON, new, price_in_force

from portes.errors import DatabaseError
from portes.tables.versions import Activation, TableVersions
from portes.tables.versions.database import VersionDatabase


def test_activating_what_is_in_force_already_changes_nothing(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2"))
    for number in (1, 2, 2):
        versions.activate("contract", number, "ana", NOON)

    assert len(versions.log("contract")) == 2
    assert versions.rollback("contract", "ana", NOON).number == 1


def test_a_version_that_was_rolled_back_prices_no_day(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2", valid_from=date(2027, 1, 1)))
    versions.activate("contract", 1, "ana", NOON)
    versions.activate("contract", 2, "ana", NOON)
    versions.rollback("contract", "ana", NOON)

    assert price_in_force(versions, date(2027, 6, 1)) == 100


def test_two_who_activate_at_once_are_not_both_believed(versions: TableVersions) -> None:
    """The log that somebody decided by must be the log that is written to."""
    for price in ("1", "2"):
        versions.activate("contract", versions.keep(new(price)).number, "ana", NOON)
    before = versions.log("contract")
    other = TableVersions(versions.state)
    other.activate("contract", 1, "rui", NOON)
    other.close()
    database = VersionDatabase(versions.state)
    assert not database.activate(Activation("contract", 1, "ana", NOON, back=True), before)
    database.close()


def test_a_rollback_brings_the_order_back_that_was_before_the_activation(versions: TableVersions) -> None:
    """January's version stays before the one that was put before it by mistake."""
    versions.keep(new("1"))
    versions.keep(new("2", valid_from=date(2027, 1, 1)))
    for number in (1, 2, 1):
        versions.activate("contract", number, "ana", NOON)
    days = (date(2026, 12, 1), date(2027, 1, 1))
    assert [price_in_force(versions, day) for day in days] == [100, 100]
    assert [version.number for version in versions.in_force("contract")] == [1, 2]

    versions.rollback("contract", "ana", NOON)

    assert [price_in_force(versions, day) for day in days] == [100, 200]
    assert versions.rollback("contract", "ana", NOON).number == 1
    assert [price_in_force(versions, day) for day in days] == [100, 100]


def test_what_is_rolled_back_comes_back_as_it_was_by_its_activation(versions: TableVersions) -> None:
    for number, valid_to in ((1, None), (2, date(2027, 1, 1)), (3, date(2026, 12, 31))):
        versions.keep(new(str(number), valid_to=valid_to))
        versions.activate("contract", number, "ana", NOON)
    before = versions.in_force("contract")
    versions.rollback("contract", "ana", NOON)
    versions.activate("contract", 3, "ana", NOON)

    assert versions.in_force("contract") == before


ACTIVATE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from portes.tables.versions import TableVersions
state, moment, stop = Path(sys.argv[1]), sys.argv[2], signal.Signals[sys.argv[3]]
def at(_frame, event, called):
    if event == moment and called is os.replace:
        os.kill(os.getpid(), stop)
versions = TableVersions(state)
sys.setprofile(at)
versions.activate("contract", 2, "ana", datetime.now(UTC))
sys.setprofile(None)
os.kill(os.getpid(), signal.SIGKILL)
"""
"""Puts a version in force, and is stopped before or after the file that services watch is there, or at the end."""


def activation(state: Path, moment: str, stop: str = "SIGKILL") -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", ACTIVATE, str(state), moment, stop], text=True)


@pytest.fixture
def two(versions: TableVersions) -> TableVersions:
    for price in ("1", "2"):
        versions.keep(new(price))
    versions.activate("contract", 1, "ana", NOON)
    return versions


@pytest.mark.parametrize("moment", ["c_call", "c_return", "end"])
def test_whoever_kills_an_activation_services_notice_what_is_in_force(two: TableVersions, moment: str) -> None:
    watched = two.state / "tables.active"
    before = watched.stat()

    with activation(two.state, moment) as killed:
        assert killed.wait() == -signal.SIGKILL

    after = watched.stat()
    noticed = (after.st_mtime_ns, after.st_ino) != (before.st_mtime_ns, before.st_ino)
    assert noticed == (moment != "c_call")
    assert price_in_force(two) == (200 if moment == "end" else 100)
    two.activate("contract", 2, "ana", NOON)
    assert price_in_force(two) == 200


def test_nobody_who_notices_an_activation_reads_what_was_in_force_before(two: TableVersions) -> None:
    """Between the file that services watch and the end of the activation nobody can read at all."""
    with activation(two.state, "c_return", "SIGSTOP") as stopped:
        try:
            os.waitpid(stopped.pid, os.WUNTRACED)
            reader = closing(sqlite3.connect(two.state / "tables.sqlite", timeout=0))
            with reader as connection, pytest.raises(sqlite3.OperationalError, match="locked"):
                connection.execute("SELECT * FROM activations")
        finally:
            stopped.send_signal(signal.SIGCONT)  # else nobody ever ends it
    assert price_in_force(two) == 200


def test_without_room_for_the_file_that_services_watch_nothing_is_put_in_force(two: TableVersions) -> None:
    (two.state / "tables.active").unlink()
    (two.state / "tables.active").mkdir()  # what no file takes the place of, whoever writes it

    with pytest.raises(DatabaseError, match="cannot be used"):
        two.activate("contract", 2, "ana", NOON)
    assert price_in_force(two) == 100


def test_an_import_and_what_is_in_force_already_say_nothing_to_services(two: TableVersions) -> None:
    written = (two.state / "tables.active").stat().st_mtime_ns
    two.keep(new("3"))
    two.activate("contract", 1, "ana", NOON)

    assert (two.state / "tables.active").stat().st_mtime_ns == written


def test_the_file_that_services_watch_claims_nothing_that_may_be_untrue(two: TableVersions) -> None:
    assert (two.state / "tables.active").read_text() == (
        "contract@1 was asked for at 2026-11-30 12:00:00Z; portes tables list says what is in force\n"
    )
