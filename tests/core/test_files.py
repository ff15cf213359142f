"""Files: replaced in one step, regular ones read with a limit, and what is installed on the path."""

import os
import shutil
import sys
from importlib import metadata
from pathlib import Path

import pytest
from terminal import install

from portes.files import (
    LARGEST_FILE,
    FileTooLargeError,
    RefusedFileError,
    entry_point_groups,
    entry_points_of,
    read_limited,
    replace_atomically,
)


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


@pytest.mark.parametrize(("kind", "cause"), [("device", "a device"), ("pipe", "a pipe"), ("folder", "a folder")])
def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path: Path, kind: str, cause: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = {"device": Path("/dev/zero"), "pipe": tmp_path / "pipe", "folder": tmp_path}[kind]

    with pytest.raises(RefusedFileError, match=f"is {cause}, not a file") as refused:
        read_limited(path, 10)

    assert refused.value.fix == "name a regular file"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux has files that the system makes")
def test_a_file_that_the_system_makes_as_it_is_read_is_refused_with_nothing_of_it_shown() -> None:
    with pytest.raises(RefusedFileError, match="is made by the system as it is read") as refused:
        read_limited(Path("/proc/self/environ"), LARGEST_FILE)

    assert refused.value.fix == "name a file on a disk"


def test_a_sparse_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(FileTooLargeError, match="more than 64 MiB"):
        read_limited(tmp_path / "sparse", LARGEST_FILE)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder with a file in it, and links in it and beside it."""
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    folder = tmp_path / "store"
    (folder / "..2026").mkdir(parents=True)
    (folder / "..2026" / "table").write_bytes(b"ours")
    (folder / "..data").symlink_to("..2026")
    (folder / "table").symlink_to("..data/table")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "over").symlink_to(tmp_path)
    (tmp_path / "current").symlink_to(folder)
    return folder


@pytest.mark.parametrize("name", ["out", "over/elsewhere", "..data/../out"])
def test_a_link_in_the_folder_that_leads_out_of_it_is_refused_with_the_ways_out(store: Path, name: str) -> None:
    with pytest.raises(RefusedFileError, match="is a link that leads out of the store's folder") as refused:
        read_limited(store / name, 10, within=store)

    assert "follow_links = true" in refused.value.fix
    assert read_limited(store / name, 10) == b"theirs"


@pytest.mark.parametrize("name", ["table", "../current/table", "..data/table"])
def test_links_within_the_folder_are_followed_as_a_mounted_volume_has_them(store: Path, name: str) -> None:
    assert read_limited(store / name, 10, within=store) == b"ours"
    assert read_limited(store.parent / "current" / "table", 10, within=store.parent / "current") == b"ours"


@pytest.mark.parametrize("name", ["../elsewhere", "{absolute}"])
def test_a_path_that_is_written_to_begin_elsewhere_is_read(store: Path, name: str) -> None:
    written = name.format(absolute=store.parent / "elsewhere")

    assert read_limited(store / written, 10, within=store) == b"theirs"


def names_of(group: str) -> set[str]:
    return set(entry_points_of(group).names)


def test_what_is_installed_or_removed_while_the_process_runs_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    before = names_of("portes.packers")

    install(tmp_path, "late-packer", "[portes.packers]\nlate = late:pack\n[strange.group]\nodd = late:odd\n")

    assert names_of("portes.packers") == before | {"late"}
    assert "strange.group" in entry_point_groups()
    shutil.rmtree(tmp_path / "late_packer-2.dist-info")
    assert names_of("portes.packers") == before


def test_another_path_has_other_entry_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "elsewhere", "[portes.packers]\nfar = far:pack\n")
    before = names_of("portes.packers")

    with monkeypatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        there = names_of("portes.packers")

    assert (there, names_of("portes.packers")) == (before | {"far"}, before)


def test_distributions_are_not_looked_through_again_while_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    monkeypatch.syspath_prepend(tmp_path)

    class Looking(metadata.MetadataPathFinder):
        @classmethod
        def find_distributions(cls, context: object = None) -> list[metadata.Distribution]:  # type: ignore[override]
            looked.append(context)
            return []

    monkeypatch.setattr("sys.meta_path", [Looking, *sys.meta_path])
    for group in ("portes.packers", "portes.rules", "portes.packers"):
        entry_points_of(group)

    assert len(looked) == 1
