"""What is declared for all rows because the file does not say it: days, a service, a unit's weight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from found_rows import cents

from portes.errors import Problem
from portes.tables import FoundRow, RateTable, ReadOptions, check_table, open_table

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

WITHOUT_DAYS = "postal_from,postal_to,weight_from_g,weight_to_g,price\n01000000,05999999,0,1000,12.90\n"
VTEX = "ZipCodeStart,ZipCodeEnd,WeightStart,WeightEnd,AbsoluteMoneyCost\n01000000,05999999,0,1000,12.90\n"


def found(table: RateTable, service: str = "", weight: int = 500) -> FoundRow:
    row = table.find(service, "01310100", weight)
    assert isinstance(row, FoundRow)
    return row


def test_days_that_a_file_lacks_may_be_declared_for_all_rows(opened: Opened) -> None:
    terms = found(opened(WITHOUT_DAYS, defaults={"days_max": "3 a 5 dias"})).terms

    assert (terms.days_min, terms.days_max) == (3, 5)


def test_a_file_without_days_is_told_how_to_declare_them(problems: Problems) -> None:
    (missing,) = problems(WITHOUT_DAYS)

    assert missing.cause == "column days_max is missing"
    assert missing.fix == (
        'add it, or declare the days of all rows: defaults = { days_max = "5" } (--default days_max=5)'
    )


def test_a_default_counts_in_a_format_of_somebody_else_by_that_formats_name_of_the_column(opened: Opened) -> None:
    assert found(opened(VTEX, "vtex", defaults={"TimeCost": "2.12:00:00"})).terms.days_max == 3


def test_a_default_may_be_named_as_a_header_may_name_its_column(opened: Opened) -> None:
    table = opened(WITHOUT_DAYS, defaults={"Prazo de entrega": "4", "Serviço": "normal"})

    assert found(table, "normal").terms.days_max == 4


def test_what_a_row_says_itself_counts_before_a_default(opened: Opened) -> None:
    text = WITHOUT_DAYS.replace("price\n", "price,days_max\n").replace("12.90\n", "12.90,2\n")
    blank = "06000000,09999999,0,1000,12.90,\n"

    table = opened(text + blank, defaults={"days_max": "7"})

    assert found(table).terms.days_max == 2
    other = table.find("", "06000000", 500)
    assert isinstance(other, FoundRow)
    assert other.terms.days_max == 7


def test_the_unit_that_a_default_names_is_the_one_it_is_read_in(opened: Opened) -> None:
    text = "postal_from,postal_to,weight_from_g,price,days_max\n01000000,05999999,0,12.90,3\n"

    table = opened(text, defaults={"weight_to_kg": "1,5"})

    assert cents(found(table, weight=1500).price) == 1290
    assert not isinstance(table.find("", "01310100", 1501), FoundRow)


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("day_max", "5", "is no column of this format"),
        ("days_max", "soon", "is not a number"),
        ("days_max", " ", "is blank"),
        ("weight_to", "5", "does not say its unit"),
        ("weight_to_lb", "5", "is in lb"),
    ],
)
def test_a_default_that_cannot_be_meant_is_a_problem_that_names_it(
    problems: Problems, name: str, value: str, cause: str
) -> None:
    text = WITHOUT_DAYS.replace(",price\n", ",price,days_min\n").replace("12.90\n", "12.90,1\n")

    wrong = problems(text, defaults={name: value})[0]

    assert (wrong.where, wrong.value) == (f"defaults.{name}", value.strip() or wrong.value)
    assert cause in wrong.cause


def test_one_column_has_one_default(problems: Problems) -> None:
    causes = [problem.cause for problem in problems(WITHOUT_DAYS, defaults={"days_max": "5", "prazo": "6"})]

    assert causes == ["days_max is declared more than once"]


def test_a_list_of_places_needs_no_column_of_the_tariffs_defaults(opened: Opened) -> None:
    text = "zone,weight_from_g,weight_to_g,price\nA,0,1000,12.90\n"
    places = b"zone,postal_from,postal_to\nA,01000000,05999999\n"

    assert found(opened(text, beside={"places": places}, defaults={"days_max": "4"})).terms.days_max == 4


def test_other_defaults_are_another_table_to_the_state_folder(write: Callable[..., Path]) -> None:
    path = write(WITHOUT_DAYS)
    one, other = (ReadOptions("BR", "BRL", defaults={"days_max": days}) for days in "56")

    assert open_table(path, "plain", one).fingerprint != open_table(path, "plain", other).fingerprint
    assert check_table(path, "plain", one).fingerprint == open_table(path, "plain", one).fingerprint
