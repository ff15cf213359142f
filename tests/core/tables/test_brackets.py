"""Weight brackets: printed gaps are closed, real ones are told."""

from collections.abc import Callable

import pytest
from found_rows import cents

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
VTEX = "ZipCodeStart,ZipCodeEnd,WeightStart,WeightEnd,AbsoluteMoneyCost,TimeCost\n"


def table_of(*brackets: tuple[str, str], header: str = HEADER) -> str:
    rows = (f"01000000,05999999,{low},{high},{price}0.00,3\n" for price, (low, high) in enumerate(brackets, start=1))
    return header + "".join(rows)


def prices(table: RateTable, *weights: int) -> list[int | NoRow]:
    rows = [table.find("", "01512651", weight) for weight in weights]
    return [cents(row.price) if isinstance(row, FoundRow) else row for row in rows]


@pytest.mark.parametrize("second", ["999", "1000", "1001", "1000.01"])
def test_a_border_belongs_to_the_bracket_below_however_it_is_printed(opened: Opened, second: str) -> None:
    table = opened(table_of(("0", "1000"), (second, "5000")))

    assert prices(table, 0, 1, 1000, 1001, 5000, 5001) == [1000, 1000, 1000, 2000, 2000, NoRow.ABOVE]


@pytest.mark.parametrize("second", ["10", "10.01", "10.001"])
def test_brackets_in_kg_close_their_printed_gap(opened: Opened, second: str) -> None:
    table = opened(table_of(("0", "10"), (second, "20"), header=VTEX), "vtex", weight_unit="kg")

    assert prices(table, 10_000, 10_001, 10_005, 10_010) == [1000, 2000, 2000, 2000]


def test_rows_may_come_in_any_order(opened: Opened) -> None:
    table = opened(table_of(("5000", "9000"), ("0", "1000"), ("1000", "5000")))

    assert prices(table, 1000, 5000, 9000) == [2000, 3000, 1000]


def test_a_real_hole_is_a_problem_naming_both_lines(problems: Problems) -> None:
    (wrong,) = problems(table_of(("0", "1000"), ("1002", "5000")))

    assert (wrong.line, wrong.where, wrong.value) == (3, "weight bracket", "1002-5000 g")
    assert wrong.cause == "leaves 2 g without a price above the bracket of line 2"


def test_a_fault_between_lower_brackets_names_just_those(problems: Problems) -> None:
    for second, cause in (("1100", "leaves 100 g"), ("900", "overlaps"), ("0", "overlaps")):
        (wrong,) = problems(table_of(("0", "1000"), (second, "5000"), ("5000", "9000"), ("9000", "9999")))

        assert (wrong.line, wrong.cause.startswith(cause), wrong.cause[-6:]) == (3, True, "line 2")


KILOS = "CEP Inicial;CEP Final;Peso inicial (kg);Peso final (kg);Valor;Prazo\n"


@pytest.mark.parametrize("name", ["PESO FINAL (KG)", "weight_to_kg"])
def test_a_header_in_kg_closes_the_printed_gap_of_kg_though_nobody_declares_it(opened: Opened, name: str) -> None:
    rows = "01000000;05999999;0;10;10,00;3\n01000000;05999999;10,01;20;20,00;3\n"
    table = opened(KILOS.replace("Peso final (kg)", name) + rows)

    assert table.summary.weight_unit == "kg"
    assert prices(table, 10_000, 10_001, 10_005, 10_010) == [1000, 2000, 2000, 2000]


def test_a_header_in_g_keeps_a_gap_of_ten_grams(problems: Problems) -> None:
    rows = "01000000;05999999;0;10;10,00;3\n01000000;05999999;20;30;20,00;3\n"
    (wrong,) = problems(KILOS.replace("(kg)", "(g)") + rows)

    assert wrong.cause == "leaves 10 g without a price above the bracket of line 2"


@pytest.mark.parametrize(("second", "gap"), [("10.1", 100), ("10.011", 11)])
def test_more_than_a_hundredth_of_a_kg_is_a_real_hole(problems: Problems, second: str, gap: int) -> None:
    (wrong,) = problems(table_of(("0", "10"), (second, "20"), header=VTEX), "vtex", weight_unit="kg")

    assert wrong.cause == f"leaves {gap} g without a price above the bracket of line 2"


@pytest.mark.parametrize("second", [("500", "5000"), ("0", "5000"), ("999", "1000"), ("0", "1000")])
def test_two_prices_for_one_weight_are_a_problem(problems: Problems, second: tuple[str, str]) -> None:
    wrong = problems(table_of(("0", "1000"), second))

    assert [problem.line for problem in wrong] == [3]
    assert "of line 2" in wrong[0].cause


def test_a_repeated_row_is_told_as_such(problems: Problems) -> None:
    (wrong,) = problems(table_of(("0", "1000"), ("0", "1000"), ("1000", "2000")))

    assert (wrong.line, wrong.cause) == (3, "repeats the postal range and bracket of line 2")


def test_a_row_that_cannot_be_read_makes_no_second_problem_of_a_hole(problems: Problems) -> None:
    text = table_of(("0", "1000"), ("1000", "5000"), ("5000", "9000")).replace(",20.00,", ",twenty,")

    assert [(problem.line, problem.where) for problem in problems(text)] == [(3, "price")]


def test_prices_need_not_rise_with_the_weight(opened: Opened) -> None:
    table = opened(HEADER + "01000000,05999999,0,1000,215.72,3\n" + "01000000,05999999,1000,2000,163.96,3\n")

    assert prices(table, 1000, 1001) == [21_572, 16_396]
