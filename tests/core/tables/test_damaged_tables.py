"""Bytes that are no table, and tables damaged on their way: told in words, or read; never a crash, and no rubbish."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables.drawing import random_tables
from random_tables.dressing import WrittenFile, files
from random_tables.writers import WRITERS

from portes.tables import ReadOptions, TableReport, check_table, detect_table

FEW = settings(max_examples=max(1, settings().max_examples // 8))
"""Three where others have twenty-five: finding out a format asks all of them."""
BRAZIL = ReadOptions(country="BR", currency="BRL")
DAMAGE = st.tuples(
    st.sampled_from(["flip", "cut", "again", "put"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 40),
    st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b";", b"\0", b"9", b"-", b"e9", b"\xff", b"[", b"="]),
)


def damaged(source: bytes, damages: Sequence[tuple[str, float, int, bytes]]) -> bytes:
    """The bytes after some damages, each somewhere: some flipped, cut out, there again, or others put in."""
    for kind, where, size, other in damages:
        at = int(where * len(source))
        part = source[at : at + size]
        put = {"flip": bytes(byte ^ 0x1F for byte in part), "cut": b"", "again": part * 2, "put": other + part}[kind]
        source = source[:at] + put + source[at + size :]
    return source


def checked(name: str, path: Path, file: WrittenFile) -> TableReport:
    """What reading a file in a format says of it; a crash, which is told as one of the format, fails the test."""
    path.write_bytes(file.source)
    options = ReadOptions(WRITERS[name].holds.country, "BRL", **file.options, beside=file.beside)
    report = check_table(path, name, options)
    assert not [problem for problem in report.problems if "crashed" in problem.cause]
    return report


@FEW
@given(name=st.sampled_from([*WRITERS]), data=st.data(), damages=st.lists(DAMAGE, min_size=1, max_size=4))
def test_a_damaged_table_is_told_or_read_and_never_a_crash(
    name: str, data: st.DataObject, damages: list[tuple[str, float, int, bytes]]
) -> None:
    writer = WRITERS[name]
    file = data.draw(files(writer.grid(data.draw(random_tables(writer.holds)))))
    which = data.draw(st.sampled_from(["", *file.beside]))
    if which:
        file = replace(file, beside={**file.beside, which: damaged(file.beside[which], damages)})
    else:
        file = replace(file, source=damaged(file.source, damages))

    with TemporaryDirectory() as folder:
        report = checked(name, Path(folder, "table"), file)
        detection = detect_table(Path(folder, "table"), BRAZIL)

    assert bool(report.problems) != bool(report.summary)
    assert detection.format in {"", *WRITERS}


@FEW
@given(source=st.binary(max_size=200))
def test_any_bytes_are_a_table_in_no_format(source: bytes) -> None:
    file = WrittenFile(source, {}, dict.fromkeys(("places", "prices", "mapping"), source))
    with TemporaryDirectory() as folder:
        reports = [checked(name, Path(folder, "table"), file) for name in WRITERS]
        detection = detect_table(Path(folder, "table"), BRAZIL)

    assert all(report.problems for report in reports)
    assert detection.format == ""
