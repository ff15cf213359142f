"""Each fault, planted in an honest table, is found at its row; an honest table has none."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from honest_tables import HonestRow, HonestTable, honest_tables
from hypothesis import given
from hypothesis import strategies as st

from portes.tables.audit.auditing import AuditReport

SOME = ("SP", "RJ", "MG", "PR", "SC", "RS", "BA", "AM")
"""States enough to have neighbours."""

Plant = Callable[[HonestTable, HonestRow], HonestRow]
"""Breaks a table at a row, and says which row the finding is about."""


def audited(table: HonestTable, **options: Any) -> AuditReport:
    with TemporaryDirectory() as folder:
        return table.audited(Path(folder), **options)


def lines_of(report: AuditReport, code: str) -> list[int]:
    """The lines of every row that a finding is about; 0 stands for one without rows."""
    found = [finding for finding in report.findings if finding.kind.code == code]
    return [report.rows.place(at)[1] for finding in found for at in finding.rows] or [0] * len(found)


@given(honest_tables())
def test_an_honest_table_has_no_finding_at_all(table: HonestTable) -> None:
    assert [(one.kind.code, one.cases) for one in audited(table).findings] == []


def times_hundred(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price *= 100
    return row


def a_hundredth(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price = row.price // 100
    return row


def times_ten(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price *= 10
    return row


def four_and_a_half_times(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price = row.price * 9 // 2
    return row


def days_swapped(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.days_min, row.days_max = row.days_max, row.days_min
    return row


def written_twice(table: HonestTable, row: HonestRow) -> HonestRow:
    again = HonestRow(**vars(row))
    table.rows.append(again)
    return again


def written_twice_with_another_price(table: HonestTable, row: HonestRow) -> HonestRow:
    again = written_twice(table, row)
    again.price += 250
    return again


def a_bracket_left_out(table: HonestTable, row: HonestRow) -> HonestRow:
    lane = table.lane(row)
    table.rows.remove(lane[2])
    return lane[3]


def the_first_bracket_left_out(table: HonestTable, row: HonestRow) -> HonestRow:
    lane = table.lane(row)
    table.rows.remove(lane[0])
    return lane[1]


def the_last_bracket_left_out(table: HonestTable, row: HonestRow) -> HonestRow:
    lane = table.lane(row)
    table.rows.remove(lane[-1])
    return lane[-2]


def cheaper_than_the_bracket_below(table: HonestTable, row: HonestRow) -> HonestRow:
    lane = table.lane(row)
    lane[2].price = lane[1].price * 9 // 10
    return lane[2]


def nothing_in_the_bracket(table: HonestTable, row: HonestRow) -> HonestRow:
    empty = HonestRow(**{**vars(row), "low": row.high})
    table.rows.append(empty)
    return empty


def the_bracket_backwards(table: HonestTable, row: HonestRow) -> HonestRow:
    second = table.lane(row)[1]
    second.low, second.high = second.high, second.low
    return second


def the_range_backwards(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.first, row.last = row.last, row.first
    return row


def thirty_percent(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.percent = "30%"
    return row


def a_hundredth_of_a_percent_less(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.percent = "0.003%"
    return row


def ninety_days(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.days_max = 90
    return row


def no_days_at_all(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.days_min = row.days_max = 0
    return row


def one_cent(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price, row.percent, row.per_kg = 1, "", 0
    return row


def nothing_charged(_table: HonestTable, row: HonestRow) -> HonestRow:
    row.price, row.percent, row.per_kg = 0, "", 0
    return row


def the_border_times_a_hundred(table: HonestTable, row: HonestRow) -> HonestRow:
    second = table.lane(row)[1]
    second.high *= 100
    return second


def a_range_inside(table: HonestTable, row: HonestRow, more: int = 0) -> HonestRow:
    inside = [HonestRow(**{**vars(one), "first": f"{int(one.first) + 1:08}", "price": one.price + more}) for one in table.lane(row)]
    table.rows += inside
    return inside[0]


def a_range_inside_with_other_prices(table: HonestTable, row: HonestRow) -> HonestRow:
    return a_range_inside(table, row, more=100)


def an_empty_country_below(table: HonestTable, row: HonestRow) -> HonestRow:
    outside = [HonestRow(**{**vars(one), "first": "00000000", "last": "00999999"}) for one in table.lane(row)]
    table.rows += outside
    return outside[0]


PLANTS: dict[Plant, str] = {
    times_hundred: "decimal-lost",
    a_hundredth: "decimal-lost",
    times_ten: "decimal-lost",
    four_and_a_half_times: "price-far",
    days_swapped: "days-backwards",
    written_twice: "duplicate-same",
    written_twice_with_another_price: "duplicate-different",
    a_bracket_left_out: "hole",
    the_first_bracket_left_out: "hole-bottom",
    the_last_bracket_left_out: "top-low",
    cheaper_than_the_bracket_below: "price-falls",
    nothing_in_the_bracket: "bracket-empty",
    the_bracket_backwards: "bracket-backwards",
    the_range_backwards: "range-backwards",
    thirty_percent: "percent-high",
    a_hundredth_of_a_percent_less: "percent-low",
    ninety_days: "days-long",
    no_days_at_all: "days-zero",
    one_cent: "price-tiny",
    nothing_charged: "price-zero",
    the_border_times_a_hundred: "weight-decimal",
    a_range_inside: "overlap-same",
    a_range_inside_with_other_prices: "overlap-different",
    an_empty_country_below: "range-outside",
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@given(table=honest_tables(SOME), data=st.data())
def test_a_planted_fault_is_found_at_its_row_and_nowhere_else(plant: Plant, table: HonestTable, data: st.DataObject) -> None:
    row = table.rows[data.draw(st.integers(0, len(table.rows) - 1))]
    broken = plant(table, row)

    assert lines_of(audited(table), PLANTS[plant]) == [table.line(broken)]


@given(table=honest_tables(), data=st.data())
def test_a_whole_bracket_without_decimal_sign_is_found_in_all_its_rows(table: HonestTable, data: st.DataObject) -> None:
    high = data.draw(st.sampled_from(sorted({row.high for row in table.rows})[1:-1]))
    mine = [row for row in table.rows if row.high == high]
    for row in mine:
        row.price *= 100

    assert lines_of(audited(table), "column-decimal") == [table.line(row) for row in mine]


@given(honest_tables())
def test_kilograms_that_are_read_as_grams_are_found(table: HonestTable) -> None:
    for row in table.rows:
        row.low, row.high = row.low / 1000, row.high / 1000

    assert len(lines_of(audited(table), "weights-in-kg")) == 1


@given(honest_tables())
def test_hours_in_the_place_of_days_are_found_in_every_row(table: HonestTable) -> None:
    for row in table.rows:
        row.days_min, row.days_max = row.days_min * 24, row.days_max * 24

    assert len(lines_of(audited(table), "days-hours")) == len(table.rows)


@given(table=honest_tables(), state=st.sampled_from(["SP", "AC", "BA"]))
def test_a_state_without_rows_is_advice_and_its_capital_alone_a_warning(table: HonestTable, state: str) -> None:
    table.rows = [row for row in table.rows if (row.state, row.part) != (state, "capital")]
    capital = audited(table)
    table.rows = [row for row in table.rows if row.state != state]
    whole = audited(table)

    assert [(one.kind.code, one.severity) for one in capital.findings] == [("capital-uncovered", "warning")]
    assert [(one.kind.code, one.severity) for one in whole.findings] == [("state-uncovered", "advice")]
    assert f"({state})" in capital.findings[0].cases[0].words
    assert f"({state})" in whole.findings[0].cases[0].words


@given(table=honest_tables(), data=st.data())
def test_a_range_that_ends_one_code_early_leaves_a_town_partly_covered(table: HonestTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from([row for row in table.rows if row.part == "capital" and row.state != "RO"]))
    for one in table.lane(row):
        one.last = f"{int(row.last) - 1:08}" if one is not row else one.last
    row.last = f"{int(row.last) - 1:08}"
    found = audited(table).findings

    assert [(one.kind.code, one.severity, one.size) for one in found] == [("town-partly", "warning", 1)]


@given(table=honest_tables(), data=st.data())
def test_a_range_that_reaches_into_the_next_state_spills(table: HonestTable, data: st.DataObject) -> None:
    borders = [row for row in table.rows if row.last.endswith("9999999") and row.last != "99999999"]
    row = data.draw(st.sampled_from(borders))
    lane = table.lane(row)
    for one in lane:
        one.last = f"{int(one.last) + 1:08}"

    assert lines_of(audited(table), "range-spills") == [table.line(lane[0])]


@given(honest_tables())
def test_rows_that_narrower_ones_hide_everywhere_are_unreachable(table: HonestTable) -> None:
    lane = table.lane(table.rows[0])
    wide = [HonestRow(**{**vars(one), "first": "01000000", "last": "99999999"}) for one in lane]
    table.rows += wide
    hidden = audited(table, overlap="narrowest")

    # 78900-000 to 78999-999 is in the list of Rondônia's capital and interior, so nothing is left for the wide range
    assert lines_of(hidden, "unreachable") == [table.line(row) for row in wide]


@given(honest_tables())
def test_brackets_printed_a_step_apart_are_told_from_holes(table: HonestTable) -> None:
    for row in table.rows:
        row.low = row.low + 100 if row.low else 0
    found = {one.kind.code: one for one in audited(table).findings}

    assert "hole-printed" in found
    assert "hole" not in found
    assert found["hole-printed"].count == sum(1 for row in table.rows if row.low)
