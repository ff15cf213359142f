"""Imports that are killed, or that find the disk full: nothing is left of them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from version_tables import NOON, new, price_in_force, table, traces

from portes.tables.versions import TableVersions

IMPORT = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions
state, source, when = Path(sys.argv[1]), sys.argv[2].encode(), sys.argv[3]
def progress(phase, done, total):
    if phase == when.partition(":")[0] and done >= int(when.partition(":")[2] or 0):
        os.kill(os.getpid(), signal.SIGKILL)
versions = TableVersions(state)
if when == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
options = ReadOptions(country="BR", currency="BRL", beside={"other": os.urandom(9 << 20)})
versions.keep(NewVersion("contract", source, "plain", options, "ana", datetime.now(UTC)), progress)
"""
"""Imports a table with a file beside it that takes several pieces, since nothing compresses it."""


def run_import(state: Path, when: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", IMPORT, str(state), table("9.90", 2).decode(), when]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("when", "earlier"),
    [
        pytest.param("read:1", True, marks=pytest.mark.exhaustive),
        pytest.param("checked:0", False, marks=pytest.mark.exhaustive),
        pytest.param("kept:1", False, marks=pytest.mark.exhaustive),
        ("kept:4", True),
    ],
)
def test_an_import_that_is_killed_leaves_no_trace(tmp_path: Path, when: str, *, earlier: bool) -> None:
    state, versions = tmp_path / "state", TableVersions(tmp_path / "state")
    if earlier:
        versions.activate("contract", versions.keep(new()).number, "ana", NOON)
        versions.close()

    done = run_import(state, when)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [*map(str, versions.versions())] == (["contract@1"] if earlier else [])
    if earlier:
        assert price_in_force(versions) == 1290
    assert len(traces(state)) == (3 if earlier else 0) + (1 if earlier else 0), traces(state)
    assert versions.keep(new("7")).number == (2 if earlier else 1)
    versions.close()


@pytest.mark.exhaustive
def test_an_import_without_room_on_the_disk_fails_and_leaves_no_trace(tmp_path: Path) -> None:
    state, versions = tmp_path / "state", TableVersions(tmp_path / "state")
    versions.keep(new())
    versions.close()
    size = (state / "tables.sqlite").stat().st_size

    done = run_import(state, "full")

    assert "there is no room for" in done.stderr or "cannot be used" in done.stderr
    assert done.returncode == 1
    assert [*map(str, versions.versions())] == ["contract@1"]
    assert (state / "tables.sqlite").stat().st_size <= size + (1 << 20)
    versions.close()
