"""Files of ours in a folder that others may write to as well: only what is ours is taken, mended and removed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portes.files import RefusedFileError, claim_file, claim_folder, read_own, remove_old

OURS = re.compile(r"[0-9a-f]{4}\.token")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_is_made_and_taken_with_nobody_else_let_in(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)

    for folder in (tmp_path / "state" / "new", tmp_path / "open"):
        claim_folder(folder)
        assert mode(folder) == 0o700


@pytest.mark.parametrize("claim", [claim_folder, claim_file, read_own])
def test_a_link_is_refused_and_what_it_leads_to_is_left_as_it_is(tmp_path: Path, claim: object) -> None:
    target = tmp_path / "theirs"
    target.mkdir() if claim is claim_folder else target.write_text("theirs")
    target.chmod(0o755)
    link = tmp_path / "ours"
    link.symlink_to(target)

    with pytest.raises(RefusedFileError, match="is a link"):
        claim(link)  # type: ignore[operator]

    assert mode(target) == 0o755


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for claim in (claim_file, read_own):
        with pytest.raises(RefusedFileError, match="is a pipe"):
            claim(tmp_path / "pipe")


def theirs(path: Path, instead: str) -> Path:
    """The path given away; who may not give files away takes one of the system's instead."""
    try:
        os.chown(path, os.geteuid() + 1, -1)
    except PermissionError:
        return Path(instead)
    return path


def test_what_belongs_to_another_user_is_refused(tmp_path: Path) -> None:
    claim_folder(tmp_path / "tokens")
    claim_file(tmp_path / "file")
    folder, file = theirs(tmp_path / "tokens", "/usr"), theirs(tmp_path / "file", "/etc/passwd")

    for claim, path in ((claim_folder, folder), (claim_file, file), (read_own, file)):
        with pytest.raises(RefusedFileError, match="belongs to another user"):
            claim(path)


def test_a_file_that_is_there_is_closed_to_others_and_keeps_its_content(tmp_path: Path) -> None:
    (tmp_path / "base").write_text("kept")
    (tmp_path / "base").chmod(0o644)

    claim_file(tmp_path / "base")

    assert (mode(tmp_path / "base"), read_own(tmp_path / "base")) == (0o600, b"kept")


def test_only_what_is_ours_by_its_whole_name_and_old_is_removed(tmp_path: Path) -> None:
    old, half = ["0a1b.token", "jamef.password", "0a1b.token.bak", "x0a1b.token", "mine.new"], "0a1b.token.abcd_123.new"
    for name in (*old, half, "ffff.token", "ffff.token.abcd1234.new", "mine.abcd1234.new"):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (0, 100_000.0 if name in {"ffff.token", "ffff.token.abcd1234.new"} else 1.0))
    (tmp_path / "eeee.token").symlink_to(tmp_path / "jamef.password")
    (tmp_path / "dddd.token").mkdir()
    os.utime(tmp_path / half, (0, 99_000.0))

    remove_old(tmp_path, OURS, now=100_100.0, seconds=86_400.0)

    gone = {"0a1b.token", half}
    assert not any((tmp_path / name).exists() for name in gone)
    assert {path.name for path in tmp_path.iterdir()} == {
        *old[1:],
        "ffff.token",
        "ffff.token.abcd1234.new",
        "mine.abcd1234.new",
        "eeee.token",
        "dddd.token",
    }


KILLED = """
import resource, signal, sys
from pathlib import Path
from portes.files import replace_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and goes on with an error
replace_atomically(Path(sys.argv[1]), b"new")
"""


def test_what_a_killed_process_wrote_half_is_removed_after_ten_minutes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "0a1b.token")], check=False)
    (left,) = tmp_path.iterdir()
    written = left.stat().st_mtime

    remove_old(tmp_path, OURS, now=written + 599, seconds=86_400.0)
    assert left.exists()

    remove_old(tmp_path, OURS, now=written + 601, seconds=86_400.0)
    assert not left.exists()
