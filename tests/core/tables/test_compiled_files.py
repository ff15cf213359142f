"""Compiled tables in the state folder: shared, and never trusted when they are not ours."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portes.errors import SettingsError
from portes.tables import FoundRow, RateTable, ReadOptions, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
TEXT = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
    "economy,01000000,05999999,0,1000,12.90,3\n"
    "economy,01000000,05999999,1000,5000,19.90,3\n"
    "economy,20000000,28999999,0,1000,25.90,5\n"
)
Write = Callable[..., Path]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def price(table: RateTable) -> int:
    row = table.find("economy", "01512651", 1001)
    assert isinstance(row, FoundRow)
    return row.price


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


def test_a_state_folder_that_is_a_file_is_told_as_such(write: Write) -> None:
    with pytest.raises(SettingsError, match=r"service\.state: cannot be used"):
        open_table(write(TEXT), "plain", BRAZIL, write("x", "state"))
