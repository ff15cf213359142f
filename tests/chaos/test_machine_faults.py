"""The machine breaks under the service, while questions arrive: a worker killed, the disk full, the clock set."""

import os
import resource
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scene import Scene, played
from stage import browser, wait_until
from story import Story, kept

from portes.receipts.database import ReceiptDatabase

HOUR = 3600
ROOM = 4096
"""Bytes that no file may outgrow on the full disk: less than any page of receipts needs."""


def workers(scene: Scene) -> list[int]:
    with browser() as web:
        told: list[int] = web.get(f"{scene.service.admin}/readyz").json()["workers"]["answering"]
    return told


def test_a_worker_that_is_killed_takes_only_its_own_calls_along(scene: Scene) -> None:
    victim, survivor = workers(scene)
    with scene.story() as story:
        story.fault_at = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: is_dead(victim))
        dead = time.monotonic()
        story.death = (story.fault_at, dead)
        wait_until(lambda: len(set(workers(scene)) - {victim}) == 2)

    assert survivor in workers(scene)
    assert {asked.status for asked in story.traffic.since(dead) if not asked.early} == {200}


def is_dead(process: int) -> bool:
    """Whether it ended, taken away by its parent or not yet."""
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(") ")[2][0] in "XZ"


def test_a_locked_state_database_delays_receipts_and_no_answer(scene: Scene) -> None:
    with scene.story() as story, closing(sqlite3.connect(story.receipts, isolation_level=None)) as other:
        story.fault_at = time.monotonic()
        other.execute("begin immediate")
        before = kept(story.receipts)
        story.traffic.go_on(2.5)
        during = kept(story.receipts)
        other.execute("rollback")

    assert during == before
    assert story.answered == {200}
    assert {asked.name for asked in story.traffic.answers if not asked.early} <= kept(story.receipts)


@pytest.mark.exhaustive
def test_somebody_who_reads_the_receipts_meanwhile_costs_none(scene: Scene) -> None:
    """Whoever closes a SQLite file last takes its log away: two stores in one process must not seem to be nobody."""
    with scene.story() as story:
        story.fault_at = time.monotonic()
        with closing(sqlite3.connect(story.receipts)) as reader:
            reader.execute("select count(*) from receipts").fetchone()
        story.traffic.go_on(1)

    assert story.answered == {200}


@pytest.mark.exhaustive
@pytest.mark.parametrize("hours", [26, -26], ids=["forward", "back"])
def test_a_clock_that_jumps_by_days_changes_no_price_and_loses_no_sale(scene: Scene, hours: int) -> None:
    clock = scene.ropes / "clock"

    story = scene.through(lambda: clock.write_text(str(hours * HOUR)), clock.unlink)

    assert story.answered == {200}
    assert any(abs(moment - time.time() - hours * HOUR) < HOUR for moment in moments(story))


def moments(story: Story) -> list[float]:
    """When the questions of the storm were asked, as their receipts have it, in seconds since 1970."""
    with closing(ReceiptDatabase(story.receipts)) as database:
        receipts = [database.read(found) for asked in story.stormy for found in database.find(asked.name)]
    return [receipt.moment.timestamp() for receipt in receipts if receipt is not None]


@pytest.fixture
def cramped(tmp_path: Path) -> Iterator[Scene]:
    """A scene of its own, whose log is no file: the disk is for the state alone."""
    with played(tmp_path, Path("/dev/null")) as scene:
        yield scene


def limit(scene: Scene, most: int) -> None:
    """Let no file of the workers outgrow this many bytes."""
    for worker in workers(scene):
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.mark.exhaustive
def test_a_full_state_folder_delays_receipts_and_no_answer(cramped: Scene) -> None:
    with cramped.story() as story:
        story.traffic.go_on(1.5)  # the first receipts make the tables
        story.fault_at = time.monotonic()
        limit(cramped, ROOM)
        story.traffic.go_on(1.5)
        before = kept(story.receipts)
        story.traffic.go_on(1.5)
        during = kept(story.receipts)
        with browser() as web:
            told = web.get(f"{cramped.service.admin}/readyz")
        limit(cramped, resource.RLIM_INFINITY)

    assert during == before
    assert (told.status_code, told.json()["ready"]) == (200, True)
    assert {part for store in told.json()["stores"] for part in store["unkept"]} == {"receipts"}
    assert story.answered == {200}
