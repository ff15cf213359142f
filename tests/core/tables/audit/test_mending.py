"""A corrected copy mends what has one right answer, guesses only when asked, and says what it did and left."""

from pathlib import Path

import pytest
from honest_tables import HonestTable, honest_tables
from hypothesis import given
from hypothesis import strategies as st
from planted_faults import (
    SOME,
    Plant,
    a_hundredth,
    a_range_inside,
    a_range_inside_with_other_prices,
    audited,
    cheaper_than_the_bracket_below,
    days_swapped,
    nothing_in_the_bracket,
    the_border_times_a_hundred,
    times_hundred,
    written_twice,
    written_twice_with_another_price,
)

from portes.errors import SettingsError
from portes.tables import RateTable, ReadOptions, open_table
from portes.tables.audit.auditing import audit_source, audit_table
from portes.tables.audit.kinds import KINDS
from portes.tables.audit.mending import MendChoice, MendedTable, mend_table

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
SURE = (days_swapped, written_twice, nothing_in_the_bracket, a_range_inside)
GUESSES = (
    times_hundred,
    a_hundredth,
    written_twice_with_another_price,
    cheaper_than_the_bracket_below,
    the_border_times_a_hundred,
    a_range_inside_with_other_prices,
)


def codes(mended: MendedTable) -> set[str]:
    """The codes of what the copy still has, coverage apart."""
    return {one.kind.code for one in mended.again.findings} - {"state-uncovered"}


@pytest.mark.parametrize("plant", SURE, ids=lambda plant: plant.__name__)
@given(table=honest_tables(SOME), data=st.data())
def test_what_has_one_right_answer_is_mended_without_being_asked(
    plant: Plant, table: HonestTable, data: st.DataObject
) -> None:
    plant(table, data.draw(st.sampled_from(table.rows)))
    report = audited(table)
    mended = mend_table(report, MendChoice())

    assert codes(mended) == set()
    assert mended.changed + mended.dropped > 0


@pytest.mark.parametrize("plant", GUESSES, ids=lambda plant: plant.__name__)
@given(table=honest_tables(SOME), data=st.data())
def test_a_guess_is_left_until_it_is_asked_for(plant: Plant, table: HonestTable, data: st.DataObject) -> None:
    plant(table, data.draw(st.sampled_from(table.rows)))
    report = audited(table)
    left, guessed = mend_table(report, MendChoice()), mend_table(report, MendChoice(guesses=True))

    assert codes(left) == {one.kind.code for one in report.findings} - {"state-uncovered"}
    assert (left.changed, left.dropped, left.added) == (0, 0, 0)
    assert codes(guessed) == set()


@given(table=honest_tables(SOME), data=st.data())
def test_a_lost_decimal_sign_comes_back_where_it_was(table: HonestTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(table.rows))
    price = row.price
    times_hundred(table, row)
    mended = mend_table(audited(table), MendChoice(only=["decimal-lost"]))

    assert mended.again.rows.prices[table.rows.index(row)] == price * 10**6


@given(table=honest_tables(SOME), data=st.data())
def test_splitting_ranges_of_the_same_prices_changes_no_price(table: HonestTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(table.rows))
    first, last = row.first, row.last
    a_range_inside(table, row)
    mended = mend_table(audited(table), MendChoice())

    assert mended.added == 0  # the outer range keeps the one code that the inner one does not hold
    prices = {one.price for one in map(mended.again.rows.row, range(len(mended.again.rows)))}
    assert prices == {one.price * 10**6 for one in table.rows}
    kept = [
        one
        for one in map(mended.again.rows.row, range(len(mended.again.rows)))
        if one.service == row.service and first <= one.postal_from <= last
    ]
    assert {(one.postal_from, one.postal_to) for one in kept} == {(first, first), (f"{int(first) + 1:08}", last)}


def mended(content: str, *, guesses: bool = False, only: tuple[str, ...] = (), **options: str) -> MendedTable:
    declared = ReadOptions("BR", "BRL", **options)  # type: ignore[arg-type]
    report = audit_source(Path("table.csv"), content.encode(), "plain", declared)
    return mend_table(report, MendChoice(guesses, only))


def opened(folder: Path, content: bytes) -> RateTable:
    path = folder / "copy.csv"
    path.write_bytes(content)
    return open_table(path, "plain", ReadOptions("BR", "BRL"))


def test_gaps_of_the_printed_step_are_closed_and_the_copy_is_sound(tmp_path: Path) -> None:
    spans = ((0, 1000), (1100, 2000), (2100, 5000), (5100, 9900))
    rows = "".join(f"01000000,19999999,{low},{high},{high / 100:.2f},2,3\n" for low, high in spans)
    copy = mended(HEADER + rows)

    assert [(step.code, step.done) for step in copy.steps if step.done] == [("hole-printed", 3)]
    assert opened(tmp_path, copy.content).find("", "01310100", 1050) == opened(tmp_path, copy.content).find(
        "", "01310100", 2000
    )


def test_a_real_hole_gets_no_invented_price() -> None:
    rows = "01000000,19999999,0,1000,10.00,2,3\n01000000,19999999,2000,5000,20.00,2,3\n"
    copy = mended(HEADER + rows, guesses=True)

    assert [(step.code, step.done, step.left) for step in copy.steps if step.code == "hole"] == [("hole", 0, 1)]
    assert len(copy.again.rows) == 2


def test_only_what_is_named_is_mended() -> None:
    twice = "01000000,19999999,0,1000,10.00,2,3\n" * 2
    swapped = "20000000,28999999,0,1000,10.00,5,3\n"
    copy = mended(HEADER + twice + swapped, only=("days-backwards",))

    assert [step.code for step in copy.steps if step.done] == ["days-backwards"]
    assert "duplicate-same" in {step.code for step in copy.steps if step.left}
    assert copy.dropped == 0


def test_what_mending_brings_out_is_mended_too() -> None:
    rows = "01000000,19999999,0,1000,10.00,5,3\n01000000,19999999,0,1000,10.00,3,5\n"
    copy = mended(HEADER + rows)

    assert {step.code for step in copy.steps if step.done} == {"days-backwards", "duplicate-same"} or {
        step.code for step in copy.steps if step.left
    } >= {"duplicate-different"}
    assert copy.again.rows.terms_at(0).days_min == 3


def test_what_the_format_plain_cannot_say_is_an_error_with_its_row() -> None:
    samples = Path(__file__).parents[1] / "samples"
    options = ReadOptions("BR", "BRL", beside={"places": (samples / "proposal-places.csv").read_bytes()})
    report = audit_table(samples / "proposal.csv", "", options)

    with pytest.raises(SettingsError, match="which the format plain has no column for"):
        mend_table(report, MendChoice())


def test_every_kind_that_is_sure_or_a_guess_can_be_mended() -> None:
    source = (Path(__file__).parents[4] / "core/src/portes/tables/audit/mending.py").read_text(encoding="utf-8")
    split = {"overlap-same", "overlap-different"}

    assert [
        code
        for code, kind in KINDS.items()
        if kind.mend != "person" and code not in split and f'"{code}"' not in source
    ] == []
