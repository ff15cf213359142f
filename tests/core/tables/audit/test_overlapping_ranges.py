"""Many ranges that overlap: what they cost to look at, which rows they leave something to, and whose price is shown."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from portes.tables import ReadOptions
from portes.tables.audit.auditing import AuditReport, audit_source
from portes.tables.protocol import Overlap

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"


def audited(rows: str, overlap: Overlap) -> AuditReport:
    return audit_source(Path("table.csv"), (HEADER + rows).encode(), "plain", ReadOptions("BR", "BRL", overlap=overlap))


def nested(count: int) -> str:
    return "".join(
        f"economy,{1_000_000 + at:08},{99_999_999 - at:08},0,30000,{10 + at % 7}.00,2,3\n" for at in range(count)
    )


def calls_of(rows: str, overlap: Overlap) -> int:
    """How many functions are called to audit some rows: a measure of the work that no busy machine changes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        audited(rows, overlap)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("overlap", ["reject_table", "narrowest", "dearest"])
def test_ranges_that_all_overlap_are_work_in_proportion_to_their_number(overlap: Overlap) -> None:
    audited(nested(2), overlap)  # lists of places are read once
    few, many, more = (calls_of(nested(count), overlap) for count in (10, 160, 310))

    assert more - many <= (many - few) * 5 // 4


def test_the_dearest_of_several_ranges_is_shown_where_it_is_declared_to_count() -> None:
    rows = "economy,01000000,99999999,0,30000,30.00,2,3\neconomy,01000000,19999999,0,30000,20.00,2,3\n"
    shown = {
        overlap: next(one.prices[0] for one in audited(rows, overlap).coverage.series[0].states if one.state == "SP")
        for overlap in ("narrowest", "dearest")
    }

    assert shown == {"narrowest": 20_00 * 10**6, "dearest": 30_00 * 10**6}


def test_a_row_for_the_whole_country_is_no_range_outside_of_it() -> None:
    whole = audited("economy,00000000,99999999,0,30000,30.00,2,3\n", "reject_table")
    nearly = audited("economy,00000000,99999998,0,30000,30.00,2,3\n", "reject_table")

    assert [one.kind.code for one in whole.findings] == []
    assert "range-outside" in [one.kind.code for one in nearly.findings]


@pytest.mark.parametrize(("top", "hidden"), [("30", [5]), ("29", [])])
def test_rows_of_a_lower_rank_are_unreachable_only_where_every_code_and_weight_is_taken(
    top: str, hidden: list[int]
) -> None:
    header = "Country,Region/State,City,Zip/Postal Code From,Zip/Postal Code To"
    rows = [
        "BRA,*,*,01000-000,05999-999,0,5,19.90,Economy",
        "BRA,*,*,01000-000,05999-999,5,30,39.90,Economy",
        f"BRA,*,*,06000-000,19999-999,0,{top},39.90,Economy",
        "BRA,SP,*,,,0,30,49.90,Economy",
    ]
    options = ReadOptions("BR", "BRL", weight_unit="kg", defaults={"days_max": "3"})
    source = "\n".join([f"{header},Weight From >,Weight To <=,Shipping Price,Delivery Type", *rows]).encode()
    report = audit_source(Path("table.csv"), source, "matrixrate", options)

    dead = [one for one in report.findings if one.kind.code == "unreachable"]
    assert [report.rows.place(at)[1] for one in dead for at in one.rows] == hidden


def test_a_state_that_two_services_lack_is_one_state() -> None:
    rows = "".join(f"{name},01000000,19999999,0,30000,10.00,2,3\n" for name in ("economy", "express"))
    (lacking,) = (one for one in audited(rows, "reject_table").findings if one.kind.code == "state-uncovered")

    assert lacking.damage.startswith("26 states in one service or origin at least: 79,900,000 postal codes, 80 %")
    assert lacking.count == 52
