"""Our own format: what its columns mean, and what is told of a file that breaks its rules."""

from collections.abc import Callable

import pytest
from found_rows import cents

from portes.errors import Problem, shown
from portes.tables import Fee, FoundRow, NoRow, RateTable

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
SMALL = HEADER + "economy,01000000,05999999,0,1000,12.90,3\n"
EVERY_COLUMN = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,extra_from_g,days_min,days_max,"
    "price_per_extra_kg,percent_of_value,percent_minimum,minimum,max_volume_cm3\n"
    "economy,01000000,05999999,0,1000,12.90,500,2,3,0.865,0.316,1.55,15.00,60000\n"
)


def found(table: RateTable, postal_code: str = "01512651", weight: int = 500, service: str = "economy") -> FoundRow:
    row = table.find(service, postal_code, weight)
    assert isinstance(row, FoundRow)
    return row


def test_a_row_prices_its_range_and_bracket(opened: Opened) -> None:
    row = found(opened(SMALL))

    assert (cents(row.price), row.terms.days_min, row.terms.days_max) == (1290, 3, 3)


def test_every_column_is_kept_exactly(opened: Opened) -> None:
    row = found(opened(EVERY_COLUMN))

    assert (cents(row.price), row.extra_from) == (1290, 500_000)
    assert row.terms._asdict() == {
        "days_min": 2,
        "days_max": 3,
        "extra_per_kg": 86_500_000,
        "extra_step": 0,
        "minimum": 1_500_000_000,
        "max_volume": 60_000_000,
        "fees": (Fee("ad_valorem", percent=316_000, least=155_000_000),),
        "tax": -1,
    }


def test_columns_may_stand_in_any_order_and_case(opened: Opened) -> None:
    shuffled = "Price;DAYS_MAX;Weight to g;weight_from_g;postal_to;postal_from\n9,90;4;1000;0;05999999;01000000\n"

    assert cents(found(opened(shuffled), service="").price) == 990


def test_lines_that_begin_with_a_hash_are_comments(opened: Opened) -> None:
    assert cents(found(opened('# our "example", says who\n' + SMALL + "# the end\n")).price) == 1290


def test_blank_lines_and_blank_cells_at_the_end_say_nothing(opened: Opened) -> None:
    text = SMALL.replace("\n", ",,\n") + "\n,,,,,,,,\n"

    assert opened(text).summary.rows == 1


def test_a_bracket_without_upper_border_takes_everything_above(opened: Opened) -> None:
    assert cents(found(opened(SMALL + "economy,01000000,05999999,1000,,30.00,3\n"), weight=10**9).price) == 3000


def test_the_highest_bracket_goes_on_when_it_has_a_price_per_extra_kg(opened: Opened) -> None:
    header = HEADER.replace("days_max", "days_max,price_per_extra_kg")
    table = opened(header + "economy,01000000,05999999,0,1000,12.90,3,2.10\n")

    assert found(table, weight=50_000).extra_from == 1_000_000


def test_a_price_per_kg_that_counts_from_elsewhere_ends_with_its_bracket(opened: Opened) -> None:
    assert opened(EVERY_COLUMN).find("economy", "01512651", 1001) is NoRow.ABOVE


def test_a_price_per_kg_on_everything_needs_no_base_price(opened: Opened) -> None:
    header = HEADER.replace("days_max", "days_max,price_per_extra_kg,extra_from_g")
    table = opened(header + "economy,01000000,05999999,0,,0,3,1.20,0\n")

    assert (cents(found(table, weight=7000).price), found(table, weight=7000).extra_from) == (0, 0)


def test_days_min_is_days_max_when_it_is_left_out(opened: Opened) -> None:
    assert found(opened(SMALL)).terms.days_min == 3


def test_a_misspelt_column_is_refused_with_the_nearest_name(problems: Problems) -> None:
    (wrong,) = problems(SMALL.replace("days_max", "days_max,prize_per_extra_kg").replace(",3\n", ",3,1\n"))

    assert (wrong.where, wrong.value, wrong.line) == ("header", "prize_per_extra_kg", 1)
    assert wrong.fix == "did you mean price_per_extra_kg?"


def test_missing_and_doubled_columns_are_named(problems: Problems) -> None:
    texts = [str(problem) for problem in problems("service,service,postal_from,postal_to,weight_from_g,price\n")]

    assert len(texts) == 2
    assert "header: stands there more than once (got 'service')" in texts[0]
    assert "header: column days_max is missing; add it" in texts[1]


def test_every_unreadable_cell_is_told_with_line_column_value_and_fix(problems: Problems) -> None:
    wrong = problems(
        SMALL + "economy,0600,06999999,zero,1000,free,\n" + "economy,07000000,07999999,0,1000,1.234567891,soon\n"
    )

    assert [(problem.line, problem.where, problem.value) for problem in wrong] == [
        (3, "postal_from", "0600"),
        (3, "weight_from_g", "zero"),
        (3, "price", "free"),
        (3, "days_max", ""),
        (4, "price", "1.234567891"),
        (4, "days_max", "soon"),
    ]
    assert all(problem.file.endswith("table.csv") and problem.fix for problem in wrong)


def test_a_line_with_more_cells_than_the_header_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(SMALL + "economy,06000000,06999999,0,1000,12,90,3\n")

    assert (wrong.line, wrong.cause) == (3, "has 8 cells, the header 7")


def test_a_hundred_problems_are_told_and_the_rest_counted(problems: Problems) -> None:
    wrong = problems(HEADER + "economy,1,2,0,1000,12.90,3\n" * 60)

    assert len(wrong) == 101
    assert wrong[-1].cause == "20 more problems of this file are not shown"


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("economy,05999999,01000000,0,1000,12.90,3", "the postal range runs backwards"),
        ("economy,01000000,05999999,1000,1000,12.90,3", "no whole gram is in the weight bracket"),
        ("economy,01000000,05999999,2000,1000,12.90,3", "no whole gram is in the weight bracket"),
    ],
)
def test_a_row_that_runs_backwards_is_a_problem(problems: Problems, row: str, cause: str) -> None:
    (wrong,) = problems(f"{HEADER}{row}\n")

    assert (wrong.line, wrong.cause) == (2, cause)


def test_a_bracket_of_less_than_a_gram_is_asked_about_its_unit(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}economy,01000000,05999999,0,0.5,12.90,3\n")

    assert wrong.fix.startswith(
        'are these kg? If so, write the weights in g, or declare weight_unit = "kg" (--weight-unit'
    )


def test_days_that_run_backwards_are_a_problem(problems: Problems) -> None:
    (wrong,) = problems(EVERY_COLUMN.replace("500,2,3", "500,4,3"))

    assert (wrong.value, wrong.cause) == ("4-3", "the days run backwards")


def test_a_blank_price_is_a_problem_and_no_free_freight(problems: Problems) -> None:
    (wrong,) = problems(SMALL.replace("12.90", ""))

    assert (wrong.where, wrong.cause) == ("price", "is blank")


@pytest.mark.parametrize(
    "words", ["sob consulta", "SOB CONSULTA", "A consultar", "consultar", "Consúlta", "bajo consulta", "on request"]
)
def test_a_price_on_request_is_kept_as_one_that_nobody_knows(opened: Opened, words: str) -> None:
    table = opened(SMALL.replace("12.90", words))

    assert table.find("economy", "01512651", 500) is NoRow.ON_REQUEST
    assert (table.summary.on_request, table.summary.refused, table.summary.lowest_price) == (1, 0, 0)


def test_only_a_price_may_be_on_request(problems: Problems) -> None:
    (wrong,) = problems(EVERY_COLUMN.replace("15.00", "sob consulta"))

    assert (wrong.where, wrong.value) == ("minimum", "sob consulta")


def test_a_price_keeps_six_decimals_of_a_cent(opened: Opened) -> None:
    assert found(opened(SMALL.replace("12.90", "66.1024"))).price == 6_610_240_000
    assert found(opened(SMALL.replace("12.90", "0.00000001"))).price == 1


def test_a_zero_price_is_a_problem_until_the_operator_says_what_it_means(problems: Problems, opened: Opened) -> None:
    zero = SMALL.replace("12.90", "0")

    (wrong,) = problems(zero)
    assert (wrong.where, wrong.cause) == ("price", "charges nothing")
    assert cents(found(opened(zero, zero_price="free")).price) == 0
    assert opened(zero, zero_price="refuse").find("economy", "01512651", 500) is NoRow.REFUSED


def test_a_zero_price_above_which_each_kg_costs_is_still_zero_inside_the_bracket(problems: Problems) -> None:
    text = SMALL.replace("days_max", "days_max,price_per_extra_kg").replace("12.90,3", "0,3,2.10")

    assert [problem.cause for problem in problems(text)] == ["charges nothing"]


def test_a_line_that_ends_after_its_first_cell_is_not_taken_for_blank(problems: Problems) -> None:
    short = "economy,,,,,,\n" + "economy\n"

    assert [problem.line for problem in problems(SMALL + short)] == [3] * 5 + [4] * 5
    assert [problem.line for problem in problems(HEADER + short)] == [2] * 5 + [3] * 5


def test_a_service_named_in_some_rows_only_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(SMALL + ",06000000,06999999,0,1000,12.90,3\n" + ",07000000,07999999,0,1000,12.90,3\n")

    assert (wrong.line, wrong.where, wrong.cause) == (3, "service", "is blank, while other rows name their service")


def test_a_table_without_rows_is_a_problem(problems: Problems) -> None:
    assert [problem.cause for problem in problems(HEADER)] == ["there is no row to quote from"]
    assert [problem.cause for problem in problems("")] == ["there is no line with anything in it"]


@pytest.mark.parametrize("header", ["weight_from_kg,weight_to_kg", "Peso inicial (kg),Peso final (kg)"])
def test_the_header_says_whether_weights_are_in_kg(opened: Opened, header: str) -> None:
    text = SMALL.replace("weight_from_g,weight_to_g", header).replace("0,1000", "0,1.5")

    assert found(opened(text), weight=1500).price == found(opened(SMALL)).price
    assert opened(text).find("economy", "01512651", 1501) is NoRow.ABOVE


def test_a_volume_may_be_in_cubic_metres(opened: Opened) -> None:
    text = EVERY_COLUMN.replace("max_volume_cm3", "max_volume_m3").replace("60000", "0.06")

    assert found(opened(text)) == found(opened(EVERY_COLUMN))


def test_one_column_may_hold_the_span_of_days(opened: Opened) -> None:
    terms = found(opened(SMALL.replace(",3\n", ",3 a 5 dias úteis\n"))).terms

    assert (terms.days_min, terms.days_max) == (3, 5)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("price", "40000000.01"),
        ("price_per_extra_kg", "40000000.000001"),
        ("percent_of_value", "1000.000001"),
        ("percent_minimum", "40000000.01"),
        ("minimum", "40000000.01"),
        ("days_max", "1000"),
        ("service", "s" * 501),
    ],
)
def test_a_cell_beyond_its_bound_is_a_problem_with_line_and_column(problems: Problems, column: str, value: str) -> None:
    header, row = EVERY_COLUMN.splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True)) | {column: value}

    (problem,) = problems("\n".join([header, ",".join(cells.values())]))

    assert (problem.where, problem.line, problem.value) == (column, 2, shown(value))
    assert problem.fix
