"""A process has one table for all who read the same bytes in the same way: many stores may sell by one contract."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from weakref import ref

from portes.tables import ReadOptions, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
TEXT = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\neconomy,01000000,05999999,0,1000,12.90,3\n"
)
Write = Callable[..., Path]


def test_the_same_bytes_in_another_file_are_the_same_table(write: Write, tmp_path: Path) -> None:
    first = open_table(write(TEXT), "plain", BRAZIL)
    (tmp_path / "another.csv").write_text(TEXT)

    assert open_table(tmp_path / "another.csv", "plain", BRAZIL) is first


def test_what_is_read_in_another_way_or_says_something_else_is_another_table(write: Write) -> None:
    first = open_table(write(TEXT), "plain", BRAZIL)

    assert open_table(write(TEXT), "plain", replace(BRAZIL, overlap="narrowest")) is not first
    assert open_table(write(TEXT.replace("12.90", "12.91")), "plain", BRAZIL) is not first


def test_a_table_that_nobody_uses_any_more_is_let_go(write: Write) -> None:
    gone = ref(open_table(write(TEXT), "plain", BRAZIL))
    gc.collect()

    assert gone() is None


def test_each_state_folder_keeps_it_for_the_next_start_all_the_same(write: Write, tmp_path: Path) -> None:
    tables = [open_table(write(TEXT), "plain", BRAZIL, state) for state in (None, tmp_path / "one", tmp_path / "two")]

    assert tables[0] is tables[1] is tables[2]
    kept = [[*(tmp_path / state / "tables").glob("*.rates")] for state in ("one", "two")]
    assert [len(files) for files in kept] == [1, 1]
    assert kept[0][0].read_bytes() == kept[1][0].read_bytes()
