"""The file by which workers learn of changed stores, when it holds what nobody of us wrote."""

import os
from pathlib import Path

import pytest

from portes.web.reload.generation import FILE_NAME, Generation, GenerationFile, PreparedWorkers

NONSENSE = {
    "deep": "[" * 100_000,
    "infinite": "[1e999, 2]",
    "many digits": f"[{'9' * 5000}, 2]",
    "one number": "[1]",
    "words": '["one", "two"]',
    "no list": "7",
    "a null": "[null, 1]",
    "not a number": "[NaN, 1]",
    "a moment in words": '[1, 2, "noon"]',
    "nothing": "",
    "no text": "\udcff",
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_in_the_file_counts_as_the_start_and_is_written_over(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content.encode(errors="surrogateescape"))
    file = GenerationFile(tmp_path)

    assert file.read() == Generation()
    assert file.advance(Generation(4, 2), forced=False) == file.read() == Generation(5, 2)


def test_a_change_is_told_by_whichever_folder_takes_it(tmp_path: Path) -> None:
    state, private = tmp_path / "state", tmp_path / "private"
    file = GenerationFile(state, private)
    file.advance(Generation(), forced=False)
    (state / FILE_NAME).unlink()
    (state / FILE_NAME).mkdir()  # what cannot be replaced

    assert file.advance(Generation(1), forced=True) == file.read() == Generation(2, 2)

    (private / FILE_NAME).unlink()
    (private / FILE_NAME).mkdir()
    with pytest.raises(OSError, match="directory"):
        file.advance(Generation(2, 2), forced=False)


def test_a_planted_link_is_put_out_of_the_way_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / FILE_NAME).symlink_to(theirs)

    GenerationFile(tmp_path).advance(Generation(), forced=False)

    assert (theirs.read_text(), (tmp_path / FILE_NAME).is_symlink()) == ("theirs", False)


def test_the_moment_of_an_exchange_is_said_of_the_generation_that_was_prepared_and_of_no_later_one(
    tmp_path: Path,
) -> None:
    file = GenerationFile(tmp_path)
    first = file.advance(Generation(), forced=False)
    assert first.at == 0

    assert file.settle(first, 1234.5) == file.read() == Generation(1, 0, 1234.5)

    later = file.advance(first, forced=True)
    file.settle(first, 5678.5)
    assert file.read() == later == Generation(2, 2)


def test_workers_are_prepared_once_each_of_them_noted_that_generation_or_a_later_one(tmp_path: Path) -> None:
    notes, own = PreparedWorkers(tmp_path / "private"), os.getpid()
    assert not notes.have(1, [own])

    notes.note(2)

    assert (notes.have(2, [own]), notes.have(3, [own]), notes.have(2, [own, 1])) == (True, False, False)
    assert notes.have(3, [])


def test_services_that_share_a_folder_hear_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = GenerationFile(tmp_path, service="0a"), GenerationFile(tmp_path, service="0b")
    one.settle(one.advance(Generation(), forced=True), 1234.5)

    assert (one.read(), other.read()) == (Generation(1, 1, 1234.5), Generation())


def test_a_service_that_ends_takes_its_file_away_and_what_killed_ones_left_goes_after_a_month(tmp_path: Path) -> None:
    ours, day = GenerationFile(tmp_path, service="0c"), 86_400
    for name, age in {"0a": 29, "0b": 31}.items():
        GenerationFile(tmp_path, service=name).advance(Generation(), forced=False)
        written = (tmp_path / f"{FILE_NAME}-{name}").stat().st_mtime
        os.utime(tmp_path / f"{FILE_NAME}-{name}", (written, written - age * day))
    (tmp_path / "generation-plan.txt").write_text("theirs")
    os.utime(tmp_path / "generation-plan.txt", (0, 0))

    ours.advance(Generation(), forced=False)
    beside = {path.name for path in tmp_path.iterdir()}
    ours.remove()
    ours.remove()

    assert beside == {"generation-0a", "generation-0c", "generation-plan.txt"}
    assert {path.name for path in tmp_path.iterdir()} == {"generation-0a", "generation-plan.txt"}
