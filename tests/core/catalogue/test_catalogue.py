"""The catalogue's CSV: what a shop knows of its SKUs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.catalogue import Catalogue, CatalogueEntry, read_catalogue
from portes.contract import Money
from portes.errors import SettingsError

HEADER = "sku,declared_value,origins,handling_days,tags\n"


def read(folder: Path, content: str | bytes) -> Catalogue:
    file = folder / "catalogue.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_catalogue(file, "BRL", origins=[1, 2])


def told(folder: Path, content: str | bytes) -> list[tuple[int, str, str, str]]:
    with pytest.raises(SettingsError) as raised:
        read(folder, content)
    problems = raised.value.problems
    assert all(problem.fix and problem.file.endswith("catalogue.csv") for problem in problems)
    return [(problem.line, problem.where, problem.value, problem.cause) for problem in problems]


def reais(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def test_a_line_says_value_origins_handling_days_and_tags(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "sku-1,129.90,2 1,3,fragile heavy\n")

    assert found.get("sku-1") == CatalogueEntry(reais(12_990), (2, 1), 3, ("fragile", "heavy"))


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
    ],
)
def test_a_spreadsheet_s_habits_are_understood(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).get("á") == CatalogueEntry(reais(123_456), (2, 1))


def test_every_problem_is_named_at_once_with_line_column_and_value(tmp_path: Path) -> None:
    lines = ["a,much,1,0,", "b,-1,3,two,", ",1,x,-1,", "a,1,1,0,", "c,1,1,0,t,more"]

    assert told(tmp_path, HEADER + "\n".join(lines)) == [
        (2, "declared_value", "much", "is not a number"),
        (3, "declared_value", "-1", "is negative"),
        (3, "origins", "3", "is no origin of this store"),
        (3, "handling_days", "two", "is no number of days"),
        (4, "sku", "", "is no SKU"),
        (4, "origins", "x", "is no origin's number"),
        (4, "handling_days", "-1", "is no number of days"),
        (5, "sku", "a", "stands in line 2 already"),
        (6, "", "", "has 6 cells under 5 columns"),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("sku,declared_valeu\na,1\n", (1, "declared_valeu", "declared_valeu", "is an unknown column")),
        ("sku,tags,tags\n", (1, "tags", "tags", "heads two columns")),
        ("tags\n", (1, "sku", "", "is missing")),
        ("", (1, "sku", "", "is missing")),
        (HEADER + 'a,"1\n', (2, "", "", "cannot be split into cells: unexpected end of data")),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str, problem: tuple[int, str, str, str]) -> None:
    assert told(tmp_path, content) == [problem]


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
