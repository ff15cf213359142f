"""VTEX's template: its twelve columns, as the platform documents them and as sellers send them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from found_rows import cents, least_of_value, percent_of_value
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import Fee, FoundRow, NoRow, RateTable, ReadOptions, check_table, open_table

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = ReadOptions(country="BR", currency="BRL", polygons="skip")
HEADER = (
    "ZipCodeStart,ZipCodeEnd,PolygonName,WeightStart,WeightEnd,AbsoluteMoneyCost,PricePercent,PriceByExtraWeight,"
    "MaxVolume,TimeCost,Country,MinimumValueInsurance\n"
)
ROW = "01000000,19999999,,1,1000,10,0,0,1000000000,2.00:00:00,BRA,0\n"


def found(table: RateTable, postal_code: str = "01512651", weight: int = 500) -> FoundRow:
    row = table.find("", postal_code, weight)
    assert isinstance(row, FoundRow)
    return row


@cache
def documented(name: str) -> RateTable:
    return open_table(SAMPLES / name, "vtex", BRAZIL)


@pytest.mark.parametrize("name", ["vtex-template.csv", "vtex-template-two-sheets.xlsx"])
@pytest.mark.parametrize(
    ("weight", "price"), [(1, 100), (1000, 100), (1001, 1500), (10_000, 1500), (10_001, 2000), (100_000, 2000)]
)
def test_the_documented_rates_hold_as_text_and_as_workbook(name: str, weight: int, price: int) -> None:
    assert cents(found(documented(name), weight=weight).price) == price


def test_above_the_last_weight_end_there_is_no_price() -> None:
    table = open_table(SAMPLES / "vtex-template.csv", "vtex", BRAZIL)

    assert table.find("", "01512651", 100_001) is NoRow.ABOVE


def test_every_column_of_the_template_is_kept() -> None:
    row = found(open_table(SAMPLES / "vtex-template.csv", "vtex", BRAZIL), "20000000", 800)

    assert (cents(row.price), row.extra_from) == (1000, 300_000)
    assert row.terms._asdict() == {
        "days_min": 5,
        "days_max": 5,
        "extra_per_kg": 10_000_000_000,  # 0.10 a gram is 100.00 a kg
        "extra_step": 0,
        "minimum": 0,
        "max_volume": 10**12,
        "fees": (Fee("ad_valorem", percent=10_000_000, least=1_500_000_000),),
        "tax": -1,
    }


def test_the_lowest_bracket_holds_its_own_weight_start_and_nothing_below() -> None:
    table = open_table(SAMPLES / "vtex-template.csv", "vtex", BRAZIL)

    assert cents(found(table, "20000000", 300).price) == 1000
    assert table.find("", "20000000", 299) is NoRow.BELOW


def test_what_sellers_send_is_read() -> None:
    table = open_table(SAMPLES / "vtex-variant-semicolon-comma.csv", "vtex", BRAZIL)

    row = found(table, "01000001", 251)
    assert (cents(row.price), percent_of_value(row.terms), cents(least_of_value(row.terms)), row.terms.days_max) == (
        1240,
        660_000,
        100,
        4,
    )
    assert cents(found(table, "69900001", 200).price) == 3215


def test_rows_without_extras_are_equal_to_rows_of_the_plain_format(opened: Opened) -> None:
    plain = opened(
        "postal_from,postal_to,weight_from_g,weight_to_g,price,percent_of_value,percent_minimum,days_max,"
        "max_volume_cm3,extra_from_g\n"
        "01000000,19999999,1,1000,10,0.66,1,2,1000000000,1\n"
    )
    vtex = opened(HEADER + ROW.replace(",10,0,0,", ",10,0.66,0,").replace(",0\n", ",1\n"), "vtex")

    assert found(plain) == found(vtex)


@pytest.mark.parametrize(
    ("time_cost", "days"),
    [
        ("04.12:00:00", 5),
        ("2.00:00:00", 2),
        ("00.00:00:01", 1),
        ("48:00:00", 2),
        ("4", 4),
        ("4.5", 5),
        ("0", 0),
        ("999", 999),
    ],
)
def test_a_part_of_a_day_counts_as_a_whole_one(opened: Opened, time_cost: str, days: int) -> None:
    assert found(opened(HEADER + ROW.replace("2.00:00:00", time_cost), "vtex")).terms.days_max == days


@pytest.mark.parametrize("time_cost", ["04.12:00", "soon", "-1", "1000", "2026-03-02"])
def test_a_time_cost_that_is_no_span_is_a_problem(problems: Problems, time_cost: str) -> None:
    (wrong,) = problems(HEADER + ROW.replace("2.00:00:00", time_cost), "vtex")

    assert (wrong.where, wrong.value) == ("TimeCost", time_cost)


def test_weights_may_be_in_kg(opened: Opened) -> None:
    rows = ROW.replace(",1,1000,", ",0,10,") + ROW.replace(",1,1000,10,0,0,", ",10.01,20,15,0,2.5,")
    table = opened(HEADER + rows, "vtex", weight_unit="kg")

    assert cents(found(table, weight=10_000).price) == 1000
    row = found(table, weight=10_001)
    assert (cents(row.price), row.extra_from, row.terms.extra_per_kg) == (1500, 10_010_000, 250_000_000)


def test_a_row_for_a_drawn_area_is_a_problem_until_it_is_to_be_skipped(problems: Problems, opened: Opened) -> None:
    text = HEADER + ROW + ROW.replace("01000000,19999999,", ",,Zona Sul")

    (wrong,) = problems(text, "vtex")
    assert (wrong.line, wrong.where, wrong.value) == (3, "PolygonName", "Zona Sul")
    assert 'polygons = "skip"' in wrong.fix
    summary = opened(text, "vtex", polygons="skip").summary
    assert (summary.rows, summary.left_out) == (1, 1)


@pytest.mark.parametrize("place", ["01000000,,", ",,", "01000000,19999999,Zona Sul"])
def test_a_row_with_half_a_range_none_or_both_is_a_problem(problems: Problems, place: str) -> None:
    (wrong,) = problems(HEADER + ROW.replace("01000000,19999999,", place), "vtex", polygons="skip")

    assert wrong.cause == "a row needs a first and a last postal code"


def test_a_row_of_another_country_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(HEADER + ROW.replace("BRA", "ARG"), "vtex")

    assert (wrong.where, wrong.value, wrong.cause) == ("Country", "ARG", "is not BR")


def test_a_largest_volume_of_zero_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(HEADER + ROW.replace("1000000000", "0"), "vtex")

    assert wrong.where == "MaxVolume"


def test_a_workbook_names_sheet_row_and_column_of_a_problem() -> None:
    problem = check_table(
        SAMPLES / "vtex-template-two-sheets.xlsx", "vtex", ReadOptions(country="BR", currency="BRL")
    ).problems[0]

    assert (problem.where, problem.line, problem.value) == ("Planilha1!PolygonName", 6, "Zona Sul")


def workbook(*rows: Sequence[object]) -> bytes:
    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def test_numbers_of_a_workbook_need_no_decimal_sign(opened: Opened) -> None:
    cells: list[object] = [1000000.0, 9999999, None, 0.5, 1000, 11.080000000000002, 0.66, 0, 10**9, 4.5, "BRA", 1]

    row = found(opened(workbook(HEADER.strip().split(","), cells), "vtex"))

    assert (cents(row.price), percent_of_value(row.terms), row.terms.days_max) == (1108, 660_000, 5)


def test_a_workbook_may_mix_numbers_and_text_with_a_decimal_comma(opened: Opened) -> None:
    header = HEADER.strip().split(",")
    number: list[object] = ["01000-000", "05999-999", "", 0, 1000, 12.5, 0, 0, 10**9, 4, "BRA", 0]
    text: list[object] = ["06.000-000", "06.999-999", "", "0", "1000", "R$ 11,08", "0,30%", "0", 10**9, "5", "BRA", "0"]

    table = opened(workbook(header, number, text), "vtex")

    assert cents(found(table).price) == 1250
    assert (cents(found(table, "06000001").price), percent_of_value(found(table, "06000001").terms)) == (1108, 300_000)


def test_a_truth_value_in_a_workbook_is_no_number(problems: Problems) -> None:
    cells: list[object] = ["01000000", "05999999", None, 0, True, 11.08, 0, 0, 10**9, 4, "BRA", 1]

    (wrong,) = problems(workbook(HEADER.strip().split(","), cells), "vtex")

    assert (wrong.where, wrong.line, wrong.value) == ("WeightEnd", 2, "TRUE")


def test_a_time_in_a_workbook_is_a_span(opened: Opened) -> None:
    cells: list[object] = ["01000000", "05999999", None, 0, 1000, 11.08, 0, 0, 10**9, timedelta(hours=36), "BRA", 1]

    assert found(opened(workbook(HEADER.strip().split(","), cells), "vtex")).terms.days_max == 2


def test_a_formula_text_in_the_days_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(HEADER + ROW.replace("2.00:00:00", "=N5+2"), "vtex")

    assert (wrong.where, wrong.value) == ("TimeCost", "=N5+2")
