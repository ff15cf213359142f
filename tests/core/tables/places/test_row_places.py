"""Rows of the plain format that name a place instead of postal codes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable, ReadOptions, check_table

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = "state,region,town,weight_from_g,weight_to_g,price,days_max\n"
ROWS = (
    HEADER
    + "SP,Capital,,0,30000,10.00,1\nSP,INT,,0,30000,20.00,3\nSC,,Blumenau,0,30000,30.00,4\nAC,,,0,30000,90.00,9\n"
)
ZONES = "zone,weight_from_g,weight_to_g,price,days_max\nSP-INT2,0,30000,25.00,4\n"
LIST = b"zone,state,region,town,postal_from,postal_to\nSP-INT2,SP,,Campinas,,\nSP-INT2,SP,,,13200000,13219999\n"


def price(table: RateTable, code: str) -> int | NoRow:
    row = table.find("", code, 500)
    return row.price // 10**6 if isinstance(row, FoundRow) else row


@pytest.mark.parametrize(
    ("code", "cents"),
    [
        ("01310100", 1000),
        ("08499999", 1000),
        ("08500000", 2000),
        ("13010000", 2000),
        ("19999999", 2000),
        ("89010000", 3000),
        ("69900000", 9000),
        ("69999999", 9000),
    ],
)
def test_one_row_stands_for_all_ranges_of_its_place(opened: Opened, code: str, cents: int) -> None:
    assert price(opened(ROWS), code) == cents


def test_places_that_no_row_names_have_no_price(opened: Opened) -> None:
    assert [price(opened(ROWS), code) for code in ("88010000", "20040020")] == [NoRow.RANGE, NoRow.RANGE]


def test_a_spanish_row_names_a_province_or_an_island(opened: Opened) -> None:
    text = HEADER + "Madrid,,,0,30000,5.00,1\nBaleares,,Menorca,0,30000,9.00,3\n"
    table = opened(text, country="ES", currency="EUR")

    assert [price(table, code) for code in ("28013", "07701", "07001")] == [500, 900, NoRow.RANGE]


def test_a_zone_is_priced_by_the_list_of_places_beside_the_table(opened: Opened) -> None:
    table = opened(ZONES, beside={"places": LIST})

    assert [price(table, code) for code in ("13010000", "13219999", "13220000")] == [2500, 2500, NoRow.RANGE]


def test_a_numbered_interior_is_priced_by_the_list_of_places(opened: Opened) -> None:
    text = HEADER + "SC,Interior 2,,0,30000,7.00,5\n"
    places = b"state,region,town\nSC,INTERIOR 2,Chapec\xc3\xb3\n"

    assert price(opened(text, beside={"places": places}), "89801000") == 700


def test_a_town_has_the_codes_that_the_list_gives_it(opened: Opened) -> None:
    text = HEADER + "SC,,Blumenau,0,30000,7.00,5\nSC,,Lages,0,30000,8.00,5\n"
    places = b"state,town,postal_from,postal_to\nSC,Blumenau,89010000,89019999\n"
    table = opened(text, beside={"places": places})

    assert [price(table, code) for code in ("89010500", "89030000", "88501000")] == [700, NoRow.RANGE, 800]


def test_rows_with_codes_and_rows_with_names_may_stand_in_one_table(opened: Opened) -> None:
    text = "postal_from,postal_to," + HEADER
    text += "20000000,23799999,,,,0,30000,4.00,1\n,,SP,Capital,,0,30000,5.00,1\n"

    assert [price(opened(text), code) for code in ("20040020", "01310100")] == [400, 500]


def test_names_beside_codes_are_a_note_and_the_codes_count(write: Callable[..., Path]) -> None:
    text = "postal_from,postal_to," + HEADER + "20000000,23799999,SP,Capital,,0,30000,4.00,1\n"
    report = check_table(write(text), "plain", ReadOptions(country="BR", currency="BRL"))

    assert report.problems == ()
    assert report.summary is not None
    assert report.summary.notes == ("zone, state, region and town say nothing where a row has postal codes",)


@pytest.mark.parametrize(
    ("row", "where", "value", "cause", "fix"),
    [
        ("XX,,,", "state", "XX", "is no state of BR", "write its code, such as TO"),
        ("Sao Paolo,,,", "state", "Sao Paolo", "is no state of BR", "did you mean São Paulo?"),
        (
            "SC,,Blumenal,",
            "town",
            "Blumenal",
            "is no town of SC that we have a list of",
            (
                "did you mean Blumenau? If not, write the postal codes of a district, which no list of ours has, "
                "or give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"
            ),
        ),
        (
            "SC,Interior 1,,",
            "region",
            "Interior 1",
            "is a part of the state that each carrier draws otherwise",
            "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)",
        ),
        (
            "DF,Interior,,",
            "region",
            "Interior",
            "has no interior: all of it is its capital",
            "write Capital, or the state alone",
        ),
        (
            "SC,Capital,Blumenau,",
            "town",
            "Blumenau",
            "is a town beside a part of the state",
            "keep the town or the part",
        ),
        (",,Blumenau,", "town", "Blumenau", "stands without its state", "write the state beside it"),
        (
            ",,,SC-1",
            "zone",
            "SC-1",
            "is a zone, and the table has no list of places",
            "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)",
        ),
        (",,,", "postal_from", "", "is blank", "fill it in, or take the row out"),
    ],
)
def test_a_row_that_names_no_known_place_is_a_problem_at_its_cell(
    problems: Problems, row: str, where: str, value: str, cause: str, fix: str
) -> None:
    header = HEADER.replace("town,", "town,zone,")
    (wrong,) = problems(header + row + ",0,30000,1.00,1\n")

    assert (wrong.line, wrong.where, wrong.value, wrong.cause, wrong.fix) == (2, where, value, cause, fix)


def test_what_is_wrong_with_the_list_of_places_is_told_as_the_lists(problems: Problems) -> None:
    broken = LIST + b"SP-INT2,SP,,Campina,,\n"
    (wrong,) = problems(ZONES, beside={"places": broken})

    assert (wrong.file, wrong.line, wrong.where, wrong.value) == ("places", 4, "town", "Campina")


def test_a_table_without_columns_for_places_needs_its_postal_codes(problems: Problems) -> None:
    wrong = problems("postal_to,weight_from_g,weight_to_g,price,days_max\n05999999,0,1000,1.00,1\n")

    assert [(each.where, each.cause) for each in wrong] == [("header", "column postal_from is missing")]


def test_places_that_overlap_follow_the_rule_of_all_ranges(problems: Problems) -> None:
    wrong = problems(HEADER + "SC,,,0,30000,5.00,1\nSC,,Blumenau,0,30000,7.00,1\n")

    assert wrong != ()


def test_what_is_not_used_of_the_list_beside_a_table_is_told(opened: Opened) -> None:
    table = opened(ZONES, beside={"places": b"Sigla;UF;Cidade;Prazo\nSP-INT2;SP;Campinas;9\n"})

    assert "places: column Prazo is not used" in table.summary.notes
