"""Receipts where the database's place is taken by what is not ours, or cannot be written to for a while."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from keeping import Desk, desk, ids, records, wait_until
from structlog.testing import capture_logs

from portes.files import UNKEPT
from portes.receipts.recorder import RETRY_FOR


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        opened.path.parent.mkdir()
        yield opened


def lost(kept: Desk, count: int) -> bool:
    """Whether so many are lost by now, and it is later."""
    kept.clock.seconds += RETRY_FOR
    return kept.recorder.lost == count


@pytest.mark.parametrize("name", ["receipts.sqlite", "receipts.sqlite-wal", "receipts.sqlite-shm"])
def test_what_a_planted_link_leads_to_keeps_its_content_and_its_mode(kept: Desk, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(mode=0o644)
    (kept.path.parent / name).symlink_to(theirs)
    (record,) = records(1)

    kept.recorder.buffer.add(record)
    wait_until(lambda: UNKEPT.of(kept.path.parent) != {})

    assert UNKEPT.of(kept.path.parent).keys() == {"receipts"}
    wait_until(lambda: lost(kept, 1))
    assert (theirs.read_bytes(), theirs.stat().st_mode & 0o777) == (b"", 0o644)


def test_a_database_that_cannot_be_written_is_logged_once_and_written_again_as_soon_as_it_can(kept: Desk) -> None:
    first, second, third = records(3)
    kept.path.mkdir()

    with capture_logs() as log:
        kept.recorder.buffer.add(first)
        wait_until(lambda: lost(kept, 1))
        kept.recorder.buffer.add(second)
        wait_until(lambda: lost(kept, 2))
        kept.path.rmdir()
        kept.recorder.buffer.add(third)
        wait_until(lambda: UNKEPT.of(kept.path.parent) == {})

    assert ids(kept.path) == [third.quote.id]
    events = [line["event"] for line in log]
    assert (events.count("receipts wait"), events.count("receipts are kept again")) == (1, 1)
