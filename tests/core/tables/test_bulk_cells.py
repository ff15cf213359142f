"""Cells of large tables are compared and read as numbers in their bytes, as their texts would be."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portes.tables.bulk.spans import CellSpans, FileText, different, joined, narrowed

CELLS = st.lists(st.text("0123456789.,-/:%aé ", max_size=12), min_size=1, max_size=20)


def spans(cells: Sequence[str]) -> CellSpans:
    """Cells as they stand in a file, below a header."""
    held = [cell.encode() for cell in cells]
    ends = 8 + np.cumsum([len(cell) + 1 for cell in held]) - 1
    begins = ends - [len(cell) for cell in held]
    return CellSpans(FileText(b"a header" + b"".join(cell + b";" for cell in held)), begins, ends)


@example(cells=["1:", ":1", "1/", "/1", "99999999", "999999999"], sign="", after=1)
@given(cells=CELLS, sign=st.sampled_from(["", ".", ",", "-"]), after=st.integers(1, 6))
def test_cells_of_at_most_eight_signs_are_the_numbers_of_their_digits(cells: list[str], sign: str, after: int) -> None:
    form = re.compile(rf"[0-9]+{re.escape(sign)}[0-9]{{{after}}}" if sign else "[0-9]+")
    numbers, fits = spans(cells).digits(sign, after if sign else 0)
    for cell, number, fit in zip(cells, numbers.tolist(), fits.tolist(), strict=True):
        assert fit == (len(cell.encode()) <= 8 and bool(form.fullmatch(cell)))
        assert not fit or number == int(cell.replace(sign, "") if sign else cell)


@given(cells=CELLS)
def test_cells_that_differ_are_found_in_their_order(cells: list[str]) -> None:
    column = spans(cells)
    firsts, like = column.different()
    texts = column.at(firsts).texts()
    assert texts == list(dict.fromkeys(cells))
    assert [texts[at] for at in ([0] * len(cells) if like is None else like)] == cells
    assert not column.same() or len(texts) == 1


@pytest.mark.parametrize("count", [10, 1000, 200_000])
@pytest.mark.parametrize("most", [1, 3, 500, 10**12])
def test_rows_that_are_the_same_are_one_however_many_there_are(count: int, most: int) -> None:
    chance = np.random.default_rng(7)
    columns = [chance.integers(-1, most, count), np.broadcast_to(np.int64(5), count), chance.integers(0, 2, count)]
    rows = [*zip(*(column.tolist() for column in columns), strict=True)]
    firsts, like = different(columns)
    found = [rows[at] for at in firsts.tolist()]
    assert found == list(dict.fromkeys(rows))
    assert like is None or [found[at] for at in like.tolist()] == rows


@example(numbers=[-1, 5])
@given(numbers=st.lists(st.integers(0, 2**62) | st.integers(-3, 300), min_size=1))
def test_numbers_are_kept_in_few_bytes_and_stay_what_they_are(numbers: list[int]) -> None:
    kept = narrowed(np.array(numbers))
    assert kept.tolist() == numbers
    assert min(numbers) < 0 or kept.itemsize <= max(1, 2 * -(-max(numbers).bit_length() // 8))


@given(pieces=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 1)), min_size=1))
def test_pieces_of_a_column_are_joined_as_they_come(pieces: list[tuple[int, int]]) -> None:
    column = joined([np.broadcast_to(np.int64(number), count) for count, number in pieces])
    assert column.tolist() == [number for count, number in pieces for _ in range(count)]
