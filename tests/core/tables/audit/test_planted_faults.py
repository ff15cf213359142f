"""Each fault, planted in an honest table, is found at its row; an honest table has none."""

from itertools import pairwise

import pytest
from honest_tables import HonestRow, HonestTable, honest_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_faults import PLANTS, SOME, Plant, a_hundredth, audited, lines_of

FEW = settings(max_examples=max(2, settings().max_examples // 10))


@FEW
@given(honest_tables())
def test_an_honest_table_has_no_finding_at_all(table: HonestTable) -> None:
    assert [(one.kind.code, one.cases) for one in audited(table).findings] == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@FEW
@given(table=honest_tables(SOME), data=st.data())
def test_a_planted_fault_is_found_at_its_row_and_nowhere_else(
    plant: Plant, table: HonestTable, data: st.DataObject
) -> None:
    row = table.rows[data.draw(st.integers(0, len(table.rows) - 1))]
    broken = plant(table, row)

    assert lines_of(audited(table), PLANTS[plant]) == [table.line(broken)]


def test_a_price_of_a_hundredth_is_found_where_half_the_places_are_cheap_and_its_own_half_is_dear() -> None:
    ladder, table = (0, 500, 1000, 2000, 5000), HonestTable()
    for place in range(19):
        price, first, last = (600 if place < 9 else 1500) + place, f"{70 + place}000000", f"{70 + place}999999"
        for low, high in pairwise(ladder):
            table.rows.append(HonestRow("economy", first, last, low, high, price, 0, "", 1, 3, "", ""))
            price = price * 6 // 5
    broken = a_hundredth(table, table.rows[-len(ladder) + 1])

    assert lines_of(audited(table), "decimal-lost") == [table.line(broken)]


@FEW
@given(table=honest_tables(), data=st.data())
def test_a_whole_bracket_without_decimal_sign_is_found_in_all_its_rows(table: HonestTable, data: st.DataObject) -> None:
    high = data.draw(st.sampled_from(sorted({row.high for row in table.rows})[1:-1]))
    mine = [row for row in table.rows if row.high == high]
    for row in mine:
        row.price *= 100

    assert lines_of(audited(table), "column-decimal") == [table.line(row) for row in mine]


@FEW
@given(honest_tables())
def test_kilograms_that_are_read_as_grams_are_found(table: HonestTable) -> None:
    for row in table.rows:
        row.low, row.high = row.low / 1000, row.high / 1000

    assert len(lines_of(audited(table), "weights-in-kg")) == 1


@FEW
@given(honest_tables())
def test_hours_in_the_place_of_days_are_found_in_every_row(table: HonestTable) -> None:
    for row in table.rows:
        row.days_min, row.days_max = row.days_min * 24, row.days_max * 24

    assert len(lines_of(audited(table), "days-hours")) == len(table.rows)


@FEW
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


@FEW
@given(table=honest_tables(), data=st.data())
def test_a_range_that_ends_one_code_early_leaves_a_town_partly_covered(table: HonestTable, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from([row for row in table.rows if row.part == "capital" and row.state != "RO"]))
    for one in table.lane(row):
        one.last = f"{int(row.last) - 1:08}" if one is not row else one.last
    row.last = f"{int(row.last) - 1:08}"
    found = audited(table).findings

    assert [(one.kind.code, one.severity, one.size) for one in found] == [("town-partly", "warning", 1)]


@FEW
@given(table=honest_tables(), data=st.data())
def test_a_range_that_reaches_into_the_next_state_spills(table: HonestTable, data: st.DataObject) -> None:
    borders = [row for row in table.rows if row.last.endswith("9999999") and row.last != "99999999"]
    row = data.draw(st.sampled_from(borders))
    lane = table.lane(row)
    for one in lane:
        one.last = f"{int(one.last) + 1:08}"

    assert lines_of(audited(table), "range-spills") == [table.line(lane[0])]


@FEW
@given(honest_tables())
def test_rows_that_narrower_ones_hide_everywhere_are_unreachable(table: HonestTable) -> None:
    lane = table.lane(table.rows[0])
    wide = [HonestRow(**{**vars(one), "first": "01000000", "last": "99999999"}) for one in lane]
    table.rows += wide
    hidden = audited(table, overlap="narrowest")

    # 78900-000 to 78999-999 is in the list of Rondônia's capital and interior, so nothing is left for the wide range
    assert lines_of(hidden, "unreachable") == [table.line(row) for row in wide]


@FEW
@given(honest_tables())
def test_brackets_printed_a_step_apart_are_told_from_holes(table: HonestTable) -> None:
    for row in table.rows:
        row.low = row.low + 100 if row.low else 0
    found = {one.kind.code: one for one in audited(table).findings}

    assert "hole-printed" in found
    assert "hole" not in found
    assert found["hole-printed"].count == sum(1 for row in table.rows if row.low)
