"""Files: replaced in one step, and read with a limit."""

import os
from pathlib import Path

import pytest

from portes.files import FileTooLargeError, read_limited, replace_atomically


def test_a_replaced_file_holds_the_new_content_and_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(b"old, and longer than the new one")

    replace_atomically(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_that_holds_the_old_file_open_reads_the_old_content_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")

    with path.open("rb") as reader:
        replace_atomically(path, b"new")

        assert reader.read() == b"old"


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_the_permissions_are_those_asked_for_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    before = os.umask(0o077)
    try:
        replace_atomically(tmp_path / "kept", b"", mode=mode)
    finally:
        os.umask(before)

    assert (tmp_path / "kept").stat().st_mode & 0o777 == mode


def test_without_a_word_only_the_owner_may_read_a_file(tmp_path: Path) -> None:
    replace_atomically(tmp_path / "kept", b"secret")

    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o600


def test_the_time_of_change_may_be_given(tmp_path: Path) -> None:
    replace_atomically(tmp_path / "kept", b"", mtime=1_000_000.0)

    assert (tmp_path / "kept").stat().st_mtime == 1_000_000.0


def test_what_cannot_be_replaced_is_an_error_and_leaves_nothing_of_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a_folder"
    path.mkdir()

    with pytest.raises(OSError, match="directory"):
        replace_atomically(path, b"new")

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [0, 9, 10])
def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path, size: int) -> None:
    (tmp_path / "read").write_bytes(b"x" * size)

    assert read_limited(tmp_path / "read", 10) == b"x" * size


def test_a_file_above_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "read").write_bytes(b"x" * 11)

    with pytest.raises(FileTooLargeError, match="more than 10 bytes"):
        read_limited(tmp_path / "read", 10)


def test_an_endless_device_is_not_read_to_its_end() -> None:
    with pytest.raises(FileTooLargeError):
        read_limited(Path("/dev/zero"), 10)
