"""Postal codes in tables: as text, as spreadsheets leave them, and as prefixes."""

from collections.abc import Callable

import pytest

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"


def served(table: RateTable, *codes: str) -> list[bool]:
    return [isinstance(table.find("", code, 500), FoundRow) for code in codes]


@pytest.mark.parametrize(
    "written",
    [
        "01310-100",
        "01.310-100",
        "01310 100",
        "01310100",
        "1310100",
        "1310-100",
        "1310100.0",
        "01310100.0",
        " 01310100 ",
    ],
)
def test_every_way_to_write_a_cep_is_the_same_cep(opened: Opened, written: str) -> None:
    table = opened(f"{HEADER}{written},{written},0,1000,12.90,3\n")

    assert served(table, "01310099", "01310100", "01310101") == [False, True, False]


@pytest.mark.parametrize("written", ["131010", "013101000", "0131010a", "13101.00", "1,310,100", "٠١٣١٠١٠٠"])
def test_what_is_no_cep_is_a_problem(problems: Problems, written: str) -> None:
    (wrong,) = problems(f'{HEADER}"{written}",99999999,0,1000,12.90,3\n')

    assert (wrong.where, wrong.cause) == ("postal_from", "is no postal code of BR")


@pytest.mark.parametrize(
    ("country", "ends", "cause", "fix"),
    [
        (
            "BR",
            "5300000,53999999",
            "the first code has 7 digits and the other 8",
            "write 05300000 if its leading zero was lost, 53000000 if its last digit was",
        ),
        (
            "BR",
            "53000000,5399999",
            "the last code has 7 digits and the other 8",
            "write 05399999 if its leading zero was lost, 53999999 if its last digit was",
        ),
        (
            "ES",
            "8001,28042",
            "the first code has 4 digits and the other 5",
            "write 08001 if its leading zero was lost, 80010 if its last digit was",
        ),
    ],
)
def test_a_range_of_which_one_end_is_a_digit_short_is_a_problem_with_both_readings(
    problems: Problems, country: str, ends: str, cause: str, fix: str
) -> None:
    (wrong,) = problems(f"{HEADER}{ends},0,1000,12.90,3\n", country=country)

    assert (wrong.line, wrong.where, wrong.value) == (2, "postal range", ends.replace(",", "-"))
    assert (wrong.cause, wrong.fix) == (cause, fix)


def test_british_districts_compare_as_numbers(opened: Opened) -> None:
    table = opened(HEADER + "PH2,PH16,0,1000,12.90,3\nSW1A,SW1A,0,1000,12.90,3\nM1,M1,0,1000,12.90,3\n", country="GB")

    assert served(table, "PH21AA", "PH91AA", "PH161AA") == [True, True, True]
    assert served(table, "PH11AA", "PH171AA", "PH201AA", "PO21AA") == [False, False, False, False]
    assert served(table, "SW1A1AA", "SW1E6QW", "SW111AA", "M11AE") == [True, False, False, True]
    assert served(table, "ME11AA", "GIR0AA", "1234567890") == [False, False, False]


def test_ends_of_unequal_length_are_a_problem_where_nobody_knows_their_order(problems: Problems) -> None:
    (wrong,) = problems(HEADER + "PH2,PH16,0,1000,12.90,3\n", country="IE")

    assert (wrong.line, wrong.where, wrong.value) == (2, "postal range", "PH2-PH16")
    assert wrong.fix == "write both ends with as many characters, or a row for each prefix"


def test_both_ends_of_a_range_belong_to_it(opened: Opened) -> None:
    table = opened(HEADER + "01000000,01999999,0,1000,12.90,3\n")

    assert served(table, "00999999", "01000000", "01999999", "02000000") == [False, True, True, False]


def test_a_spanish_code_gets_its_zero_back(opened: Opened) -> None:
    table = opened(HEADER + "8001,8042,0,1000,12.90,3\n", country="ES", currency="EUR")

    assert served(table, "08001", "08042", "08043") == [True, True, False]


def test_elsewhere_a_prefix_stands_for_all_codes_that_begin_with_it(opened: Opened) -> None:
    portugal = opened(HEADER + "1000,1999,0,1000,12.90,3\n", country="PT", currency="EUR")
    britain = opened(HEADER + "SW1,SW2,0,1000,12.90,3\n", country="GB", currency="GBP")

    assert served(portugal, "1000001", "1100148", "1999999", "2000001") == [True, True, True, False]
    assert served(britain, "SW1A1AA", "SW2Z", "SW3", "SW") == [True, True, False, False]


def test_overlapping_ranges_of_one_service_are_a_problem_naming_both_lines(problems: Problems) -> None:
    (wrong,) = problems(HEADER + "01000000,05999999,0,1000,12.90,3\n" + "05999999,06999999,0,1000,9.90,3\n")

    assert (wrong.line, wrong.where, wrong.value) == (3, "postal range", "05999999-06999999")
    assert wrong.cause == "overlaps the postal range 01000000-05999999 of line 2"


def test_a_wide_range_overlaps_every_range_inside_it(problems: Problems) -> None:
    rows = ("01000000,09999999", "02000000,02999999", "04000000,04999999")

    wrong = problems(HEADER + "".join(f"{row},0,1000,12.90,3\n" for row in rows))

    assert [(problem.line, problem.cause[-6:]) for problem in wrong] == [(3, "line 2"), (4, "line 2")]


def test_ranges_of_different_services_may_overlap(opened: Opened) -> None:
    header = "service," + HEADER
    table = opened(header + "a,01000000,05999999,0,1000,12.90,3\n" + "b,05000000,06999999,0,1000,9.90,3\n")

    assert [isinstance(table.find(service, "06000000", 1), FoundRow) for service in "ab"] == [False, True]
    assert table.find("c", "06000000", 1) is NoRow.SERVICE
