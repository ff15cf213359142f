"""A corrected copy mends what has one right answer, guesses only when asked, and says what it did and left."""

from pathlib import Path

import pytest
from honest_tables import HonestRow, HonestTable, honest_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_faults import (
    PLANTS,
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
from portes.tables import REFUSED, RateTable, ReadOptions, Row, Terms, WriteOptions, open_table
from portes.tables.audit.auditing import audit_source, audit_table
from portes.tables.audit.kinds import KINDS
from portes.tables.audit.mending import MendChoice, MendedTable, mend_table
from portes.tables.audit.plain_copy import write_copy

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
SURE = (days_swapped, written_twice, nothing_in_the_bracket, a_range_inside)
FEW = settings(max_examples=max(2, settings().max_examples // 10))
"""Each example is audited several times."""
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
@FEW
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
@FEW
@given(table=honest_tables(SOME), data=st.data())
def test_a_guess_is_left_until_it_is_asked_for(plant: Plant, table: HonestTable, data: st.DataObject) -> None:
    plant(table, data.draw(st.sampled_from(table.rows)))
    report = audited(table)
    left, guessed = mend_table(report, MendChoice()), mend_table(report, MendChoice(guesses=True))

    assert codes(left) == {one.kind.code for one in report.findings} - {"state-uncovered"}
    assert (left.changed, left.dropped, left.added) == (0, 0, 0)
    assert codes(guessed) == set()


@FEW
@given(table=honest_tables(SOME), data=st.data())
def test_a_lost_decimal_sign_comes_back_where_it_was(table: HonestTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(table.rows))
    price = row.price
    times_hundred(table, row)
    mended = mend_table(audited(table), MendChoice(only=["decimal-lost"]))

    assert mended.again.rows.prices[table.rows.index(row)] == price * 10**6


@FEW
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


def test_of_two_prices_the_dearer_row_stays() -> None:
    rows = "01000000,19999999,0,1000,10.00,2,3\n01000000,19999999,0,1000,12.00,2,3\n"
    turned = "\n".join([*rows.splitlines()[::-1], ""])
    one, other = mended(HEADER + rows, guesses=True), mended(HEADER + turned, guesses=True)

    assert [copy.again.rows.price_words(0) for copy in (one, other)] == ["12.00 BRL"] * 2
    assert [len(copy.again.rows) for copy in (one, other)] == [1, 1]


@pytest.mark.parametrize("doubted", ["99.90", "1640.00"])
def test_of_two_prices_of_which_one_is_doubted_the_other_row_stays(doubted: str) -> None:
    """Else the dearer one would stay, and be made a price of neither row."""
    example = Path(__file__).parents[4] / "examples" / "demo-store" / "tables" / "example-carrier.csv"
    copy = mended(f"{example.read_text()}economy,29000000,29099999,0,300,{doubted},,3,5\n", guesses=True)
    rows = copy.again.rows
    prices = [
        rows.price_words(at)
        for at in range(len(rows))
        if (rows.row(at).service, rows.firsts[at], rows.lows[at]) == ("economy", 29_000_000, 0)
    ]

    assert prices == ["16.40 BRL"]


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

    with pytest.raises(SettingsError, match="3: row: plain cannot say the fee hard_access"):
        mend_table(report, MendChoice())


def printed_a_step_apart(table: HonestTable, row: HonestRow) -> HonestRow:
    for one in table.rows:
        one.low += 100 if one.low else 0
    return row


def a_bracket_without_decimal_sign(table: HonestTable, row: HonestRow) -> HonestRow:
    second = sorted({one.high for one in table.rows})[1]
    for one in table.rows:
        one.price *= 100 if one.high == second else 1
    return row


def hours_for_days(table: HonestTable, row: HonestRow) -> HonestRow:
    for one in table.rows:
        one.days_min, one.days_max = one.days_min * 24, one.days_max * 24
    return row


def hidden_by_narrower_ones(table: HonestTable, row: HonestRow) -> HonestRow:
    lane = table.lane(row)
    half = str((int(row.first) + int(row.last)) // 2).zfill(8)
    rest = str(int(half) + 1).zfill(8)
    table.rows += [HonestRow(**{**vars(one), "last": half}) for one in lane]
    table.rows += [HonestRow(**{**vars(one), "first": rest}) for one in lane]
    return row


MENDABLE = {
    **{code: plant for plant, code in PLANTS.items()},
    "hole-printed": printed_a_step_apart,
    "column-decimal": a_bracket_without_decimal_sign,
    "days-hours": hours_for_days,
    "unreachable": hidden_by_narrower_ones,
}


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if kind.mend != "person"])
@FEW
@given(table=honest_tables(SOME), data=st.data())
def test_every_kind_that_is_sure_or_a_guess_is_mended_when_it_is_named(
    code: str, table: HonestTable, data: st.DataObject
) -> None:
    MENDABLE[code](table, data.draw(st.sampled_from(table.rows)))
    declared = {"overlap": "narrowest"} if code == "unreachable" else {}
    copy = mend_table(audited(table, **declared), MendChoice(only=[code]))

    assert code in {step.code for step in copy.steps if step.done and not step.left}
    assert code not in {one.kind.code for one in copy.again.findings}


def test_free_rows_and_refused_ones_that_the_copy_cannot_tell_apart_are_an_error() -> None:
    free = Row(2, "", "01000000", "01999999", 0, 1_000_000, 0, 1_000_000, Terms(1, 2))
    refused = free._replace(line=3, postal_from="02000000", postal_to="02999999", price=REFUSED)
    options = WriteOptions("BR", "BRL")

    assert write_copy([free], options).splitlines()[1].startswith(b",01000000,01999999,,,0,1000,0.00,")
    with pytest.raises(SettingsError, match="plain has price 0 for both"):
        write_copy([free, refused], options)


def test_a_faulty_row_is_written_as_it_stands() -> None:
    backwards = Row(2, "a;b", "01999999", "01000000", 2_000_000, 1_000_500, 1_234_567_890, 1_000_500, Terms(5, 3))
    line = write_copy([backwards, backwards], WriteOptions("BR", "BRL")).decode().splitlines()[2]

    assert line == '"a;b",01999999,01000000,,,2000,1000.5,12.3456789,,,,,,,5,3'


@pytest.mark.parametrize(("columns", "of_fees"), [("postal_from,postal_to,price", True), ("", False)])
def test_a_copy_of_fees_or_by_value_is_one_of_fees_or_by_value(columns: str, *, of_fees: bool) -> None:
    fees = f"{columns}\n01000000,01999999,5.00\n01000000,01999999,5.00\n"
    by_value = "postal_from,postal_to,value_from,value_to,price,days_min,days_max\n"
    by_value += "01000000,01999999,0,150.50,5.00,3,1\n01000000,01999999,150.50,,7.00,1,3\n"
    options = ReadOptions("BR", "BRL", of_fees=of_fees)
    report = audit_source(Path("table.csv"), (fees if of_fees else by_value).encode(), "plain", options)
    copy = mend_table(report, MendChoice())

    assert (copy.changed, copy.dropped) == ((0, 1) if of_fees else (1, 0))
    assert copy.again.rows.bracket(0) == report.rows.bracket(0)
    assert copy.again.rows.gathered.axis == ("weight" if of_fees else "value")
    assert [one.kind.code for one in copy.again.findings if one.severity != "advice"] == []
