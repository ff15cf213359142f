"""Faults that a person or a program makes in a table, each as a function that breaks an honest one at a row."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from honest_tables import HonestRow, HonestTable

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
    inside = [
        HonestRow(**{**vars(one), "first": f"{int(one.first) + 1:08}", "price": one.price + more})
        for one in table.lane(row)
    ]
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
