"""What of a store's files changes its signature."""

import os
from pathlib import Path

import pytest
from stage import ENVIRON, write_store

from portes.web.reload.file_watch import FileWatcher, Signature


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_store(tmp_path, "shop", {"near": {}})


def stamped(path: Path, text: str, seconds: int = 1_000) -> Path:
    path.write_text(text)
    os.utime(path, (seconds, seconds))
    return path


def signature(file: Path) -> Signature:
    return FileWatcher(ENVIRON).signature(file)


def test_a_file_s_time_its_size_and_its_place_on_the_disk_each_tell_a_change(file: Path) -> None:
    text = file.read_text()
    before = signature(stamped(file, text))
    same = signature(stamped(file, text))
    later, longer = signature(stamped(file, text, 1_001)), signature(stamped(file, text + "#"))
    stamped(file.with_name("aside"), text).replace(file)
    moved = signature(file)

    assert same == before
    assert len({before, later, longer, moved}) == 4


def test_what_is_no_file_has_no_stamp(tmp_path: Path) -> None:
    strange = [tmp_path, tmp_path / "gone", tmp_path / "no\0path"]

    assert [signature(path) for path in strange] == [((str(path), None),) for path in strange]


def test_files_that_changed_settings_name_are_looked_at_from_then_on(file: Path) -> None:
    watcher, text = FileWatcher({**ENVIRON, "SECRET": "x"}), file.read_text()
    secret = stamped(file.with_name("secret"), "one")
    before = watcher.signature(file)
    file.write_text(text.replace("${SECRET}", f"file:{secret}"))
    named = watcher.signature(file)
    stamped(secret, "another")
    changed = watcher.signature(file)

    assert [str(secret) in dict(each) for each in (before, named, changed)] == [False, True, True]
    assert named != changed
