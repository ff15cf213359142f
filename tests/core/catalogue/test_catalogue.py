"""The catalogue's file: what a shop knows of its SKUs."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.catalogue import Catalogue, CatalogueEntry, read_catalogue
from portes.contract import Money
from portes.errors import SettingsError

HEADER = "sku,declared_value,origins,handling_days,tags\n"


def read(folder: Path, content: str | bytes, **more: Any) -> Catalogue:
    file = folder / "catalogue.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_catalogue(file, "BRL", origins=[1, 2], **more)


def read_workbook(folder: Path, *sheets: list[tuple[object, ...]]) -> Catalogue:
    """Each sheet's rows in a sheet of their own, read as a catalogue."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    book.save(folder / "catalogue.xlsx")
    return read_catalogue(folder / "catalogue.xlsx", "BRL", origins=[1, 2])


def told(folder: Path, content: str | bytes) -> list[tuple[int, str, str, str]]:
    with pytest.raises(SettingsError) as raised:
        read(folder, content)
    return listed(raised.value)


def listed(error: SettingsError) -> list[tuple[int, str, str, str]]:
    assert all(problem.fix and Path(problem.file).stem == "catalogue" for problem in error.problems)
    return [(problem.line, problem.where, problem.value, problem.cause) for problem in error.problems]


def reais(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def test_a_line_says_value_origins_handling_days_and_tags(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "sku-1,129.90,2 1,3,fragile heavy\n")

    assert found.get("sku-1") == CatalogueEntry(reais(12_990), (2, 1), 3, ("fragile", "heavy"))


def test_an_origin_may_say_how_many_units_it_has(tmp_path: Path) -> None:
    found = read(tmp_path, "sku,origins\na,1:10 2:5\nb,2;1:0\nc,2 1\n")

    assert [(entry.origins, entry.units) for entry in found.entries] == [
        ((1, 2), (10, 5)),
        ((2, 1), (None, 0)),
        ((2, 1), ()),
    ]


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("1:", "holds 1:, which says no number of units"),
        ("1:many", "holds 1:many, which says no number of units"),
        ("1:-3", "holds 1:-3, which says no number of units"),
        ("1:2.5", "holds 1:2.5, which says no number of units"),
        ("1:1:2", "holds 1:1:2, which says no number of units"),
        ("1: 10", "holds 1:, which says no number of units"),
        (":5", "holds :5, which is no origin's number"),
        ("3:5", "holds 3, which is no origin of this store"),
        ("1:5 1:6", "names origin 1 twice"),
        ("1 2 1:6", "names origin 1 twice"),
    ],
)
def test_units_that_mean_nothing_are_problems(tmp_path: Path, written: str, cause: str) -> None:
    assert told(tmp_path, f"sku,origins\na,{written}\n") == [(2, "origins", written, cause)]


def test_units_that_a_spreadsheet_took_for_a_time_are_a_problem(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="says no number of units") as raised:
        read_workbook(tmp_path, [("sku", "origins"), ("a", time(1, 10))])

    assert "as text" in str(raised.value)


def test_what_is_left_empty_is_not_said(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "a,,,,\nb\n")

    assert found.get("a") == found.get("b") == CatalogueEntry()
    assert found.get("A") is None
    assert len(found) == 2


def test_columns_stand_in_any_order_and_may_be_missing(tmp_path: Path) -> None:
    found = read(tmp_path, "Handling_Days , SKU\n2,a\n")

    assert found.get("a") == CatalogueEntry(handling_days=2)


@pytest.mark.parametrize(
    "content",
    [
        'sku;declared_value;origins\n"á";1.234,56;"2;1"\n'.encode(),
        'sku;declared_value;origins\r\n"á";1.234,56;2 1\r\n\r\n'.encode("windows-1252"),
        b"\xef\xbb\xbf" + "sku\tdeclared_value\torigins\ná\tR$ 1.234,56\t2|1\n".encode(),
        'sku,declared_value,origins\ná,"1.234,56","2,1"\n'.encode(),
        "sku,declared_value,origins,,\ná,R$1234.56,2 1,,,,\n,,,,,,\n".encode(),
        "\ufeffsep=;\r\nsku;declared_value;origins\r\ná;1234,5599999999999;2 1\r\n".encode(),
    ],
)
def test_a_spreadsheet_s_habits_are_understood(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).get("á") == CatalogueEntry(reais(123_456), (2, 1))


def test_every_problem_is_named_at_once_with_line_column_and_value(tmp_path: Path) -> None:
    lines = ["a,much,1,0,", "b,-1,3,two,", ",1,x,-1,", "c,1,1,0,", "c,1,1,0,", "d,1,1,0,t,more", f"{'x' * 201},1"]
    lines += ["e,100000000.01,1,366,", f"f,1,1,0,{'t' * 201}", f"g,1,99999999999,0,{' '.join(map(str, range(101)))}"]

    assert told(tmp_path, HEADER + "\n".join(lines)) == [
        (2, "declared_value", "much", "is not a number"),
        (3, "declared_value", "-1", "is less than zero"),
        (3, "origins", "3", "holds 3, which is no origin of this store"),
        (3, "handling_days", "two", "is no number of days"),
        (4, "sku", "", "is blank"),
        (4, "origins", "x", "holds x, which is no origin's number"),
        (4, "handling_days", "-1", "is no number of days"),
        (6, "sku", "c", "stands in line 5 already"),
        (7, "row", "", "has 6 cells, the header 5"),
        (8, "sku", f"{'x' * 79}…", "has 201 characters"),
        (9, "declared_value", "100000000.01", "is too large to be meant"),
        (9, "handling_days", "366", "is no number of days"),
        (10, "tags", f"{'t' * 79}…", "holds too many words, or one that is too long"),
        (11, "origins", "99999999999", "holds 99999999999, which is no origin's number"),
        (11, "tags", f"{' '.join(map(str, range(101)))[:79]}…", "holds too many words, or one that is too long"),
    ]


@pytest.mark.parametrize(
    ("written", "amount"), [("129.90", 12_990), ('"129,90"', 12_990), ("R$ 20", 2000), ("1.234.567", 123_456_700)]
)
def test_an_amount_is_understood_by_itself_whatever_sign_the_line_before_has(
    written: str, amount: int, tmp_path: Path
) -> None:
    found = read(tmp_path, f'{HEADER}x,"8,49",,,\ny,8.49,,,\na,{written},,,\n')

    assert found.get("a") == CatalogueEntry(reais(amount))


@pytest.mark.parametrize("written", ["129.900", "129,900"])
@pytest.mark.parametrize(("other", "comma"), [("8,49", True), ("8.49", False)])
def test_the_other_amounts_tell_what_an_amount_of_three_decimals_means(
    written: str, other: str, tmp_path: Path, *, comma: bool
) -> None:
    found = read(tmp_path, f'{HEADER}a,"{written}",,,\nb,"{other}",,,\n')

    assert found.get("a") == CatalogueEntry(reais(12_990 if ("," in written) is comma else 12_990_000))


@pytest.mark.parametrize("written", ["129.900", "129,900"])
@pytest.mark.parametrize("others", [[], ["8,49", "8.49"]])
def test_an_amount_that_no_other_tells_the_meaning_of_is_a_problem(
    written: str, others: list[str], tmp_path: Path
) -> None:
    lines = "".join(f'{number},"{amount}",,,\n' for number, amount in enumerate([written, *others]))

    assert told(tmp_path, HEADER + lines) == [(2, "declared_value", written, "may mean thousands or three decimals")]


def test_a_declared_decimal_sign_decides(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER + "a,129.900,,,\n", decimal=",").get("a") == CatalogueEntry(reais(12_990_000))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("sku,declared_valeu\na,1\n", (1, "header", "declared_valeu", "is no column of this format")),
        ("sku,tags,tags\n", (1, "header", "tags", "stands there more than once")),
        ("tags\n", (1, "header", "", "column sku is missing")),
        ("", (0, "header", "", "there is no line with anything in it")),
        (HEADER + 'a,"1\n', (2, "row", "", "cannot be split into cells: unexpected end of data")),
        (b"PK\x03\x04", (0, "file", "", "is no workbook that can be read: File is not a zip file")),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, content: str | bytes, problem: tuple[int, str, str, str]
) -> None:
    assert told(tmp_path, content) == [problem]


def test_a_mistyped_column_is_told_what_it_may_have_been_meant_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, "sku,declared_valeu\na,1\n")

    assert raised.value.problems[0].fix == "did you mean declared_value?"


def test_a_workbook_is_read_as_text_is_with_numbers_as_they_are_shown(tmp_path: Path) -> None:
    header = ("sku", "declared_value", "origins", "handling_days", "tags")
    found = read_workbook(
        tmp_path,
        [header, (7891234567895, 129.9, 2, 3, "fragile heavy"), ("b", 0.1 + 0.2, "2;1", None, 2026)],
        [("SKU", "Handling days"), ("c", 1)],
    )

    assert len(found) == 3
    assert found.get("7891234567895") == CatalogueEntry(reais(12_990), (2,), 3, ("fragile", "heavy"))
    assert found.get("b") == CatalogueEntry(reais(30), (2, 1), 0, ("2026",))
    assert found.get("c") == CatalogueEntry(handling_days=1)


def test_a_problem_of_a_workbook_is_named_with_its_sheet(tmp_path: Path) -> None:
    header = ("sku", "declared_value", "handling_days")
    with pytest.raises(SettingsError) as raised:
        read_workbook(tmp_path, [header, ("a", 1.234, 1.5)], [header, ("b", -1, 0), ("c", 1), ("c", 1)])

    assert listed(raised.value) == [
        (2, "Sheet1!declared_value", "1.234", "has more decimals than can be kept"),
        (2, "Sheet1!handling_days", "1.5", "is no number of days"),
        (2, "Sheet2!declared_value", "-1.0", "is less than zero"),
        (4, "Sheet2!sku", "c", "stands in line 3 of Sheet2 already"),
    ]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.csv: cannot be read \(No such file or directory\)"):
        read_catalogue(tmp_path / "none.csv", "BRL")


def test_a_hundred_problems_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    found = told(tmp_path, HEADER + "".join(f"s{number},x,,,\n" for number in range(130)))

    assert len(found) == 101
    assert found[-1][3] == "30 more problems of this file are not shown"


entries = st.builds(
    CatalogueEntry,
    declared_value=st.none() | st.integers(0, 10**9).map(reais),
    origins=st.permutations([1, 2]).flatmap(lambda ids: st.integers(0, 2).map(lambda n: tuple(ids[:n]))),
    handling_days=st.integers(0, 60),
    tags=st.lists(st.from_regex(r"[a-z0-9_-]{1,8}", fullmatch=True), unique=True, max_size=3).map(tuple),
)


@given(st.dictionaries(st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True), entries, max_size=8))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, shop: dict[str, CatalogueEntry]) -> None:
    lines = [
        f"{sku},{entry.declared_value.amount if entry.declared_value else ''},{' '.join(map(str, entry.origins))},"
        f"{entry.handling_days},{' '.join(entry.tags)}\n"
        for sku, entry in shop.items()
    ]

    found = read(tmp_path_factory.mktemp("shop"), HEADER + "".join(lines))

    assert {sku: found.get(sku) for sku in shop} == shop
    assert len(found) == len(shop)


def test_weight_and_size_of_a_unit_are_read_with_their_units(tmp_path: Path) -> None:
    entry = read(tmp_path, "sku,weight,size\na,0.5kg,10x20x30cm\nb,,\n").get("a")

    assert entry is not None
    assert (entry.weight, entry.size and entry.size.sides) == (500, (300, 200, 100))


@pytest.mark.parametrize(
    ("cell", "column", "fix"),
    [
        ("0.5,", "weight", "0.5kg"),
        ("0kg,", "weight", "0.5kg"),
        (",10x20cm", "size", "10x10x25cm"),
        (",0x20x30cm", "size", "10x10x25cm"),
    ],
)
def test_a_measure_without_its_unit_or_of_nothing_is_told_with_the_form(
    tmp_path: Path, cell: str, column: str, fix: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, f"sku,weight,size\na,{cell}\n")
    (problem,) = raised.value.problems

    assert (problem.line, problem.where) == (2, column)
    assert fix in problem.fix
