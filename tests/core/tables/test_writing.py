"""Tables written in a format: what its reader makes of the files, and what the format cannot say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from written_tables import table_of

from portes.errors import Problems, SettingsError
from portes.tables import (
    NO_LIMIT,
    ON_REQUEST,
    REFUSED,
    Fee,
    FoundRow,
    RateTable,
    Row,
    Terms,
    WriteOptions,
    WrittenFile,
    write_table,
)

BRAZIL = WriteOptions("BR", "BRL")
CENT = 10**6
KG = 10**6
DAYS = Terms(3, 3)
FORMATS = ("plain", "vtex")


def row(first: str, last: str, low: int, high: int, cents: int, terms: Terms = DAYS, **more: Any) -> Row:
    """One row of weight, its borders in kg; excess counts from its upper border unless that is given."""
    upper = high * KG if high else NO_LIMIT
    given = {"extra_from": upper, **more}
    price = cents * CENT if cents >= 0 else cents
    return Row(1, given.pop("service", ""), first, last, low * KG, upper, price, terms=terms, **given)


SOUTH = [row("80000000", "89999999", 0, 1, 1290), row("80000000", "89999999", 1, 30, 3550)]


def written(rows: Sequence[Row], name: str, **options: Any) -> tuple[tuple[WrittenFile, ...], tuple[str, ...]]:
    problems = Problems()
    files = write_table(rows, name, replace(BRAZIL, **options), problems)
    return files, problems.notes


def read_back(files: Sequence[WrittenFile], name: str, **options: Any) -> RateTable:
    (file,) = files
    return table_of(file.content, name, **{"defaults": {}, "hole": "fail", **options})


def cents(table: RateTable, code: str, grams: int, service: str = "") -> object:
    found = table.find(service, code, grams)
    return found.price // CENT if isinstance(found, FoundRow) else found


def causes(rows: Sequence[Row], name: str, **options: Any) -> str:
    with pytest.raises(SettingsError) as error:
        write_table(rows, name, replace(BRAZIL, **options))
    return str(error.value)


@pytest.mark.parametrize("unit", ["g", "kg"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_as_the_same_prices(name: str, unit: str) -> None:
    files, _ = written(SOUTH, name, weight_unit=unit)
    table = read_back(files, name, weight_unit=unit)

    assert [cents(table, "81000000", grams) for grams in (1, 1000, 1001, 30_000)] == [1290, 1290, 3550, 3550]
    assert table.summary.rows == 2


@pytest.mark.parametrize("name", FORMATS)
def test_a_service_a_percentage_its_least_and_a_volume_come_back(name: str) -> None:
    terms = Terms(3, 3, max_volume=120_000_000, fees=(Fee("ad_valorem", percent=300_000, least=155 * CENT),))
    files, _ = written([row("80000000", "89999999", 0, 30, 1290, terms)], name)
    found = read_back(files, name).find("", "81000000", 500)

    assert isinstance(found, FoundRow)
    assert found.terms == terms


@pytest.mark.parametrize("border", [0, 1 * KG, 5 * KG, 30 * KG, 50 * KG])
@pytest.mark.parametrize("name", FORMATS)
def test_excess_weight_counts_from_where_it_did(name: str, border: int) -> None:
    terms = Terms(3, 3, extra_per_kg=87 * CENT)
    low, high = (0, 1) if border == 0 else (1, 30)
    rows = [row("80000000", "89999999", low, high, 1290, terms, extra_from=border)]
    files, _ = written(rows, name)
    table = read_back(files, name)

    for grams in (low * 1000 + 1, 4999, 5000, 5001, 29_999, 30_000, 30_001, 60_000):
        found = table.find("", "81000000", grams)
        if grams > high * 1000 and border < high * KG:
            assert not isinstance(found, FoundRow)
        elif grams > low * 1000:
            assert isinstance(found, FoundRow), grams
            over = max(0, grams * 1000 - found.extra_from) * found.terms.extra_per_kg
            assert over == max(0, grams * 1000 - border) * 87 * CENT, grams


def test_a_price_finer_than_a_cent_is_a_problem_of_vtex_until_it_may_be_rounded_up() -> None:
    rows = [row("80000000", "89999999", 0, 30, 0)._replace(price=6610_240_000)]
    up, notes = written(rows, "vtex", rounding="up")
    exact, _ = written(rows, "plain")

    assert "66.1024" in causes(rows, "vtex")
    assert cents(read_back(up, "vtex"), "81000000", 500) == 6611
    assert any("rounded up" in note for note in notes)
    assert read_back(exact, "plain").find("", "81000000", 500) == FoundRow(6610_240_000, 30 * KG, DAYS)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(3, 3, fees=(Fee("toll", amount=646 * CENT, per="started_100_kg"),)), "the fee toll"),
        (Terms(3, 3, fees=(Fee("ad_valorem", amount=100 * CENT, percent=1),)), "an amount of ad_valorem"),
        (Terms(3, 3, tax=12 * 10**6), "a tax of the row"),
        (Terms(3, 3, extra_per_kg=CENT, extra_step=KG), "each started kg"),
    ],
)
@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_has_no_column_for_is_a_problem_and_never_dropped(name: str, terms: Terms, words: str) -> None:
    assert words in causes([row("80000000", "89999999", 0, 30, 1290, terms)], name)


def test_a_minimum_and_an_origin_are_said_in_plain_and_are_problems_of_vtex() -> None:
    least = row("80000000", "89999999", 0, 30, 1290, Terms(3, 3, minimum=5000 * CENT))
    origin = row("80000000", "89999999", 0, 30, 1290, origin_from="01000000", origin_to="09999999")
    plain = read_back(written([origin], "plain")[0], "plain")

    assert "a minimum of the whole row" in causes([least], "vtex")
    assert "prices from 01000000-09999999 alone" in causes([origin], "vtex")
    assert isinstance(plain.find("", "81000000", 500, "05000000"), FoundRow)
    assert not isinstance(plain.find("", "81000000", 500, "15000000"), FoundRow)


def test_each_service_has_a_file_of_its_own_where_the_format_names_none() -> None:
    rows = [row("80000000", "89999999", 0, 30, price, service=name) for name, price in (("PAC", 1290), ("Só já", 3550))]
    files, _ = written(rows, "vtex", stem="store")
    (plain,), _ = written(rows, "plain")

    assert [file.name for file in files] == ["store-pac.xls", "store-so-ja.xls"]
    assert [cents(read_back([file], "vtex"), "81000000", 500) for file in files] == [1290, 3550]
    assert cents(read_back([plain], "plain"), "81000000", 500, "Só já") == 3550


def test_rows_without_a_price_are_left_out_of_a_portal_s_table_and_told() -> None:
    rows = [
        *SOUTH,
        row("90000000", "91999999", 0, 30, REFUSED),
        row("92000000", "93999999", 0, 30, ON_REQUEST),
    ]
    files, notes = written(rows, "vtex")

    assert files[0].rows == 2
    assert any("1 rows that the carrier does not serve are left out" in note for note in notes)
    assert any("1 rows whose price is on request are left out" in note for note in notes)


MAPPING = b"""weight_unit = "kg"
[columns]
"De" = "postal_from"
"Ate" = "postal_to"
"Fim" = "weight_to"
"Inicio" = "weight_from"
"Preco" = "price"
"Excedente" = "excess_weight"
"Dias" = "days_max"
"""


def test_a_row_that_is_left_out_leaves_a_hole_which_no_neighbour_fills() -> None:
    terms = Terms(3, 3, extra_per_kg=87 * CENT)
    brackets = [(0, 1, ON_REQUEST), (1, 5, 1290), (5, 30, ON_REQUEST)]
    rows = [row("80000000", "89999999", low, high, price, terms) for low, high, price in brackets]
    files, notes = written(rows, "mapping", beside={"mapping": MAPPING})
    table = read_back(files, "mapping", beside={"mapping": MAPPING})

    priced = [isinstance(table.find("", "81000000", grams), FoundRow) for grams in (1000, 1001, 5000, 5001, 40_000)]
    assert priced == [False, True, True, False, False]
    assert any("2 rows whose price is on request are left out" in note for note in notes)


def test_files_of_services_with_like_names_have_names_of_their_own() -> None:
    rows = [row("80000000", "89999999", 0, 30, 1290, service=name) for name in ("Só já", "so-ja")]
    files, _ = written(rows, "vtex")

    assert [file.name for file in files] == ["table-so-ja.xls", "table-so-ja-2.xls"]


def test_plain_keeps_rows_on_request_and_rows_that_are_not_served() -> None:
    rows = [*SOUTH, row("90000000", "91999999", 0, 30, REFUSED), row("92000000", "93999999", 0, 30, ON_REQUEST)]
    files, notes = written(rows, "plain")
    table = read_back(files, "plain", zero_price="refuse")

    assert (table.summary.refused, table.summary.on_request) == (1, 1)
    assert any('zero_price = "refuse"' in note for note in notes)
    assert "price 0 for both" in causes([*rows, row("94000000", "94999999", 0, 30, 0)], "plain")


@pytest.mark.parametrize("name", FORMATS)
def test_rows_out_of_order_or_overlapping_are_a_problem(name: str) -> None:
    north, lower = row("60000000", "69999999", 0, 30, 1290), row("80000000", "89999999", 0, 5, 990)

    assert "overlaps a postal range before it, or comes after a later one" in causes([*SOUTH, north], name)
    assert "brackets overlap" in causes([*SOUTH, lower], name)


def test_a_hole_that_the_reader_would_close_is_a_problem() -> None:
    rows = [SOUTH[0], SOUTH[1]._replace(weight_from=1_008_000)]
    grams, _ = written(rows, "plain")

    assert not isinstance(read_back(grams, "plain").find("", "81000000", 1005), FoundRow)
    assert "has a hole of 8 below a bracket" in causes(rows, "plain", weight_unit="kg")


def test_a_format_that_is_only_read_is_a_problem_that_names_those_that_are_written() -> None:
    told = causes(SOUTH, "frenet")

    assert "can be read and not written" in told
    assert all(name in told for name in FORMATS)


def test_a_table_without_a_row_is_a_problem() -> None:
    assert "no row with a price" in causes([], "plain")
    assert "no row with a price" in causes([row("90000000", "91999999", 0, 30, REFUSED)], "vtex")


def test_a_decimal_comma_goes_with_semicolons() -> None:
    files, _ = written(SOUTH, "plain", decimal=",", weight_unit="kg")

    assert files[0].content.splitlines()[1] == b";80000000;89999999;;;0;1;12,90;;;;;;;3;3"
    assert cents(read_back(files, "plain"), "81000000", 500) == 1290


def test_three_decimals_are_never_written_so_that_none_is_taken_for_thousands() -> None:
    rows = [row("80000000", "89999999", 0, 30, 1290)._replace(weight_to=1_234_000)]
    files, _ = written(rows, "plain", weight_unit="kg")

    assert b",1.2340," in files[0].content


NARROW = [row(f"{at:08d}", f"{at:08d}", low, low + 1, 1290) for at in range(40_000_000, 40_000_050) for low in range(4)]


@pytest.mark.parametrize("most", [4, 5, 7, 8, 199, 200])
@pytest.mark.parametrize("name", FORMATS)
def test_files_hold_at_most_their_rows_and_no_range_is_torn_apart(name: str, most: int) -> None:
    files, _ = written(NARROW, name, most_rows=most)

    assert all(file.rows <= most and file.rows % 4 == 0 for file in files)
    assert sum(file.rows for file in files) == 200
    assert files[0].name == ("table-1" if len(files) > 1 else "table") + (".csv" if name == "plain" else ".xls")


@pytest.mark.parametrize("name", FORMATS)
def test_files_hold_at_most_their_bytes(name: str) -> None:
    whole = len(written(NARROW, name)[0][0].content)

    for most in (whole, whole - 1, whole // 2, whole // 3):
        files, _ = written(NARROW, name, most_bytes=most)
        assert all(len(file.content) <= most for file in files)
        assert sum(file.rows for file in files) == 200
        assert (len(files) == 1) == (most == whole)


@pytest.mark.parametrize("name", FORMATS)
def test_a_range_that_fits_no_file_is_a_problem(name: str) -> None:
    assert "its 4 brackets fit no file" in causes(NARROW, name, most_rows=3)


@pytest.mark.exhaustive
def test_a_workbook_of_vtex_has_several_sheets_and_stays_below_ten_megabytes() -> None:
    rows = [row(f"{at:08d}", f"{at:08d}", 0, 30, 1000 + at % 777) for at in range(40_000_000, 40_150_000)]
    own, _ = written(rows, "vtex")
    (large,), _ = written(rows, "vtex", most_bytes=10**9)
    table = read_back([large], "vtex")

    assert len(own) > 1
    assert all(9_900_000 < len(file.content) <= 10_000_000 for file in own[:-1])
    assert table.summary.rows == 150_000
    assert all(cents(table, f"{at:08d}", 900) == 1000 + at % 777 for at in range(40_000_000, 40_150_000, 997))
