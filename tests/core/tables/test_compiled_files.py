"""Compiled tables in the state folder: shared, and never trusted when they are not ours."""

import json
import os
import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from found_rows import cents
from logins import full_folder
from structlog.testing import capture_logs

from portes.errors import SettingsError
from portes.tables import FoundRow, RateTable, ReadOptions, open_table, opening
from portes.tables.index.compiler import narrow

BRAZIL = ReadOptions(country="BR", currency="BRL")
TEXT = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
    "economy,01000000,05999999,0,1000,12.90,3\n"
    "economy,01000000,05999999,1000,5000,19.90,3\n"
    "economy,20000000,28999999,0,1000,25.90,5\n"
)
Write = Callable[..., Path]


class NothingOpen(dict[Any, RateTable]):
    """What a process has open that opens each table for the first time."""

    def setdefault(self, _key: Any, table: Any = None) -> RateTable:
        assert isinstance(table, RateTable)
        return table


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that a table is opened here counts as another process: in one alone it would be open already."""
    monkeypatch.setattr(opening, "_OPEN", NothingOpen())


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def price(table: RateTable) -> int:
    row = table.find("economy", "01512651", 1001)
    assert isinstance(row, FoundRow)
    return cents(row.price)


def compiled(state: Path) -> Path:
    (path,) = (state / "tables").glob("*.rates")
    return path


def test_a_table_is_compiled_once_and_mapped_afterwards(write: Write, state: Path) -> None:
    path = write(TEXT)
    first = open_table(path, "plain", BRAZIL, state)
    written = compiled(state).stat()

    second = open_table(path, "plain", BRAZIL, state)

    assert price(first) == price(second) == 1990
    assert compiled(state).stat().st_mtime_ns == written.st_mtime_ns
    assert (first.summary, first.fingerprint, first.services) == (second.summary, second.fingerprint, second.services)


def test_a_changed_table_is_another_table(write: Write, state: Path) -> None:
    first = open_table(write(TEXT), "plain", BRAZIL, state)

    second = open_table(write(TEXT.replace("19.90", "29.90")), "plain", BRAZIL, state)

    assert first.fingerprint != second.fingerprint
    assert (price(first), price(second)) == (1990, 2990)


def test_a_table_read_otherwise_is_another_table(write: Write, state: Path) -> None:
    path = write(TEXT)

    tables = [
        open_table(path, "plain", ReadOptions(country="BR", currency=currency), state) for currency in ("BRL", "USD")
    ]

    assert tables[0].fingerprint != tables[1].fingerprint


def test_the_name_of_a_file_does_not_change_its_fingerprint(write: Write) -> None:
    one, other = (open_table(write(TEXT, name), "plain", BRAZIL) for name in ("one.csv", "other.csv"))

    assert one.fingerprint == other.fingerprint


def cut(content: bytes) -> bytes:
    return content[:-8]


def flip(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


def flip_header(content: bytes) -> bytes:
    return content.replace(b'"shift": ', b'"shift":1')


def empty(content: bytes) -> bytes:
    return content[:0]


def mark_only(content: bytes) -> bytes:
    return content[:8]


def another_program(content: bytes) -> bytes:
    return b"SQLite format 3\x00" + content


@pytest.mark.parametrize("damage", [cut, flip, flip_header, empty, mark_only, another_program])
def test_a_damaged_file_is_compiled_anew(write: Write, state: Path, damage: Callable[[bytes], bytes]) -> None:
    path = write(TEXT)
    open_table(path, "plain", BRAZIL, state)
    whole = compiled(state).read_bytes()
    compiled(state).write_bytes(damage(whole))
    assert compiled(state).read_bytes() != whole

    table = open_table(path, "plain", BRAZIL, state)

    assert price(table) == 1990
    assert compiled(state).read_bytes() == whole


def test_a_whole_file_of_another_table_is_not_taken_for_this_one(write: Write, state: Path) -> None:
    open_table(write(TEXT), "plain", BRAZIL, state)
    ours = compiled(state)
    foreign = ours.read_bytes()
    changed = write(TEXT.replace("19.90", "29.90"))
    ours.unlink()
    open_table(changed, "plain", BRAZIL, state)
    compiled(state).write_bytes(foreign)

    assert price(open_table(changed, "plain", BRAZIL, state)) == 2990


def test_a_mapped_table_outlives_its_file(write: Write, state: Path) -> None:
    table = open_table(write(TEXT), "plain", BRAZIL, state)
    compiled(state).unlink()

    assert price(table) == 1990


def test_several_that_open_at_once_find_the_same(write: Write, state: Path) -> None:
    path = write(TEXT)

    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda _: open_table(path, "plain", BRAZIL, state), range(8)))

    assert {price(table) for table in tables} == {1990}
    assert compiled(state).exists()


@pytest.mark.parametrize(("days", "stays"), [(31, False), (29, True)])
def test_compiled_tables_of_last_month_are_cleared_away(write: Write, state: Path, days: int, stays: object) -> None:
    open_table(write(TEXT), "plain", BRAZIL, state)
    old = compiled(state)
    os.utime(old, (0, old.stat().st_mtime - days * 24 * 3600))

    open_table(write(TEXT.replace("19.90", "29.90")), "plain", BRAZIL, state)

    assert old.exists() is stays


def test_a_broken_table_leaves_nothing_in_the_state_folder(write: Write, state: Path) -> None:
    with pytest.raises(SettingsError):
        open_table(write(TEXT.replace("19.90", "free")), "plain", BRAZIL, state)

    assert not list((state / "tables").glob("*.rates"))


@pytest.mark.parametrize(
    "lie",
    [
        lambda header: header | {"services": {"economy": [10**9, 0], "express": [0, 10**9]}},
        lambda header: header | {"services": 7},
        lambda header: header | {"shift": "three"},
        lambda header: header | {"shift": -1},
        lambda header: header | {"summary": {}},
        lambda header: header | {"arrays": {}},
        lambda header: header | {"arrays": header["arrays"] | {"prices": ["I", 10**12]}},
        lambda header: header | {"arrays": header["arrays"] | {"prices": ["s", 1]}},
        lambda header: header | {"arrays": header["arrays"] | {"prices": ["I", 0]}},
        lambda header: {},
        lambda header: [],
        lambda header: header | {"services": {}},
    ],
)
def test_a_lie_under_a_right_checksum_is_compiled_anew(write: Write, state: Path, lie: Callable[[Any], Any]) -> None:
    path = write(TEXT)
    open_table(path, "plain", BRAZIL, state)
    whole = compiled(state).read_bytes()
    mark, length, _ = struct.unpack_from("<8sII", whole)
    header = json.dumps(lie(json.loads(whole[16 : 16 + length]))).encode()
    header += b" " * (-len(header) % 8)
    body = header + whole[16 + length :]
    compiled(state).write_bytes(struct.pack("<8sII", mark, len(header), zlib.crc32(body)) + body)

    assert price(open_table(path, "plain", BRAZIL, state)) == 1990
    assert compiled(state).read_bytes() == whole


def test_a_header_of_brackets_without_end_is_compiled_anew(write: Write, state: Path) -> None:
    path = write(TEXT)
    open_table(path, "plain", BRAZIL, state)
    body = b"[" * 100_000
    compiled(state).write_bytes(struct.pack("<8sII", b"PORTESRT", len(body), zlib.crc32(body)) + body)

    assert price(open_table(path, "plain", BRAZIL, state)) == 1990


@pytest.mark.parametrize("room", [0, 100])
def test_a_table_is_compiled_in_memory_where_the_disk_has_no_room(write: Write, state: Path, room: int) -> None:
    path = write(TEXT)
    with full_folder(room) as logged:
        tables = [open_table(path, "plain", BRAZIL, state) for _ in range(2)]

    assert {price(table) for table in tables} == {1990}
    assert [event["event"] for event in logged] == ["compiled tables are not kept and take memory in each process"]
    assert {path.name for path in (state / "tables").iterdir()} <= {"lock"}

    with capture_logs() as healed:
        open_table(path, "plain", BRAZIL, state)
    assert [event["event"] for event in healed] == ["compiled tables are kept again"]
    assert compiled(state).exists()


def test_a_table_is_compiled_in_memory_where_a_folder_takes_no_file(write: Write, tmp_path: Path) -> None:
    path = write(TEXT)

    assert price(open_table(path, "plain", BRAZIL, Path("/proc/self/fdinfo"))) == 1990  # nobody may write there


def test_what_is_not_ours_in_the_place_of_a_table_is_neither_used_nor_changed(write: Write, tmp_path: Path) -> None:
    path, theirs, linked = write(TEXT), tmp_path / "theirs", tmp_path / "linked"
    changed = write(TEXT.replace("19.90", "29.90"), "changed.csv")
    open_table(path, "plain", BRAZIL, theirs)
    (theirs / "tables").chmod(0o755)
    linked.mkdir()
    (linked / "tables").symlink_to(theirs / "tables")

    assert price(open_table(changed, "plain", BRAZIL, linked)) == 2990
    assert (theirs / "tables").stat().st_mode & 0o777 == 0o755

    place = compiled(theirs)
    place.symlink_to(place.rename(tmp_path / "moved.rates"))
    assert price(open_table(path, "plain", BRAZIL, theirs)) == 1990
    place.unlink()
    os.mkfifo(place)
    assert price(open_table(path, "plain", BRAZIL, theirs)) == 1990
    place.unlink()


def test_tables_of_strangers_stay_however_old(write: Write, state: Path) -> None:
    (state / "tables").mkdir(parents=True)
    theirs = state / "tables" / "mine.rates"
    theirs.touch()
    os.utime(theirs, (0, 0))

    open_table(write(TEXT), "plain", BRAZIL, state)

    assert theirs.exists()


@pytest.mark.parametrize(
    ("number", "size"), [(0, 1), (255, 1), (256, 2), (65535, 2), (65536, 4), (2**32 - 1, 4), (2**32, 8), (-1, 8)]
)
def test_numbers_take_no_more_bytes_than_the_largest_of_them_needs(number: int, size: int) -> None:
    kept = narrow([7, number])
    assert kept.tolist() == [7, number]
    assert kept.itemsize == size
