"""The file by which workers learn of changed stores, when it holds what nobody of us wrote."""

from pathlib import Path

import pytest

from portes.web.reload.generation import FILE_NAME, Generation, GenerationFile

NONSENSE = {
    "deep": "[" * 100_000,
    "infinite": "[1e999, 2]",
    "many digits": f"[{'9' * 5000}, 2]",
    "one number": "[1]",
    "words": '["one", "two"]',
    "no list": "7",
    "a null": "[null, 1]",
    "not a number": "[NaN, 1]",
    "nothing": "",
    "no text": "\udcff",
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_in_the_file_counts_as_the_start_and_is_written_over(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content.encode(errors="surrogateescape"))
    file = GenerationFile(tmp_path)

    assert file.read() == Generation()
    assert file.advance(Generation(4, 2), forced=False) == file.read() == Generation(5, 2)
